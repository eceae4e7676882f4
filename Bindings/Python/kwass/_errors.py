"""What is raised, and which status of the library stands for what."""

from __future__ import annotations

from typing import Any

from . import _library as c


class KwassError(RuntimeError):
    """The library could not answer. Wrong arguments and data are a `ValueError` instead."""


class NotConvergedError(KwassError):
    """An iteration ended short of its criterion."""


class OutOfRangeError(KwassError):
    """The numbers leave the range of double precision."""


class OutOfMemoryError(KwassError, MemoryError):
    """There is not enough memory, or the problem exceeds a limit."""


class BusyError(KwassError):
    """A `Solver` works on another call."""


class NotAvailableError(KwassError):
    """A result does not have what was asked for."""


class GroupError(KwassError):
    """The processes of a group cannot exchange what they have, or do not work on the same."""


class UnfinishedError(KwassError):
    """The work ended early, and something is proved.

    Attributes
    ----------
    result : Result or DistanceMatrix
        What was proved by then: the ends of the bracket are numbers, the distance is NaN.
    """

    def __init__(self, message: str, result: Any) -> None:
        super().__init__(message)
        self.result = result

    def __reduce__(self) -> Any:
        return type(self), (self.args[0], self.result)


class StoppedError(UnfinishedError):
    """The progress function stopped the work."""


class TimeLimitError(UnfinishedError):
    """The time limit was reached."""


class AccuracyError(UnfinishedError):
    """The accuracy that was asked for cannot be reached."""


_UNFINISHED = {
    c.STOPPED: StoppedError, c.TIME_LIMIT: TimeLimitError, c.NOT_REACHED: AccuracyError}

_ERRORS = {
    c.ERROR_ARGUMENT: ValueError,
    c.ERROR_DATA: ValueError,
    c.ERROR_METRIC: ValueError,
    c.ERROR_UNSUITABLE: ValueError,
    c.ERROR_NOT_CONVERGED: NotConvergedError,
    c.ERROR_MEMORY: OutOfMemoryError,
    c.ERROR_RANGE: OutOfRangeError,
    c.ERROR_BUSY: BusyError,
    c.ERROR_NOT_AVAILABLE: NotAvailableError,
    c.ERROR_GROUP: GroupError,
}


def check(status: int, prefix: str = "") -> None:
    """Raises what an error stands for; `prefix` says which argument it is about."""
    if status < 0:
        raise _ERRORS.get(status, KwassError)(prefix + c.last_message())


def unfinished(status: int, result: Any) -> UnfinishedError:
    """The error for a positive status."""
    return _UNFINISHED.get(status, UnfinishedError)(c.last_message(), result)
