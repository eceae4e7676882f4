"""Series of similar problems."""

from __future__ import annotations

import ctypes
import threading
import weakref
from typing import Any, Optional

from numpy.typing import ArrayLike

from . import _library as c
from ._call import Call
from ._errors import BusyError, check
from ._measure import Box
from ._options import (
    call_for, exact_wants, method_constant, metric_struct, options_struct)
from ._pair import Pair, Points, answered
from ._result import Result
from .metrics import Metric


class Solver:
    """Measures the distances of a series, each solve starting from the last one.

    The answers are as exact as those of `kwass.distance`. A problem with other numbers of points
    than the last one is solved from scratch. One solver works for one call at a time; several
    solvers may work in several threads.

    Parameters
    ----------
    p, metric, space, method, tolerance, threshold, threads, time_limit, progress
        As in `kwass.distance`; they hold for all calls.
    box : float or sequence of float, optional
        As in `kwass.distance`.

    Examples
    --------
    >>> import kwass
    >>> solver = kwass.Solver(p=1)
    >>> for shift in (0.5, 0.75):
    ...     print(solver.distance([[0.0, 1.0], [1.0, 0.0]], [[shift, 1.0], [1.0, shift]]).distance)
    0.5
    0.75
    """

    def __init__(
        self, *, p: float = 2, metric: Optional[Metric] = None, box: Box = None,
        space: Optional[str] = None, method: str = "auto", tolerance: float = 0,
        threshold: Optional[float] = None, threads: Optional[int] = None,
        time_limit: Optional[float] = None, progress: Any = None,
    ) -> None:
        self._metric, self._progress, self._box = metric, progress, box
        self._relay = _Relay(call_for(metric, progress))
        handle = c.c_void_p()
        check(c.library.kwass_solver_create(
            ctypes.byref(metric_struct(metric, p, space, self._relay)),
            ctypes.byref(options_struct(
                self._relay, method=method_constant(method), threads=threads,
                tolerance=tolerance, threshold=threshold, time_limit=time_limit,
                wants=exact_wants(metric))),
            ctypes.byref(handle)))
        self._handle = handle.value
        self._lock = threading.Lock()
        self._finalizer = weakref.finalize(self, c.library.kwass_solver_free, handle.value)

    def distance(
        self, x: Points, y: Points, *, x_weights: Optional[ArrayLike] = None,
        y_weights: Optional[ArrayLike] = None, x_velocities: Optional[ArrayLike] = None,
        y_velocities: Optional[ArrayLike] = None,
    ) -> Result:
        """The distance of two measures.

        Parameters
        ----------
        x, y, x_weights, y_weights, x_velocities, y_velocities
            As in `kwass.distance`.

        Returns
        -------
        Result
            Its `is_warm` says whether the solver started from its last solution.

        Raises
        ------
        BusyError
            Where another thread is in a call of this solver.
        ValueError, StoppedError, TimeLimitError, AccuracyError, KwassError, KeyboardInterrupt
            As in `kwass.distance`.
        """
        pair = Pair(x, y, x_velocities, y_velocities, x_weights, y_weights, self._box)
        if not self._lock.acquire(blocking=False):
            raise BusyError("The solver works on another call; each thread needs its own solver.")
        try:
            with call_for(self._metric, self._progress) as call:
                self._relay.call = call
                handle = c.c_void_p()
                status = c.library.kwass_solver_distance(
                    self._handle, pair.x, pair.y, ctypes.byref(handle))
                return answered(Result, status, handle)
        finally:
            self._lock.release()

    def reset(self) -> None:
        """Forgets the last solution, so that the next problem is solved from scratch."""
        check(c.library.kwass_solver_reset(self._handle))

    def __reduce__(self) -> Any:
        raise TypeError("A Solver cannot be sent to another process; make it there.")


class _Relay:
    """Functions whose addresses the library keeps; they do what the present call does."""

    def __init__(self, call: Call) -> None:
        # The functions refer to this list and not to the relay, so that there is no cycle.
        self._calls = [call]
        calls = self._calls
        self.group = None
        self.progress = c.ProgressFunction(lambda *arguments: calls[0].told(*arguments))
        self.function = (
            c.ScalarFunction(lambda *arguments: calls[0].value(*arguments))
            if call.function else c.ScalarFunction())

    @property
    def call(self) -> Call:
        return self._calls[0]

    @call.setter
    def call(self, call: Call) -> None:
        self._calls[0] = call
