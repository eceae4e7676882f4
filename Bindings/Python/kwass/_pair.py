"""Two measures, for one call."""

from __future__ import annotations

import ctypes
from typing import Any, Type, TypeVar, Union

from numpy.typing import ArrayLike

from . import _library as c
from ._errors import check, unfinished
from ._measure import Box, Measure, handle_of
from ._result import Result

Points = Union[Measure, ArrayLike]
AnyResult = TypeVar("AnyResult", bound=Result)


class Pair:
    """The measures x and y of the arguments of a function."""

    def __init__(
        self, x: Points, y: Points, x_velocities: Any, y_velocities: Any, x_weights: Any,
        y_weights: Any, box: Box,
    ) -> None:
        # A box may come with one measure that has its own and with an array that has not.
        self.x, self._x = handle_of(
            "x", x, x_velocities, x_weights, None if isinstance(x, Measure) else box)
        self.y, self._y = handle_of(
            "y", y, y_velocities, y_weights, None if isinstance(y, Measure) else box)
        if box is not None and isinstance(x, Measure) and isinstance(y, Measure):
            raise ValueError("x and y are Measures, which have their own boxes; box is for arrays.")

    def solved(
        self, kind: Type[AnyResult], metric: c.Metric, options: c.Options,
    ) -> AnyResult:
        """The library's answer."""
        handle = c.c_void_p()
        status = c.library.kwass_distance(
            self.x, self.y, ctypes.byref(metric), ctypes.byref(options), ctypes.byref(handle))
        return answered(kind, status, handle)


def answered(kind: Type[AnyResult], status: int, handle: c.c_void_p) -> AnyResult:
    """The result of a call; raises what its status stands for."""
    check(status)
    result = kind(handle.value)  # type: ignore[arg-type]
    if status > 0:
        raise unfinished(status, result)
    return result
