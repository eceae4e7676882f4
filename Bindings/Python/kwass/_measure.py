"""Measures: points, or particles with velocities, and their masses."""

from __future__ import annotations

import ctypes
import weakref
from typing import Any, List, Optional, Sequence, Tuple, Union

import numpy as np
from numpy.typing import ArrayLike

from . import _library as c
from ._errors import check

Box = Union[None, float, Sequence[Optional[float]], np.ndarray]

_TYPES = {np.dtype(np.float64): c.DOUBLE, np.dtype(np.float32): c.FLOAT}
_NO_ARRAY = c.Array()


class Measure:
    """Points with masses, or particles with positions, velocities and masses.

    A measure keeps a checked copy of its numbers in the library. `kwass.distance` and the other
    functions make measures of the arrays that they are given; making one beforehand pays where the
    same measure is compared several times.

    Parameters
    ----------
    positions : array_like, shape (n,) or (n, d)
        The positions, a row for each point; a one-dimensional array has one coordinate for each.
    velocities : array_like, shape (n,) or (n, e), optional
        The velocities. e may differ from d, as in codes with one position and three velocity axes.
    weights : array_like, shape (n,), optional
        Nonnegative masses of any total. Distances are those of the measures with total mass 1;
        only `unbalanced` takes masses as they are. Default: equal masses that sum to 1.
    box : float or sequence of float, optional
        The period of each position axis; None, 0 or infinity for an axis that is not periodic. One
        number stands for all axes. Default: no axis is periodic.

    Raises
    ------
    ValueError
        For arrays whose shapes do not fit each other, and for numbers that are not finite, weights
        that are negative and lengths that are not positive; the sentence says which.

    Notes
    -----
    Arrays of float64 and float32 in any layout, slices included, are read where they are. Other
    numbers are converted to float64 first. Whatever `numpy.asarray` takes is taken: lists, arrays
    of xarray, of openPMD-viewer, of postgkyl.
    """

    def __init__(
        self, positions: ArrayLike, velocities: Optional[ArrayLike] = None,
        weights: Optional[ArrayLike] = None, box: Box = None,
    ) -> None:
        self._adopt(_measure("", positions, velocities, weights, box))

    @classmethod
    def from_grid(
        cls, masses: ArrayLike, nodes: Sequence[ArrayLike], *, position_axes: Optional[int] = None,
        box: Box = None,
    ) -> "Measure":
        """A density on a tensor grid.

        Sinkhorn's iteration between two grids works axis by axis where the cost is a sum over the
        axes, which makes it much faster.

        Parameters
        ----------
        masses : array_like
            One nonnegative mass for each node, an array with as many axes as the grid: the density
            times the volume of its cell.
        nodes : sequence of array_like
            For each axis, those of positions first, the coordinates of its nodes.
        position_axes : int, optional
            How many of the axes are positions. Default: all of them.
        box : float or sequence of float, optional
            As in `Measure`.

        Raises
        ------
        ValueError
            Where the shape of `masses` is not that of the nodes, and for impossible numbers.
        """
        values = _numbers("masses", masses)
        axes = [np.ascontiguousarray(_numbers("nodes", axis), np.float64) for axis in nodes]
        if values.ndim != len(axes) or any(
            axis.ndim != 1 or len(axis) != count for axis, count in zip(axes, values.shape)
        ):
            raise ValueError(
                f"masses has the shape {values.shape}, and the nodes of the axes the shapes "
                f"{', '.join(str(axis.shape) for axis in axes)}; a grid needs one mass for each node.")
        count = len(axes) if position_axes is None else _integer("position_axes", position_axes)
        if not 0 < count <= len(axes):
            raise ValueError(
                f"position_axes is {count}; of {len(axes)} axes, 1 to {len(axes)} can be positions.")
        periods = _periods("", box, count)
        grid = c.Grid(
            size=ctypes.sizeof(c.Grid), position_axes=count, velocity_axes=len(axes) - count,
            counts=(c.c_int64 * len(axes))(*values.shape),
            nodes=(c.c_void_p * len(axes))(*(_address(axis) for axis in axes)),
            masses=_address(values),
            mass_strides=(c.c_int64 * len(axes))(*values.strides), type=_TYPES[values.dtype],
            box=None if periods is None else _address(periods))
        handle = c.c_void_p()
        check(c.library.kwass_measure_from_grid(ctypes.byref(grid), ctypes.byref(handle)))
        measure = cls.__new__(cls)
        measure._adopt(handle.value)
        return measure

    def _adopt(self, handle: Optional[int]) -> None:
        self._handle = handle
        self._finalizer = weakref.finalize(self, c.library.kwass_measure_free, handle)
        count, positions, velocities = c.c_int64(), c.c_int32(), c.c_int32()
        mass = c.c_double()
        check(c.library.kwass_measure_shape(
            handle, ctypes.byref(count), ctypes.byref(positions), ctypes.byref(velocities),
            ctypes.byref(mass)))
        self._shape = (count.value, positions.value, velocities.value)
        self._total_mass = mass.value

    @property
    def position_axes(self) -> int:
        """The number of position coordinates."""
        return self._shape[1]

    @property
    def velocity_axes(self) -> int:
        """The number of velocity coordinates; 0 for points without velocities."""
        return self._shape[2]

    @property
    def total_mass(self) -> float:
        """The sum of the weights as they were given."""
        return self._total_mass

    def __len__(self) -> int:
        return self._shape[0]

    def __repr__(self) -> str:
        what = f"{self.position_axes} position"
        if self.velocity_axes:
            what += f" and {self.velocity_axes} velocity"
        axes = "coordinate" if self.position_axes + self.velocity_axes == 1 else "coordinates"
        return f"<kwass.Measure of {len(self)} points with {what} {axes}>"

    def __reduce__(self) -> Any:
        raise TypeError(
            "A Measure cannot be sent to another process; send its arrays, and make it there.")


class Handle:
    """A measure that lives for one call only, without the cost of a `Measure`."""

    __slots__ = ("value",)

    def __init__(self, value: Optional[int]) -> None:
        self.value = value

    # Bound early: modules may be gone when the interpreter ends.
    def __del__(self, free: Any = c.library.kwass_measure_free) -> None:
        free(self.value)


def handle_of(
    name: str, points: Any, velocities: Optional[ArrayLike], weights: Optional[ArrayLike], box: Box,
) -> Tuple[Optional[int], Any]:
    """The library's measure for an argument, and what keeps it alive."""
    if isinstance(points, Measure):
        for option, value in (
            (name + "_velocities", velocities), (name + "_weights", weights), ("box", box)
        ):
            if value is not None:
                raise ValueError(f"{name} is a Measure, which has its own {option}.")
        return points._handle, points
    handle = Handle(_measure(name, points, velocities, weights, box))
    return handle.value, handle


def _measure(
    name: str, positions: Any, velocities: Optional[ArrayLike], weights: Optional[ArrayLike],
    box: Box,
) -> Optional[int]:
    def called(part: str) -> str:
        return f"{name}_{part}" if name else part

    x = _numbers(name or "positions", positions)
    points = _coordinates(name or "positions", x)
    kept = [x]
    arrays = [_NO_ARRAY, _NO_ARRAY]
    if velocities is not None:
        v = _numbers(called("velocities"), velocities)
        arrays[0] = _coordinates(called("velocities"), v)
        _same_count(called("velocities"), v, name or "positions", x)
        kept.append(v)
    if weights is not None:
        w = _numbers(called("weights"), weights)
        if w.ndim != 1:
            raise ValueError(
                f"{called('weights')} has the shape {w.shape}; one number for each point is needed.")
        _same_count(called("weights"), w, name or "positions", x)
        arrays[1] = _coordinates(called("weights"), w)
        kept.append(w)
    periods = None if box is None else _periods(name, box, points.dimension)
    particles = c.Particles(
        _PARTICLES_SIZE, x.shape[0], points, arrays[0], arrays[1],
        None if periods is None else _address(periods))
    handle = c.c_void_p()
    check(
        c.library.kwass_measure_from_particles(ctypes.byref(particles), ctypes.byref(handle)),
        f"{name}: " if name else "")
    return handle.value


_PARTICLES_SIZE = ctypes.sizeof(c.Particles)


def _numbers(name: str, values: Any) -> np.ndarray:
    """An array of double or single precision, the caller's own where it is one."""
    array = np.asarray(values)
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        raise ValueError(
            f"{name} has masked elements, and each point needs all its numbers; leave the masked ones out.")
    if array.dtype in _TYPES and array.dtype.isnative:
        # A stride of 0 means something else to the library.
        return array.copy() if 0 in array.strides else array
    if array.dtype.kind not in "fiub":
        raise ValueError(
            f"{name} is an array of {array.dtype}; real numbers are needed, an array of float64 or "
            "float32, or what can be converted to one.")
    return array.astype(np.float64)


def _address(array: np.ndarray) -> int:
    # Several times as fast as array.ctypes.data.
    return array.__array_interface__["data"][0]


def _coordinates(name: str, array: np.ndarray) -> c.Array:
    if array.ndim == 2:
        return c.Array(
            _address(array), array.strides[0], array.strides[1], _TYPES[array.dtype],
            array.shape[1])
    if array.ndim == 1:
        return c.Array(_address(array), array.strides[0], array.itemsize, _TYPES[array.dtype], 1)
    raise ValueError(
        f"{name} has the shape {array.shape}; a row of coordinates for each point is needed, or one "
        "number for each.")


def _same_count(name: str, array: np.ndarray, other: str, points: np.ndarray) -> None:
    if array.shape[0] != points.shape[0]:
        raise ValueError(
            f"{name} is for {array.shape[0]} points, and {other} has {points.shape[0]}; they must agree.")


def _periods(name: str, box: Box, axes: int) -> Optional[np.ndarray]:
    if box is None:
        return None
    given: List[Any] = list(np.atleast_1d(np.asarray(box, dtype=object)))
    if len(given) == 1:
        given *= axes
    if len(given) != axes:
        raise ValueError(
            f"box has {len(given)} numbers, and {name or 'positions'} {axes} axes; one number for each "
            "position axis is needed, or one for all.")
    try:
        periods = np.array([0.0 if period is None else float(period) for period in given])
    except (TypeError, ValueError):
        raise ValueError(
            f"box is {box!r}; it must consist of numbers, and of None for axes that are not periodic."
        ) from None
    periods[np.isposinf(periods)] = 0  # as in .npz files
    return periods


def _integer(name: str, value: Any) -> int:
    try:
        return value.__index__()
    except AttributeError:
        raise ValueError(f"{name} is {value!r}; it must be a whole number.") from None
