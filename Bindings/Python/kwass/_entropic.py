"""The functions with entropic regularisation."""

from __future__ import annotations

from typing import Any, Optional

from numpy.typing import ArrayLike

from . import _library as c
from ._measure import Box
from ._options import (
    call_for, metric_struct, options_struct, set_iteration, set_regularization)
from ._pair import Pair, Points
from ._result import EntropicResult, UnbalancedResult
from .metrics import Metric, number, one_of

_RELAXATIONS = {
    "kl": c.KULLBACK_LEIBLER, "tv": c.TOTAL_VARIATION, "mass": c.MOVED_MASS}


def sinkhorn(
    x: Points, y: Points, *, x_weights: Optional[ArrayLike] = None,
    y_weights: Optional[ArrayLike] = None, x_velocities: Optional[ArrayLike] = None,
    y_velocities: Optional[ArrayLike] = None, p: float = 2, metric: Optional[Metric] = None,
    box: Box = None, space: Optional[str] = None, regularization: Optional[float] = None,
    relative: bool = False, tolerance: float = 0, marginal_tolerance: Optional[float] = None,
    max_iterations: Optional[int] = None, with_plan: bool = False, with_gradient: bool = False,
    threads: Optional[int] = None, time_limit: Optional[float] = None, progress: Any = None, group: Any = None,
) -> EntropicResult:
    """The entropic problem: the least ⟨π, c⟩ + ε KL(π | μ⊗ν), and what it proves about W.

    Parameters
    ----------
    regularization : float, optional
        ε, in the unit of the cost W^p. Default: the largest that proves W to `tolerance`, or to
        0.01 where that is 0.
    relative : bool
        Whether `regularization` is a part of the largest cost, rounded up to a power of two.
    marginal_tolerance : float, optional
        The iteration stops when the marginals are this close to those of the measures. Default:
        1e-6, or what the bracket needs.
    max_iterations : int, optional
        Default: 10,000.
    with_plan : bool
        Whether the result has a plan, made exact in its marginals; it needs memory for each pair
        that counts.
    with_gradient : bool
        Whether the result has derivatives, which take another sweep over the pairs.
    group : communicator, optional
        Processes that share the work by rows, such as `mpi4py.MPI.COMM_WORLD`: what has a `rank`, a
        `size` and a method `allgather` as one of mpi4py has. All of them call this function with the same
        arguments, and get the same result, with the bits of one process; where one of them is
        stopped, all are.
    x, y, x_weights, y_weights, x_velocities, y_velocities, p, metric, box, space, tolerance, threads, \
time_limit, progress
        As in `kwass.distance`.

    Returns
    -------
    EntropicResult

    Raises
    ------
    NotConvergedError
        Where the iteration ended short of `marginal_tolerance`.
    GroupError
        Where the processes of `group` have different arguments.
    ValueError, StoppedError, TimeLimitError, AccuracyError, KwassError, KeyboardInterrupt
        As in `kwass.distance`.
    """
    wants = (c.WANT_PLAN if with_plan else 0) | (c.WANT_GRADIENT if with_gradient else 0)
    with call_for(metric, progress, group) as call:
        options = options_struct(
            call, method=c.SINKHORN, threads=threads, tolerance=tolerance, time_limit=time_limit,
            wants=wants)
        set_regularization(options, regularization, relative)
        set_iteration(options, marginal_tolerance, max_iterations)
        pair = Pair(x, y, x_velocities, y_velocities, x_weights, y_weights, box)
        return pair.solved(EntropicResult, metric_struct(metric, p, space, call), options)


def divergence(
    x: Points, y: Points, *, regularization: float, x_weights: Optional[ArrayLike] = None,
    y_weights: Optional[ArrayLike] = None, x_velocities: Optional[ArrayLike] = None,
    y_velocities: Optional[ArrayLike] = None, p: float = 2, metric: Optional[Metric] = None,
    box: Box = None, space: Optional[str] = None, relative: bool = False,
    marginal_tolerance: Optional[float] = None, max_iterations: Optional[int] = None,
    with_gradient: bool = True, threads: Optional[int] = None,
    time_limit: Optional[float] = None, progress: Any = None, group: Any = None,
) -> EntropicResult:
    """The Sinkhorn divergence OT_ε(μ, ν) − ½ OT_ε(μ, μ) − ½ OT_ε(ν, ν).

    It is the result's `divergence`; `gradient()` gives its derivatives. Source: J. Feydy et al.,
    "Interpolating between optimal transport and MMD using Sinkhorn divergences" (2019),
    arXiv:1810.08278.

    Parameters
    ----------
    regularization, relative, marginal_tolerance, max_iterations, with_gradient, group
        As in `sinkhorn`.
    x, y, x_weights, y_weights, x_velocities, y_velocities, p, metric, box, space, threads, \
time_limit, progress
        As in `kwass.distance`.

    Returns
    -------
    EntropicResult

    Raises
    ------
    ValueError, NotConvergedError, StoppedError, TimeLimitError, KwassError, KeyboardInterrupt
        As in `sinkhorn`.
    """
    wants = c.WANT_DIVERGENCE | (c.WANT_GRADIENT if with_gradient else 0)
    with call_for(metric, progress, group) as call:
        options = options_struct(
            call, method=c.SINKHORN, threads=threads, time_limit=time_limit, wants=wants)
        set_regularization(options, regularization, relative)
        set_iteration(options, marginal_tolerance, max_iterations)
        pair = Pair(x, y, x_velocities, y_velocities, x_weights, y_weights, box)
        return pair.solved(EntropicResult, metric_struct(metric, p, space, call), options)


def unbalanced(
    x: Points, y: Points, *, strength: float, regularization: float, relaxation: str = "kl",
    x_weights: Optional[ArrayLike] = None, y_weights: Optional[ArrayLike] = None,
    x_velocities: Optional[ArrayLike] = None, y_velocities: Optional[ArrayLike] = None,
    p: float = 2, metric: Optional[Metric] = None, box: Box = None, space: Optional[str] = None,
    relative: bool = False, marginal_tolerance: Optional[float] = None,
    max_iterations: Optional[int] = None, threads: Optional[int] = None,
    time_limit: Optional[float] = None, progress: Any = None, group: Any = None,
) -> UnbalancedResult:
    """Transport of masses as they are, where marginals may differ from the measures at a cost.

    Parameters
    ----------
    strength : float
        τ, what a difference costs, or the mass that is moved; see `relaxation`.
    relaxation : {"kl", "tv", "mass"}
        τ KL(marginal | measure), τ Σ|marginal − measure|, or exactly the mass τ is moved, from
        where and to where it costs least.
    x, y, x_weights, y_weights, x_velocities, y_velocities, p, metric, box, space, regularization, \
relative, marginal_tolerance, max_iterations, threads, time_limit, progress, group
        As in `sinkhorn`; ε must be given.

    Returns
    -------
    UnbalancedResult
        With `marginals` and `potentials`, but without a plan.

    Raises
    ------
    ValueError, NotConvergedError, StoppedError, TimeLimitError, KwassError, KeyboardInterrupt
        As in `sinkhorn`.
    """
    with call_for(metric, progress, group) as call:
        options = options_struct(
            call, method=c.UNBALANCED, threads=threads, time_limit=time_limit)
        options.relaxation = one_of("relaxation", relaxation, _RELAXATIONS)
        options.strength = number("strength", strength)
        set_regularization(options, number("regularization", regularization), relative)
        set_iteration(options, marginal_tolerance, max_iterations)
        pair = Pair(x, y, x_velocities, y_velocities, x_weights, y_weights, box)
        return pair.solved(UnbalancedResult, metric_struct(metric, p, space, call), options)
