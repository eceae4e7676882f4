"""The arrays of a result: read-only views of the library's memory."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional, Type

import numpy as np

from . import _library as c


class Triplets(NamedTuple):
    """A plan: `masses[k]` moves from point `sources[k]` to point `targets[k]`."""

    sources: np.ndarray
    targets: np.ndarray
    masses: np.ndarray


class Potentials(NamedTuple):
    """One number for each point of x and of y, in the unit of the cost."""

    x: np.ndarray
    y: np.ndarray


class Marginals(NamedTuple):
    """The mass that leaves each point of x, and the mass that arrives at each point of y."""

    x: np.ndarray
    y: np.ndarray


class Gradient(NamedTuple):
    """Derivatives of a cost by the points, velocities and masses of both measures.

    Arrays of positions and velocities have a row for each point; those of velocities are None
    where the measures have none. Derivatives by masses average to 0 over the measure.
    """

    x: np.ndarray
    y: np.ndarray
    x_velocities: Optional[np.ndarray]
    y_velocities: Optional[np.ndarray]
    x_weights: np.ndarray
    y_weights: np.ndarray


class Handle:
    """A result of the library, which lives as long as something refers to it."""

    __slots__ = ("value",)

    def __init__(self, value: Optional[int]) -> None:
        self.value = value

    # Bound early: modules may be gone when the interpreter ends.
    def __del__(self, free: Any = c.library.kwass_result_free) -> None:
        free(self.value)


def view(handle: Handle, pointer: c.c_void_p, count: int, kind: Type[Any]) -> np.ndarray:
    """A read-only array over the library's memory; its base holds the result."""
    if count == 0:
        return np.empty(0, kind)
    memory = (kind * count).from_address(pointer.value)  # type: ignore[operator]
    memory.owner = handle
    array = np.frombuffer(memory, dtype=kind)
    array.flags.writeable = False
    return array
