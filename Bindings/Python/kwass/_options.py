"""How a distance is measured: what the arguments of all functions become in the library."""

from __future__ import annotations

import ctypes
import math
from typing import Any, Optional

from . import _library as c
from ._call import Call, Functions
from ._errors import check
from .metrics import CustomNonlinearity, Metric, Standard, number, one_of

_METHODS = {
    "auto": c.AUTOMATIC, "network simplex": c.NETWORK_SIMPLEX, "line": c.LINE, "circle": c.CIRCLE}
_STANDARD = Standard()


def exact_wants(metric: Optional[Metric]) -> int:
    """What an exact result has besides its plan: derivatives, where there is one of Φ."""
    phi = getattr(metric, "nonlinearity", None)
    return 0 if isinstance(phi, CustomNonlinearity) else c.WANT_GRADIENT


def call_for(metric: Optional[Metric], progress: Any, group: Any = None) -> Call:
    """The call in which a distance is measured."""
    phi = getattr(metric, "nonlinearity", None)
    return Call(progress, phi.function if isinstance(phi, CustomNonlinearity) else None, group)


def metric_struct(
    metric: Optional[Metric], p: float, space: Optional[str], call: Functions,
) -> c.Metric:
    """The library's description of a metric."""
    if metric is None:
        metric = _STANDARD
    if not isinstance(metric, Metric):
        raise ValueError(
            f"metric is {metric!r}; it must be a kwass.Metric, such as kwass.Anisotropic(25).")
    struct = metric._struct(p, space)
    struct.function = call.function
    return struct


def options_struct(
    call: Functions, *, method: int = c.AUTOMATIC, threads: Optional[int] = None,
    tolerance: float = 0.0, threshold: Optional[float] = None,
    time_limit: Optional[float] = None, wants: int = 0,
) -> c.Options:
    """The library's options."""
    options = c.Options()
    check(c.library.kwass_options_init(ctypes.byref(options), ctypes.sizeof(options)))
    options.method = method
    options.threads = 0 if threads is None else whole("threads", threads, least=1)
    options.tolerance = number("tolerance", tolerance)
    options.threshold = math.nan if threshold is None else number("threshold", threshold)
    if time_limit is not None:
        options.time_limit = number("time_limit", time_limit)
        if not options.time_limit > 0:
            raise ValueError(f"time_limit is {time_limit}; it must be a positive number of seconds.")
    options.wants = wants
    options.progress = call.progress
    if call.group is not None:
        options.group = call.group
    return options


def method_constant(method: str) -> int:
    """The constant of an exact method."""
    return one_of("method", method, _METHODS)


def whole(name: str, value: Any, least: int) -> int:
    """A whole number that fits into 32 bits."""
    try:
        integer = value.__index__()
    except (AttributeError, TypeError):
        raise ValueError(f"{name} is {value!r}; it must be a whole number.") from None
    if not least <= integer < 2**31:
        raise ValueError(f"{name} is {integer}; it must be from {least} to {2**31 - 1}.")
    return integer


def set_regularization(
    options: c.Options, regularization: Optional[float], relative: bool,
) -> None:
    """ε of an entropic method; None for one that is found."""
    if regularization is None:
        options.regularization_kind = c.REGULARIZATION_AUTOMATIC
        return
    options.regularization_kind = (
        c.REGULARIZATION_RELATIVE if relative else c.REGULARIZATION_ABSOLUTE)
    options.regularization = number("regularization", regularization)


def set_iteration(
    options: c.Options, marginal_tolerance: Optional[float], max_iterations: Optional[int],
) -> None:
    """Where Sinkhorn's iteration stops."""
    if marginal_tolerance is not None:
        options.marginal_tolerance = number("marginal_tolerance", marginal_tolerance)
        if not options.marginal_tolerance > 0:
            raise ValueError(f"marginal_tolerance is {marginal_tolerance}; it must be positive.")
    if max_iterations is not None:
        options.maximum_iterations = whole("max_iterations", max_iterations, least=1)
