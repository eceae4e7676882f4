"""Wasserstein distances between states of kinetic systems, each with a proved bracket.

>>> import kwass
>>> kwass.distance([[0.0, 0.0], [1.0, 0.0]], [[0.0, 1.0], [1.0, 1.0]]).distance
1.0

`distance` is exact, `sinkhorn`, `divergence` and `unbalanced` are entropic, `bounds` needs no solver,
`matrix` compares all pairs, and a `Solver` goes through a series. The metrics of kinetic theory are
classes: `Anisotropic`, `Twisted`, `FreeFlow`, `Nonlinear`. `kwass.pot` has what users of POT know.
"""

from __future__ import annotations

from ._arrays import Gradient, Marginals, Potentials, Triplets
from ._distances import Bounds, DistanceMatrix, bounds, distance, matrix
from ._entropic import divergence, sinkhorn, unbalanced
from ._errors import (
    AccuracyError, BusyError, GroupError, KwassError, NotAvailableError, NotConvergedError, OutOfMemoryError,
    OutOfRangeError, StoppedError, TimeLimitError, UnfinishedError)
from ._library import library as _c
from ._measure import Measure
from ._result import EntropicResult, Result, UnbalancedResult
from ._solver import Solver
from .metrics import (
    Anisotropic, CustomNonlinearity, ExtendedLogarithmic, FreeFlow, Logarithmic, Metric, Nonlinear,
    Nonlinearity, Power, Standard, Twisted)

__version__: str = _c.kwass_version().decode()


def licenses() -> str:
    """The libraries that are part of the package and their licences, a line for each."""
    return _c.kwass_licenses().decode()


__all__ = [
    "distance", "sinkhorn", "divergence", "unbalanced", "bounds", "matrix", "Measure", "Solver",
    "Result", "EntropicResult", "UnbalancedResult", "Bounds", "DistanceMatrix", "Triplets",
    "Potentials", "Marginals", "Gradient", "Metric", "Standard", "Anisotropic", "Twisted",
    "FreeFlow", "Nonlinear", "Nonlinearity", "Logarithmic", "ExtendedLogarithmic", "Power",
    "CustomNonlinearity", "KwassError", "UnfinishedError", "StoppedError", "TimeLimitError",
    "AccuracyError", "NotConvergedError", "NotAvailableError", "OutOfRangeError",
    "OutOfMemoryError", "BusyError", "GroupError", "licenses", "__version__"]

# Errors and classes are called by the names under which they are found.
for _name in __all__:
    if getattr(globals()[_name], "__module__", "").startswith("kwass."):
        globals()[_name].__module__ = "kwass"
