"""What surrounds a call of the library: progress, Ctrl-C, other processes, and exceptions of the caller's functions.

A ctypes callback cannot raise, and an exception that a signal handler raises in it is lost if it comes
before the first `try`. So during a call SIGINT only sets a mark; the progress function of the library
sees it, runs the handler that was there before, keeps what this raises, and stops the work, without the
proof of a bracket that nobody would see.
"""

from __future__ import annotations

import ctypes
import math
import signal
import threading
from types import FrameType
from typing import Any, Callable, Optional, Protocol

from . import _library as c

Progress = Any


class Functions(Protocol):
    """What the library calls: progress, Φ, and what brings processes together."""

    progress: Any
    function: Any
    group: Any


_NO_PROGRESS = c.ProgressFunction()


class Call:
    """A context in which a library function runs.

    Parameters
    ----------
    progress
        What the caller gave as `progress`.
    function : callable, optional
        Φ of a nonlinear metric.
    group : communicator, optional
        What the caller gave as `group`.
    """

    def __init__(
        self, progress: Progress = None, function: Optional[Callable[[float], float]] = None,
        group: Any = None,
    ) -> None:
        self._report = _reporter(progress)
        self._function = function
        self._error: Optional[BaseException] = None
        self._handler: Any = None
        self._is_interrupted = False
        in_main_thread = threading.current_thread() is threading.main_thread()
        self._takes_interrupts = in_main_thread and callable(signal.getsignal(signal.SIGINT))
        is_called = self._takes_interrupts or self._report is not None
        self.progress = c.ProgressFunction(self.told) if is_called else _NO_PROGRESS
        self.function = c.ScalarFunction(self.value) if function else c.ScalarFunction()
        self._communicator = group
        self.group = None if group is None else self._described(group)

    def __enter__(self) -> "Call":
        if self._takes_interrupts:
            self._handler = signal.signal(signal.SIGINT, self._mark)
        return self

    def __exit__(self, *exception: Any) -> None:
        if self._takes_interrupts:
            signal.signal(signal.SIGINT, self._handler)
        if isinstance(self._report, _Bar):
            self._report.close()
        if self._is_interrupted and self._error is None:
            self._handler(signal.SIGINT, None)
        if self._error is not None:
            error, self._error = self._error, None
            # The error by which the library answered says nothing more.
            raise error from error.__cause__

    def _mark(self, number: int, frame: Optional[FrameType]) -> None:
        self._is_interrupted = True

    def told(self, context: Any, stage: bytes, fraction: float) -> int:
        """What the library calls for progress."""
        try:
            if self._is_interrupted:
                self._is_interrupted = False
                self._handler(signal.SIGINT, None)
            if self._report is not None:
                part = None if math.isnan(fraction) else fraction
                if self._report(stage.decode(), part) is False:
                    return c.STOP
            return c.GO_ON
        except BaseException as error:
            self._error = error
            return c.ABANDON

    def _described(self, group: Any) -> Any:
        try:
            rank, count = int(group.rank), int(group.size)
            group.allgather
        except (AttributeError, TypeError):
            raise ValueError(
                f"group is {group!r}; it must be a communicator of mpi4py, such as MPI.COMM_WORLD, or have a "
                "rank, a size and a method allgather as one has.") from None
        struct = c.Group()
        c.library.kwass_group_init(ctypes.byref(struct), ctypes.sizeof(struct))
        struct.rank, struct.count = rank, count
        struct.share = c.ShareFunction(self.share)
        return ctypes.pointer(struct)

    def share(self, context: Any, address: int, offsets: Any) -> int:
        """What the library calls to bring together what processes have."""
        try:
            rank, count = self.group.contents.rank, self.group.contents.count
            places = offsets[:count + 1]
            lengths = [end - start for start, end in zip(places, places[1:])]
            parts = self._communicator.allgather(
                ctypes.string_at(address + places[rank], lengths[rank]))
            if [len(part) for part in parts] != lengths:
                raise RuntimeError(
                    f"The allgather of the group gave {[len(part) for part in parts]} bytes; the processes "
                    f"have {lengths}.")
            for place, part in zip(places, parts):
                ctypes.memmove(address + place, part, len(part))
            return 0
        except BaseException as error:
            self._error = error
            return 1

    def value(self, context: Any, s: float) -> float:
        """What the library calls for Φ."""
        try:
            return float(self._function(s))  # type: ignore[misc]
        except BaseException as error:
            if self._error is None:
                self._error = error
            return math.nan


class _Bar:
    """Reports to a bar of tqdm."""

    def __init__(self, bar: Any, is_own: bool) -> None:
        self._bar, self._is_own = bar, is_own
        if not bar.total:
            bar.total = 1.0

    def __call__(self, stage: str, fraction: Optional[float]) -> None:
        if hasattr(self._bar, "set_description"):
            self._bar.set_description(stage, refresh=False)
        if fraction is not None:
            self._bar.update(fraction * self._bar.total - self._bar.n)

    def close(self) -> None:
        if self._is_own:
            self._bar.close()


def _reporter(progress: Progress) -> Optional[Callable[[str, Optional[float]], Any]]:
    if progress is None or progress is False:
        return None
    if progress is True:
        try:
            from tqdm.auto import tqdm
        except ImportError:
            raise ImportError(
                "progress=True shows a bar of tqdm, which is not installed: `pip install tqdm`, or give a "
                "function of a stage and a fraction.") from None
        return _Bar(tqdm(total=1.0, bar_format="{desc}: {percentage:3.0f}%|{bar}| {elapsed}"), True)
    if hasattr(progress, "update") and hasattr(progress, "n") and not isinstance(progress, type):
        return _Bar(progress, False)
    if callable(progress) and not isinstance(progress, type):
        return progress
    raise ValueError(
        f"progress is {progress!r}; it must be a function of a stage and a fraction, a bar of tqdm, or "
        "True for one.")
