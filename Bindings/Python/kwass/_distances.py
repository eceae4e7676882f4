"""The functions that measure distances exactly."""

from __future__ import annotations

import ctypes
import math
from typing import Any, List, NamedTuple, Optional, Sequence

import numpy as np
from numpy.typing import ArrayLike

from . import _library as c
from ._errors import check, unfinished
from ._measure import Box, Measure, handle_of
from ._options import (
    call_for, exact_wants, method_constant, metric_struct, options_struct)
from ._pair import Pair, Points
from ._result import Result
from .metrics import Metric


class Bounds(NamedTuple):
    """A proved bracket of a distance."""

    lower: float
    upper: float


class DistanceMatrix(NamedTuple):
    """The distances of all pairs of measures, and their proved brackets: symmetric arrays."""

    distance: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def distance(
    x: Points, y: Points, *, x_weights: Optional[ArrayLike] = None,
    y_weights: Optional[ArrayLike] = None, x_velocities: Optional[ArrayLike] = None,
    y_velocities: Optional[ArrayLike] = None, p: float = 2, metric: Optional[Metric] = None,
    box: Box = None, space: Optional[str] = None, method: str = "auto", tolerance: float = 0,
    threshold: Optional[float] = None, threads: Optional[int] = None,
    time_limit: Optional[float] = None, progress: Any = None,
) -> Result:
    """The Wasserstein distance of two measures, with a bracket that is proved over all pairs.

    Parameters
    ----------
    x, y : array_like, shape (n,) or (n, d), or Measure
        The points of both measures, a row for each.
    x_weights, y_weights : array_like, shape (n,), optional
        Their masses, of any total; each measure is normalised to mass 1. Default: equal masses.
    x_velocities, y_velocities : array_like, shape (n,) or (n, e), optional
        Their velocities. Default: points without velocities.
    p : float
        The exponent, at least 1.
    metric : Metric, optional
        How positions and velocities count. Default: |x − y|^p + |v − w|^p.
    box : float or sequence of float, optional
        The period of each position axis, None for an axis that is not periodic; one number stands
        for all axes. Default: no axis is periodic.
    space : {"phase", "position", "velocity"}, optional
        Which coordinates are compared. Default: all that the measures have.
    method : {"auto", "network simplex", "line", "circle"}
        The exact method; "auto" picks the one that fits best.
    tolerance : float
        The solver may stop at a bracket of this relative width, from 0 to below 1. Default: 0, an
        optimal plan.
    threshold : float, optional
        The bracket must also tell whether the distance exceeds this number; with `tolerance` 0
        nothing else is wanted.
    threads : int, optional
        The most threads, which change no bit of the result. Default: one for each processor, or
        the environment variable KWASS_THREADS.
    time_limit : float, optional
        The most seconds.
    progress : callable, tqdm bar or bool, optional
        Is told of the work, at most a hundred times a second: a function of a stage, in words, and
        of the part of it that is done, from 0 to 1 or None; the work stops where it returns False.
        Or a bar of tqdm, or True for a new one.

    Returns
    -------
    Result

    Raises
    ------
    ValueError
        For arguments, data and metrics that are impossible or do not fit each other.
    StoppedError, TimeLimitError, AccuracyError
        Where the work ended early; their `result` holds the bracket that was proved.
    KwassError
        Where the library cannot answer.
    KeyboardInterrupt
        Within a fifth of a second after Ctrl-C, in the main thread.

    Examples
    --------
    >>> import kwass
    >>> kwass.distance([0.0, 1.0], [0.5, 2.5], p=1).distance
    1.0
    """
    with call_for(metric, progress) as call:
        options = options_struct(
            call, method=method_constant(method), threads=threads, tolerance=tolerance,
            threshold=threshold, time_limit=time_limit, wants=exact_wants(metric))
        pair = Pair(x, y, x_velocities, y_velocities, x_weights, y_weights, box)
        return pair.solved(Result, metric_struct(metric, p, space, call), options)


def bounds(
    x: Points, y: Points, *, x_weights: Optional[ArrayLike] = None,
    y_weights: Optional[ArrayLike] = None, x_velocities: Optional[ArrayLike] = None,
    y_velocities: Optional[ArrayLike] = None, p: float = 2, metric: Optional[Metric] = None,
    box: Box = None, space: Optional[str] = None, threads: Optional[int] = None,
) -> Bounds:
    """A proved bracket of the distance without solving, in O((n + m) log(n + m)).

    Parameters
    ----------
    x, y, x_weights, y_weights, x_velocities, y_velocities, p, metric, box, space, threads
        As in `distance`; not for a nonlinear metric.

    Returns
    -------
    Bounds

    Raises
    ------
    ValueError
        As in `distance`.
    NotAvailableError
        For a nonlinear metric.
    """
    with call_for(metric, None) as call:
        pair = Pair(x, y, x_velocities, y_velocities, x_weights, y_weights, box)
        lower, upper = c.c_double(), c.c_double()
        check(c.library.kwass_bounds(
            pair.x, pair.y, ctypes.byref(metric_struct(metric, p, space, call)),
            ctypes.byref(options_struct(call, threads=threads)), ctypes.byref(lower),
            ctypes.byref(upper)))
    return Bounds(lower.value, upper.value)


def matrix(
    measures: Sequence[Points], *, p: float = 2, metric: Optional[Metric] = None, box: Box = None,
    space: Optional[str] = None, method: str = "auto", tolerance: float = 0,
    threads: Optional[int] = None, time_limit: Optional[float] = None, progress: Any = None,
    group: Any = None,
) -> DistanceMatrix:
    """The distances of all pairs of measures.

    Parameters
    ----------
    measures : sequence of Measure or array_like
        The measures; an array stands for points of equal masses. `box` is for these.
    time_limit : float, optional
        The most seconds, for all pairs together.
    group : communicator, optional
        Processes that share the pairs, such as `mpi4py.MPI.COMM_WORLD`: what has a `rank`, a `size` and a
        method `allgather` as one of mpi4py has. All of them call this function with the same arguments,
        and get the same matrix.
    p, metric, box, space, method, tolerance, threads, progress
        As in `distance`.

    Returns
    -------
    DistanceMatrix

    Raises
    ------
    StoppedError, TimeLimitError
        Where the work ended early; in the arrays of their `result`, pairs without an answer are NaN,
        and from 0 to infinity in the brackets.
    ValueError, KwassError, KeyboardInterrupt
        As in `distance`.
    """
    kept: List[Any] = [
        handle_of(
            f"measures[{index}]", each, None, None, None if isinstance(each, Measure) else box)
        for index, each in enumerate(measures)]
    count = len(kept)
    handles = (c.c_void_p * count)(*(handle for handle, _ in kept))
    answer = DistanceMatrix(*(np.full((count, count), math.nan) for _ in range(3)))
    with call_for(metric, progress, group) as call:
        options = options_struct(
            call, method=method_constant(method), threads=threads, tolerance=tolerance,
            time_limit=time_limit)
        status = c.library.kwass_matrix(
            handles, count, ctypes.byref(metric_struct(metric, p, space, call)),
            ctypes.byref(options), *(array.ctypes.data for array in answer))
        check(status)
    if status > 0:
        raise unfinished(status, answer)
    return answer
