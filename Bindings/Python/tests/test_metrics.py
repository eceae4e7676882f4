"""Every metric against the command, which is the Swift library."""

import math

import numpy as np
import pytest

import kwass

CASES = {
    "split, p = 2": ({}, []),
    "split, p = 1": (dict(p=1), ["--p", "1"]),
    "split, p = 3": (dict(p=3), ["--p", "3"]),
    "joint, p = 1": (dict(p=1, metric=kwass.Standard("joint")), ["--p", "1", "--cost", "joint"]),
    "anisotropic": (dict(metric=kwass.Anisotropic(25)), ["--lambda", "25"]),
    "twisted": (dict(metric=kwass.Twisted(2, 0.9, 1)), ["--twist", "2,0.9,1"]),
    "twisted, p = 1": (dict(p=1, metric=kwass.Twisted(2, 0.9, 1)), ["--p", "1", "--twist", "2,0.9,1"]),
    "free flow": (dict(metric=kwass.FreeFlow(0.5)), ["--free-flow", "0.5"]),
    "free flow and weight": (
        dict(metric=kwass.Metric(position_weight=25, shear=-0.5)),
        ["--free-flow", "0.5", "--lambda", "25"]),
    "logarithmic": (dict(metric=kwass.Nonlinear(kwass.Logarithmic())), ["--phi", "log"]),
    "extended logarithmic": (
        dict(metric=kwass.Nonlinear(kwass.ExtendedLogarithmic(0.5))),
        ["--phi", "log-extended", "--epsilon", "0.5"]),
    "power": (
        dict(metric=kwass.Nonlinear(kwass.Power(0.25, epsilon=2))),
        ["--phi", "power:0.25", "--epsilon", "2"]),
    "positions": (dict(space="position"), ["--space", "position"]),
    "velocities": (dict(space="velocity"), ["--space", "velocity"]),
    "tolerance": (dict(tolerance=0.1), ["--accuracy", "0.1"]),
    "circle": (dict(space="position", method="circle"), ["--space", "position", "--method", "circle"]),
    "network simplex": (dict(method="network simplex"), ["--method", "network"]),
}


@pytest.mark.parametrize("name", CASES)
def test_the_command_measures_the_same(snapshots, name):
    arguments, options = CASES[name]
    ours, theirs = snapshots.distance(**arguments), snapshots.json(*options)
    assert (ours.distance, ours.lower, ours.upper, ours.cost) == tuple(
        theirs[key] for key in ("distance", "lower", "upper", "cost"))
    assert theirs["metric"].startswith(ours.metric)
    assert ours.iterations == theirs["iterations"]


def test_the_command_measures_the_same_entropic_costs(snapshots):
    ours, theirs = snapshots.sinkhorn(regularization=0.1), snapshots.json(
        "--method", "sinkhorn", "--regularization", "0.1", "--divergence")
    keys = dict(
        upper="upper", lower="lower", regularization="regularization", transport_cost="transportCost",
        entropic_cost="entropicCost", dual_cost="dualCost")
    for ours_key, theirs_key in keys.items():
        assert getattr(ours, ours_key) == theirs[theirs_key], ours_key
    divergence = kwass.divergence(
        *snapshots.arrays, **snapshots.particles, box=snapshots.box, regularization=0.1)
    assert divergence.divergence == theirs["divergence"]


def test_the_command_finds_the_same_regularization(snapshots):
    ours, theirs = snapshots.sinkhorn(tolerance=0.02), snapshots.json(
        "--method", "sinkhorn", "--regularization", "auto", "--accuracy", "0.02")
    assert (ours.regularization, ours.upper) == (theirs["regularization"], theirs["upper"])


@pytest.mark.parametrize("relaxation, option", [("kl", "--unbalanced"), ("mass", "--partial")])
def test_the_command_leaves_the_same_mass_behind(snapshots, relaxation, option):
    ours = kwass.unbalanced(
        *snapshots.arrays, **snapshots.particles, box=snapshots.box, relaxation=relaxation,
        strength=0.5, regularization=0.1)
    theirs = snapshots.json(
        "--method", "sinkhorn", "--regularization", "0.1", option, "0.5")
    assert ours.transport_cost == theirs["transportCost"]
    assert ours.moved_mass == pytest.approx(theirs["movedMass"], rel=1e-12)


def test_a_function_of_python_is_a_nonlinearity(snapshots):
    formula = snapshots.distance(metric=kwass.Nonlinear(kwass.Power(0.25)))
    function = snapshots.distance(
        metric=kwass.Nonlinear(kwass.CustomNonlinearity(lambda s: s**-0.25)))
    assert function.distance == pytest.approx(formula.distance, rel=1e-14)
    assert function.fixed_point_factor == pytest.approx(function.cost**-0.25, rel=1e-12)
    with pytest.raises(kwass.NotAvailableError, match="CustomNonlinearity"):
        function.gradient()
    halved = snapshots.distance(metric=kwass.Nonlinear(kwass.Power(0.25, convention="halved")))
    assert halved.distance < formula.distance


def test_an_exception_of_a_nonlinearity_comes_out(snapshots):
    def fails(s):
        raise ZeroDivisionError("no such number")

    with pytest.raises(ZeroDivisionError, match="no such number"):
        snapshots.distance(metric=kwass.Nonlinear(kwass.CustomNonlinearity(fails)))


def test_one_particle_costs_what_the_formulas_say():
    x, v, y, w = 0.9, 1.0, 0.2, -0.5
    dx, dv = 0.3, 1.5  # on the circle of length 1

    def cost(metric, p=2):
        return kwass.distance(
            [x], [y], x_velocities=[v], y_velocities=[w], box=1, metric=metric, p=p).cost

    assert cost(None) == pytest.approx(dx**2 + dv**2)
    assert cost(kwass.Standard("joint"), p=1) == pytest.approx(math.hypot(dx, dv))
    assert cost(kwass.Anisotropic(4), p=3) == pytest.approx(4 * dx**3 + dv**3)
    # y − x = 0.3 + k and w − v = −1.5: the least of the form over k.
    form = min(2 * d**2 + 2 * 0.9 * d * -dv + dv**2 for d in (0.3 + k for k in range(-3, 4)))
    assert cost(kwass.Twisted(2, 0.9, 1)) == pytest.approx(form)
    freed = (dx + 0.1 * dv) % 1
    assert cost(kwass.FreeFlow(0.1)) == pytest.approx(min(freed, 1 - freed) ** 2 + dv**2)


def test_a_split_metric_is_that_of_its_parts(clouds):
    x, y = clouds
    plain = kwass.distance(x, y)
    joint = kwass.distance(x[:, :1], y[:, :1], x_velocities=x[:, 1:], y_velocities=y[:, 1:])
    assert joint.cost == pytest.approx(plain.cost, rel=1e-12)
    assert joint.position_part + joint.velocity_part == pytest.approx(joint.cost, rel=1e-12)
    assert np.isclose(kwass.distance(x, y, p=1).distance, kwass.distance(y, x, p=1).distance)


@pytest.mark.parametrize("metric, sentence", [
    (kwass.Anisotropic(-1), "position weight is -1"),
    (kwass.Metric(form="other"), "form is 'other'"),
    (kwass.Nonlinear(3), "nonlinearity is 3"),
    (kwass.FreeFlow(math.nan), "shear is"),
    (kwass.Nonlinear(kwass.Logarithmic(0)), "0"),
    ("standard", "metric is 'standard'"),
])
def test_impossible_metrics_are_refused(metric, sentence):
    with pytest.raises(ValueError, match=sentence):
        kwass.distance([0.0], [1.0], x_velocities=[0.0], y_velocities=[1.0], metric=metric)


def test_a_twist_that_is_not_positive_is_refused():
    with pytest.raises(ValueError, match="positive definite"):
        kwass.Twisted(1, 2, 1)
