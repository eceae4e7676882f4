"""Metrics of measures of positions and velocities.

Each is a `Metric`: positions are sheared, x̂ = x + σv, and a unit of mass that moves from (x, v) to
(y, w) costs

- split: w_x |x̂ − ŷ|^p + w_v |v − w|^p,
- joint: (w_x |x̂ − ŷ|² + w_v |v − w|²)^(p/2),

with the nearest image of x̂ − ŷ on periodic axes. The exponent p is an argument of the functions that
measure distances. Source: M. Iacobelli, "A new perspective on Wasserstein distances for kinetic
problems" (2022).
"""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass
from typing import Callable, Optional, Tuple

from . import _library as c
from ._errors import check

__all__ = [
    "Metric", "Standard", "Anisotropic", "Twisted", "FreeFlow", "Nonlinear", "Nonlinearity",
    "Logarithmic", "ExtendedLogarithmic", "Power", "CustomNonlinearity"]

_FORMS = {"split": c.SPLIT, "joint": c.JOINT}
_SPACES = {
    None: c.SPACE_AUTOMATIC, "phase": c.SPACE_PHASE, "position": c.SPACE_POSITION,
    "velocity": c.SPACE_VELOCITY}
_CONVENTIONS = {"full": c.FULL, "halved": c.HALVED}


def one_of(name: str, value: object, table: dict) -> int:
    """The constant for a word."""
    try:
        return table[value]
    except (KeyError, TypeError):
        words = ", ".join(repr(word) for word in table)
        raise ValueError(f"{name} is {value!r}; it must be one of {words}.") from None


def number(name: str, value: object) -> float:
    """A number that C can have."""
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {value!r}; it must be a number.") from None


class Nonlinearity:
    """The function Φ of a nonlinear distance W_{Φ,p}, the root s = W^p of s = Φ(s)A + B.

    A and B are the parts that positions and velocities have in the cost. Φ is nonnegative,
    continuous and not increasing. With the convention "halved", s is ½(Φ(s)A + B) instead.
    """

    _kind: int

    def _fill(self, metric: c.Metric) -> None:
        metric.nonlinearity = self._kind
        metric.convention = one_of("convention", getattr(self, "convention"), _CONVENTIONS)
        for name in ("epsilon", "power", "bound"):
            if hasattr(self, name):
                field_name = "function_bound" if name == "bound" else name
                setattr(metric, field_name, number(name, getattr(self, name)))


@dataclass(frozen=True)
class Logarithmic(Nonlinearity):
    """Φ(s) = |log s| / ε² on (0, 1), the choice of Theorem 3.1 of the paper.

    Parameters
    ----------
    epsilon : float
        ε, positive.
    convention : {"full", "halved"}
        See `Nonlinearity`.
    """

    epsilon: float = 1.0
    convention: str = "full"
    _kind = c.LOGARITHMIC


@dataclass(frozen=True)
class ExtendedLogarithmic(Nonlinearity):
    """Φ(s) = |log s| / ε² for s ≤ 1/e and 1 / (e s ε²) beyond (Remark 3.8 of the paper).

    Parameters
    ----------
    epsilon : float
        ε, positive.
    convention : {"full", "halved"}
        See `Nonlinearity`.
    """

    epsilon: float = 1.0
    convention: str = "full"
    _kind = c.EXTENDED_LOGARITHMIC


@dataclass(frozen=True)
class Power(Nonlinearity):
    """Φ(s) = s^(−q) / ε².

    Parameters
    ----------
    power : float
        q, at least 0.
    epsilon : float
        ε, positive.
    convention : {"full", "halved"}
        See `Nonlinearity`.
    """

    power: float
    epsilon: float = 1.0
    convention: str = "full"
    _kind = c.POWER


@dataclass(frozen=True)
class CustomNonlinearity(Nonlinearity):
    """A function Φ of your own.

    Parameters
    ----------
    function : callable
        Φ: takes and returns a float.
    bound : float
        The upper end of the interval (0, bound) on which Φ is defined. Default: infinity.
    convention : {"full", "halved"}
        See `Nonlinearity`.
    """

    function: Callable[[float], float]
    bound: float = math.inf
    convention: str = "full"
    _kind = c.FUNCTION


@dataclass(frozen=True)
class Metric:
    """A metric from its parts, which combine freely.

    Parameters
    ----------
    form : {"split", "joint"}
        How positions and velocities are combined; for p = 2 both are the same.
    position_weight, velocity_weight : float
        The weights w_x and w_v, positive.
    shear : float
        σ: positions become x + σv. Needs as many velocity as position axes unless it is 0.
    nonlinearity : Nonlinearity, optional
        Φ, by which the position weight is multiplied. Needs the split form or p = 2.
    """

    form: str = "split"
    position_weight: float = 1.0
    velocity_weight: float = 1.0
    shear: float = 0.0
    nonlinearity: Optional[Nonlinearity] = None

    def _struct(self, exponent: float, space: Optional[str]) -> c.Metric:
        """The library's description of the metric."""
        metric = c.Metric()
        check(c.library.kwass_metric_init(ctypes.byref(metric), ctypes.sizeof(metric)))
        metric.exponent = number("p", exponent)
        metric.space = one_of("space", space, _SPACES)
        metric.form = one_of("form", self.form, _FORMS)
        metric.position_weight = number("position_weight", self.position_weight)
        metric.velocity_weight = number("velocity_weight", self.velocity_weight)
        metric.shear = number("shear", self.shear)
        if self.nonlinearity is not None:
            if not isinstance(self.nonlinearity, Nonlinearity):
                raise ValueError(
                    f"nonlinearity is {self.nonlinearity!r}; it must be a kwass.Nonlinearity.")
            self.nonlinearity._fill(metric)
        return metric


class Standard(Metric):
    """The distance W_p of positions and velocities, both with weight 1.

    Parameters
    ----------
    form : {"split", "joint"}
        The cost |x − y|^p + |v − w|^p, or (|x − y|² + |v − w|²)^(p/2).
    """

    def __init__(self, form: str = "split") -> None:
        super().__init__(form=form)


class Anisotropic(Metric):
    """W_{λ,p}, with the cost λ|x − y|^p + |v − w|^p.

    Parameters
    ----------
    weight : float
        λ, positive.
    """

    def __init__(self, weight: float) -> None:
        super().__init__(position_weight=weight)


class Twisted(Metric):
    """W_{a,b,c,p}, with the cost (a|x − y|² + 2b(x − y)·(v − w) + c|v − w|²)^(p/2).

    On periodic axes the whole form is minimised over the images of x − y.

    Parameters
    ----------
    a, b, c : float
        The coefficients, with a, c > 0 and b² < ac.

    Raises
    ------
    ValueError
        Where the form is not positive definite.
    """

    def __init__(self, a: float, b: float, c: float) -> None:
        weight, rest, shear = _completed_square(number("a", a), number("b", b), number("c", c))
        super().__init__(
            form="joint", position_weight=weight, velocity_weight=rest, shear=shear)


def _completed_square(a: float, b: float, c_: float) -> Tuple[float, float, float]:
    """The weights of positions and velocities and the shear of a twisted metric."""
    metric = c.Metric()
    check(c.library.kwass_metric_init(ctypes.byref(metric), ctypes.sizeof(metric)))
    check(c.library.kwass_metric_set_twisted(ctypes.byref(metric), a, b, c_, 2.0))
    return metric.position_weight, metric.velocity_weight, metric.shear


class FreeFlow(Metric):
    """W̃_{t,p}, with the cost |(x − tv) − (y − tw)|^p + |v − w|^p.

    Parameters
    ----------
    time : float
        t.
    """

    def __init__(self, time: float) -> None:
        super().__init__(shear=-number("time", time))


class Nonlinear(Metric):
    """W_{Φ,p}: the root s = W^p of s = Φ(s)A + B.

    Parameters
    ----------
    phi : Nonlinearity
        Φ, such as `Logarithmic()`.
    """

    def __init__(self, phi: Nonlinearity) -> None:
        super().__init__(nonlinearity=phi)
