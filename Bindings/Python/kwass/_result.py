"""The results of all functions."""

from __future__ import annotations

import ctypes
import math
from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from . import _library as c
from ._arrays import Gradient, Handle, Marginals, Potentials, Triplets, view
from ._errors import NotAvailableError, check

_ENDINGS = {
    c.ENDED_OPTIMAL: "optimal", c.ENDED_TOLERANCE: "tolerance", c.ENDED_DECIDED: "decided",
    c.ENDED_APPROXIMATE: "approximate", c.ENDED_STOPPED: "stopped",
    c.ENDED_TIME_LIMIT: "time limit", c.ENDED_NOT_REACHED: "not reached"}

# The library's own sentences name the constants of C.
_MISSING = {
    "plan": (
        "The result has no plan: `sinkhorn` makes one with with_plan=True, and unbalanced transport and "
        "work that ended early have none."),
    "potentials": "The result has no potentials, since the work ended early.",
    "marginals": "The result has no marginals, since the work ended early.",
    "gradient": (
        "The result has no derivatives: `sinkhorn` and `divergence` make them with with_gradient=True, "
        "and unbalanced transport, a CustomNonlinearity and work that ended early have none."),
}


class Result:
    """A distance with the bracket that is proved for it, its plan and its potentials.

    Arrays are read-only views of the library's memory, which they keep alive. A result can be
    pickled; the copy has its own arrays.

    Attributes
    ----------
    distance : float
        W = cost^(1/p).
    lower, upper : float
        The proved bracket of W.
    cost : float
        W^p, the cost of the plan; for a nonlinear metric the fixed point s.
    cost_lower, cost_upper : float
        The proved bracket of the cost.
    position_part, velocity_part : float or None
        The parts of the cost, where both positions and velocities were compared.
    p : float
        The exponent.
    method : str
        The method, such as "network simplex".
    reason : str
        Why this method or regularisation; empty where the caller chose.
    metric : str
        The metric in words, such as "split, p = 2".
    ending : str
        Where the work ended: "optimal", "tolerance", "decided", "approximate", "stopped",
        "time limit" or "not reached".
    iterations : int
        Pivots or iterations.
    seconds : float
        The time that it took.
    is_warm : bool
        Whether a `Solver` started from its last solution.
    fixed_point_factor, fixed_point_residual : float or None
        Φ(s) and the residual of a nonlinear distance.
    """

    distance: float
    lower: float
    upper: float
    cost: float
    cost_lower: float
    cost_upper: float
    position_part: Optional[float]
    velocity_part: Optional[float]
    p: float
    method: str
    reason: str
    metric: str
    ending: str
    iterations: int
    seconds: float
    is_warm: bool
    fixed_point_factor: Optional[float]
    fixed_point_residual: Optional[float]

    _numbers: Tuple[str, ...] = ("distance", "lower", "upper", "cost", "cost_lower", "cost_upper")
    _optional: Tuple[str, ...] = (
        "position_part", "velocity_part", "fixed_point_factor", "fixed_point_residual")

    def __init__(self, handle: Optional[int]) -> None:
        self._handle: Optional[Handle] = Handle(handle)
        self._arrays: Dict[str, Any] = {}
        summary = c.Summary()
        check(c.library.kwass_result_summary(
            handle, ctypes.byref(summary), ctypes.sizeof(summary)))
        for name in self._numbers:
            setattr(self, name, getattr(summary, name))
        for name in self._optional:
            value = getattr(summary, name)
            setattr(self, name, None if math.isnan(value) else value)
        self.p = summary.exponent
        self.iterations = summary.iterations
        self.seconds = summary.seconds
        self.is_warm = bool(summary.is_warm)
        self.ending = _ENDINGS.get(summary.ending, "unknown")
        self.method = summary.method.decode()
        self.reason = summary.reason.decode()
        self.metric = summary.metric.decode()
        self._counts = (summary.source_count, summary.target_count)
        self._axes = (summary.position_axes, summary.velocity_axes)

    @property
    def triplets(self) -> Triplets:
        """The plan as three arrays, without SciPy.

        Raises
        ------
        NotAvailableError
            Where there is no plan.
        """
        return self._kept("plan", self._fetch_plan)

    @property
    def plan(self) -> Any:
        """The plan as a `scipy.sparse.coo_array` with a row for each point of x.

        Raises
        ------
        ImportError
            Where SciPy is not installed; `triplets` needs none.
        NotAvailableError
            Where there is no plan.
        """
        sources, targets, masses = self.triplets
        try:
            from scipy import sparse
        except ImportError:
            raise ImportError(
                "The plan as a sparse matrix needs SciPy, which is not installed: `pip install scipy`, or "
                "take `triplets`, the same as three arrays.") from None
        # SciPy before 1.8 has matrices only.
        kind = getattr(sparse, "coo_array", sparse.coo_matrix)
        return kind((masses, (sources, targets)), shape=self._counts)

    @property
    def potentials(self) -> Potentials:
        """Kantorovich's potentials: feasible ones of exact methods, Schrödinger's of Sinkhorn.

        Raises
        ------
        NotAvailableError
            Where the work ended before there were any.
        """
        return self._kept("potentials", self._fetch_potentials)

    def gradient(self) -> Gradient:
        """The derivatives of the cost W^p by the points, velocities and masses.

        The derivative of W itself is that of W^p divided by p W^(p−1). Where a norm is not
        differentiable, 0 stands for its derivative.

        Returns
        -------
        Gradient

        Raises
        ------
        NotAvailableError
            Where the work ended before there was a plan, and for methods without derivatives.
        """
        return self._kept("gradient", self._fetch_gradient)

    def __repr__(self) -> str:
        if math.isnan(self.distance):
            return f"<kwass.{type(self).__name__}: between {self.lower} and {self.upper}, {self.ending}>"
        width = (self.upper - self.lower) / self.upper if self.upper > 0 else 0.0
        return (
            f"<kwass.{type(self).__name__}: distance {self.distance}, proved to {width:.1e}, "
            f"{self.metric}, {self.method}>")

    # Arrays

    def _kept(self, name: str, fetch: Any) -> Any:
        if name not in self._arrays:
            if self._handle is None:
                raise NotAvailableError(_MISSING[name])
            try:
                self._arrays[name] = fetch(self._handle)
            except NotAvailableError:
                raise NotAvailableError(_MISSING[name]) from None
        return self._arrays[name]

    def _fetch_plan(self, handle: Handle) -> Triplets:
        sources, targets, masses = c.c_void_p(), c.c_void_p(), c.c_void_p()
        count = c.c_int64()
        check(c.library.kwass_result_plan(
            handle.value, ctypes.byref(sources), ctypes.byref(targets), ctypes.byref(masses),
            ctypes.byref(count)))
        return Triplets(
            view(handle, sources, count.value, c.c_int32),
            view(handle, targets, count.value, c.c_int32),
            view(handle, masses, count.value, c.c_double))

    def _fetch_potentials(self, handle: Handle) -> Potentials:
        return Potentials(*self._pair(handle, c.library.kwass_result_potentials))

    def _pair(self, handle: Handle, function: Any) -> Tuple[np.ndarray, np.ndarray]:
        x, y = c.c_void_p(), c.c_void_p()
        check(function(handle.value, ctypes.byref(x), ctypes.byref(y)))
        return (
            view(handle, x, self._counts[0], c.c_double),
            view(handle, y, self._counts[1], c.c_double))

    def _fetch_gradient(self, handle: Handle) -> Gradient:
        parts: List[Any] = []
        for side, count in zip((c.SOURCE, c.TARGET), self._counts):
            pointers = [c.c_void_p() for _ in range(3)]
            check(c.library.kwass_result_gradient(handle.value, side, *map(ctypes.byref, pointers)))
            sizes = [count * self._axes[0], count * self._axes[1], count]
            positions, velocities, masses = (
                view(handle, pointer, size, c.c_double)
                for pointer, size in zip(pointers, sizes))
            parts.append((
                positions.reshape(count, self._axes[0]),
                velocities.reshape(count, self._axes[1]) if self._axes[1] else None, masses))
        (x, v, a), (y, w, b) = parts
        return Gradient(x, y, v, w, a, b)

    def __getstate__(self) -> Dict[str, Any]:
        for name in self._all_arrays():
            try:
                getattr(self, name) if name != "gradient" else self.gradient()
            except NotAvailableError:
                pass
        return dict(self.__dict__, _handle=None)

    def _all_arrays(self) -> Tuple[str, ...]:
        return ("triplets", "potentials", "gradient")


class EntropicResult(Result):
    """The result of `sinkhorn` or `divergence`.

    `distance` is the upper end of the bracket of W without regularisation.

    Attributes
    ----------
    regularization : float
        ε, in the unit of the cost.
    transport_cost : float
        ⟨π, c⟩ of the entropic plan π as it is.
    entropic_cost : float
        ⟨π, c⟩ + ε KL(π | μ⊗ν).
    dual_cost : float
        A lower bound of the least entropic cost.
    marginal_error : float
        By how much the marginals of π miss those of the measures.
    divergence, divergence_error : float or None
        The debiased divergence, and how far it may be off.
    """

    regularization: float
    transport_cost: float
    entropic_cost: float
    dual_cost: float
    marginal_error: float
    divergence: Optional[float]
    divergence_error: Optional[float]

    _optional = Result._optional + (
        "regularization", "transport_cost", "entropic_cost", "dual_cost", "marginal_error",
        "divergence", "divergence_error")


class UnbalancedResult(EntropicResult):
    """The result of `unbalanced`: `cost` is the least cost, marginals included.

    Attributes
    ----------
    moved_mass : float
        The mass that is moved.
    """

    moved_mass: float

    _optional = EntropicResult._optional + ("moved_mass",)

    @property
    def marginals(self) -> Marginals:
        """What leaves each point of x and arrives at each point of y."""
        return self._kept(
            "marginals",
            lambda handle: Marginals(*self._pair(handle, c.library.kwass_result_marginals)))

    def _all_arrays(self) -> Tuple[str, ...]:
        return super()._all_arrays() + ("marginals",)
