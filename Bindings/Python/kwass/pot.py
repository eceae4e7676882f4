"""The functions of POT (Python Optimal Transport) that kwass can answer, with their arguments.

A user of POT changes one line:

    from kwass.pot import solve_sample      # instead of: from ot import solve_sample

Source: R. Flamary et al., "POT: Python Optimal Transport" (2021), https://pythonot.github.io.
"""

from __future__ import annotations

import math
from typing import Any, Dict, Optional, Tuple, Union

import numpy as np
from numpy.typing import ArrayLike

from ._distances import distance
from ._entropic import sinkhorn, unbalanced as unbalanced_cost
from ._result import EntropicResult, Result


def solve_sample(
    X_a: ArrayLike, X_b: ArrayLike, a: Optional[ArrayLike] = None, b: Optional[ArrayLike] = None,
    metric: str = "sqeuclidean", reg: Optional[float] = None, *, reg_type: str = "KL",
    unbalanced: Optional[float] = None, unbalanced_type: str = "KL",
    max_iter: Optional[int] = None, tol: Optional[float] = None, n_threads: Optional[int] = None,
    with_plan: bool = True,
) -> Any:
    """The transport problem of two point clouds, as `ot.solve_sample` states it.

    Parameters
    ----------
    X_a, X_b : array_like, shape (n, d)
        The points.
    a, b : array_like, shape (n,), optional
        Their masses. Default: equal masses.
    metric : {"sqeuclidean", "euclidean"}
        The cost.
    reg : float, optional
        The regularisation. Default: none, the exact problem.
    reg_type : {"KL", "entropy"}
        Whether the value has reg KL(π | a⊗b), or reg Σ π log π.
    unbalanced : float, optional
        What differences of the marginals cost; needs `reg`.
    unbalanced_type : {"KL", "TV"}
        How they are counted.
    max_iter : int, optional
        The most iterations of an entropic problem.
    tol : float, optional
        The marginal error at which an entropic problem is solved.
    n_threads : int, optional
        The most threads. Default: one for each processor.
    with_plan : bool
        Whether an entropic problem is given its plan, which needs memory for all pairs that count.
        Unbalanced problems have none.

    Returns
    -------
    ot.utils.OTResult
        With `value`, `value_linear`, `potentials`, `status` and, where there is one, `sparse_plan`
        (`plan` makes it dense); `log["result"]` is the `kwass.Result`, with the proved bracket.

    Raises
    ------
    ImportError
        Where POT is not installed.
    ValueError
        For arguments that kwass does not have, and as `kwass.distance`.
    """
    OTResult = _ot_result()
    points = np.asarray(X_a)
    p = _exponent(metric, points)
    arguments: Dict[str, Any] = dict(x_weights=a, y_weights=b, p=p, threads=n_threads)
    if not reg and unbalanced is not None:
        raise ValueError("unbalanced needs reg; kwass has no unbalanced transport without regularisation.")
    mass = 1.0
    if not reg:
        result: Result = distance(X_a, X_b, **arguments)
        mass = _mass(a, b)
        value = linear = mass * result.cost
    else:
        arguments.update(regularization=reg, marginal_tolerance=tol, max_iterations=max_iter)
        if unbalanced is not None:
            _one_of("unbalanced_type", unbalanced_type, ("kl", "tv"))
            solved: EntropicResult = unbalanced_cost(
                X_a, X_b, strength=unbalanced, relaxation=unbalanced_type.lower(), **arguments)
        else:
            _one_of("reg_type", reg_type, ("kl", "entropy"))
            if abs(_mass(a, b) - 1) > 1e-6:
                raise ValueError(
                    f"a and b sum to {_mass(a, b)}; for a regularised problem they must sum to 1.")
            solved = sinkhorn(X_a, X_b, with_plan=with_plan, **arguments)
        result, value, linear = solved, solved.entropic_cost, solved.transport_cost
        if unbalanced is None and reg_type.lower() == "entropy":
            value += reg * (_entropy(a, len(points)) + _entropy(b, len(np.asarray(X_b))))
    has_plan = unbalanced is None and (not reg or with_plan)
    return OTResult(
        value=value, value_linear=linear, potentials=tuple(result.potentials),
        sparse_plan=mass * result.plan if has_plan else None, status=result.ending,
        log={"result": result, "lower": mass * result.cost_lower, "upper": mass * result.cost_upper})


def emd2_lazy(
    X_a: ArrayLike, X_b: ArrayLike, a: Optional[ArrayLike] = None, b: Optional[ArrayLike] = None,
    metric: str = "sqeuclidean", *, log: bool = False, return_matrix: bool = True,
    n_threads: Optional[int] = None,
) -> Union[float, Tuple[float, Dict[str, Any]]]:
    """The least cost of two point clouds without a cost matrix, as `ot.lp.emd2_lazy` states it.

    Parameters
    ----------
    X_a, X_b : array_like, shape (n, d)
        The points.
    a, b : array_like, shape (n,), optional
        Their masses. Default: equal masses.
    metric : {"sqeuclidean", "euclidean"}
        The cost.
    log : bool
        Whether the second value is returned.
    return_matrix : bool
        Whether it is returned and has the plan.
    n_threads : int, optional
        The most threads. Default: one for each processor.

    Returns
    -------
    float, or float and dict
        The cost, and with `log` or `return_matrix` what POT's log has: "cost", "u", "v", "warning",
        "result_code" and "G", the plan as a sparse array; "result" is the `kwass.Result`.

    Raises
    ------
    ValueError
        As `kwass.distance`.
    """
    result = distance(
        X_a, X_b, x_weights=a, y_weights=b, p=_exponent(metric, np.asarray(X_a)), threads=n_threads)
    mass = _mass(a, b)
    cost = mass * result.cost
    if not (log or return_matrix):
        return cost
    answer: Dict[str, Any] = {
        "cost": cost, "u": result.potentials.x, "v": result.potentials.y, "warning": None,
        "result_code": 1, "result": result}
    if return_matrix:
        answer["G"] = mass * result.plan
    return cost, answer


def _ot_result() -> Any:
    try:
        from ot.utils import OTResult
    except ImportError:
        raise ImportError(
            "kwass.pot.solve_sample returns POT's OTResult, and POT is not installed: `pip install POT`."
        ) from None
    return OTResult


def _exponent(metric: str, points: np.ndarray) -> int:
    """The exponent p of a cost |x − y|^p."""
    if metric == "cityblock" and (points.ndim == 1 or points.shape[1] == 1):
        return 1
    if metric not in ("sqeuclidean", "euclidean"):
        raise ValueError(
            f"metric is {metric!r}; kwass.pot has 'sqeuclidean' and 'euclidean'. kwass.distance has other "
            "exponents, periodic axes and the metrics of phase space.")
    return 2 if metric == "sqeuclidean" else 1


def _mass(a: Optional[ArrayLike], b: Optional[ArrayLike]) -> float:
    """The total mass, which must be that of both measures."""
    first, second = (1.0 if each is None else float(np.sum(np.asarray(each))) for each in (a, b))
    if abs(first - second) > 1e-6:
        raise ValueError(f"a sums to {first} and b to {second}; without `unbalanced` they must agree.")
    return first


def _entropy(masses: Optional[ArrayLike], count: int) -> float:
    """Σ a log a."""
    if masses is None:
        return -math.log(count)
    positive = np.asarray(masses, float)
    positive = positive[positive > 0]
    return float(np.sum(positive * np.log(positive)))


def _one_of(name: str, value: str, known: Tuple[str, ...]) -> None:
    if not isinstance(value, str) or value.lower() not in known:
        raise ValueError(f"{name} is {value!r}; it must be one of {', '.join(known)}.")
