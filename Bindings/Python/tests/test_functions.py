"""The functions, their arguments, and what they refuse."""

import math

import numpy as np
import pytest

import kwass


def test_plain_points():
    result = kwass.distance([[0.0, 0.0], [1.0, 0.0]], [[0.0, 1.0], [1.0, 1.0]])
    assert result.distance == 1
    assert result.lower <= 1 <= result.upper
    assert result.ending == "optimal" and result.p == 2
    assert "distance 1.0" in repr(result) and "network simplex" in repr(result)
    assert result.position_part is None or result.velocity_part in (None, 0)


def test_weights_and_boxes():
    assert kwass.distance([0.95], [0.05], box=1, p=1).distance == pytest.approx(0.1)
    assert kwass.distance([[0.95, 5.0]], [[0.05, 5.0]], box=(1, None), p=1).distance == pytest.approx(0.1)
    heavy = kwass.distance([0.0, 1.0], [0.0, 1.0], x_weights=[3, 1], y_weights=[1, 3], p=1)
    assert heavy.distance == pytest.approx(0.5)


def test_bounds_hold(clouds):
    x, y = clouds
    bracket = kwass.bounds(x, y)
    exact = kwass.distance(x, y)
    assert 0 < bracket.lower <= exact.distance <= bracket.upper
    with pytest.raises(kwass.NotAvailableError):
        kwass.bounds(
            [0.0], [1.0], x_velocities=[0.0], y_velocities=[0.5],
            metric=kwass.Nonlinear(kwass.Power(0.5)))


def test_boxes_hold_for_all_functions():
    def on_circle(function, **arguments):
        return function([0.95], [0.05], box=1, **arguments)

    assert on_circle(kwass.bounds, p=1).upper == pytest.approx(0.1)
    assert on_circle(kwass.sinkhorn, regularization=0.1).upper == pytest.approx(0.1)
    assert on_circle(kwass.divergence, regularization=0.1).divergence == pytest.approx(0.01)
    assert on_circle(
        kwass.unbalanced, strength=0.5, relaxation="mass", regularization=0.1
    ).transport_cost == pytest.approx(0.005)
    assert kwass.matrix([[0.95], [0.05]], box=1).distance[0, 1] == pytest.approx(0.1)
    assert kwass.Solver(box=1).distance([0.95], [0.05]).distance == pytest.approx(0.1)


def test_sinkhorn_stops_where_it_is_told(clouds):
    x, y = clouds
    rough, fine = (
        kwass.sinkhorn(x, y, regularization=0.1, marginal_tolerance=tolerance)
        for tolerance in (1e-2, 1e-10))
    assert 1e-10 < rough.marginal_error <= 1e-2 and fine.marginal_error <= 1e-10
    assert rough.iterations < fine.iterations
    largest = ((x[:, None] - y) ** 2).sum(axis=2).max()
    relative = kwass.sinkhorn(x, y, regularization=0.01, relative=True)
    assert 0.01 * largest <= relative.regularization <= 0.02 * largest


def test_a_matrix_has_the_distances_of_all_pairs(clouds):
    clouds = [clouds[0] + shift for shift in range(4)]
    matrix = kwass.matrix(clouds, p=1)
    assert matrix.distance.shape == (4, 4)
    for i in range(4):
        for j in range(4):
            single = kwass.distance(clouds[min(i, j)], clouds[max(i, j)], p=1)
            assert matrix.distance[i, j] == pytest.approx(single.distance, rel=1e-12, abs=1e-14)
    assert (matrix.lower <= matrix.distance).all() and (matrix.distance <= matrix.upper).all()
    measures = [kwass.Measure(cloud) for cloud in clouds]
    assert np.array_equal(kwass.matrix(measures, p=1).distance, matrix.distance)
    assert kwass.matrix(clouds[:1]).distance.tolist() == [[0]]


def test_a_measure_can_be_used_again(clouds):
    x, y = clouds
    measure = kwass.Measure(x, weights=np.ones(len(x)))
    assert repr(measure) == "<kwass.Measure of 60 points with 2 position coordinates>"
    assert (len(measure), measure.total_mass) == (60, 60)
    assert kwass.distance(measure, y).distance == kwass.distance(x, y).distance
    with pytest.raises(ValueError, match="x is a Measure, which has its own x_weights"):
        kwass.distance(measure, y, x_weights=np.ones(60))


def test_a_solver_starts_from_the_last_solution(clouds):
    x, y = clouds
    solver = kwass.Solver()
    for step in range(4):
        moved = x + 0.01 * step
        result = solver.distance(moved, y)
        cold = kwass.distance(moved, y)
        assert result.distance == pytest.approx(cold.distance, rel=1e-12)
        assert result.is_warm == (step > 0)
    assert result.iterations < cold.iterations
    solver.reset()
    assert not solver.distance(x, y).is_warm
    assert not solver.distance(x[:9], y).is_warm


def test_a_tolerance_and_a_threshold_end_early(clouds):
    x, y = clouds
    exact = kwass.distance(x, y).distance
    loose = kwass.distance(x, y, tolerance=0.3)
    assert loose.lower <= exact <= loose.upper and loose.upper - loose.lower <= 0.3 * loose.upper
    decided = kwass.distance(x, y, threshold=2 * exact)
    assert decided.upper <= 2 * exact


def test_a_time_limit_keeps_what_is_proved():
    generator = np.random.default_rng(1)
    x, y = generator.normal(size=(2, 200000, 3))
    with pytest.raises(kwass.TimeLimitError) as caught:
        kwass.distance(x, y, p=1, time_limit=0.2)
    result = caught.value.result
    assert result.ending == "time limit" and math.isnan(result.distance)
    assert 0 <= result.lower < result.upper
    assert "time limit" in repr(result)
    with pytest.raises(kwass.NotAvailableError):
        result.plan
    assert isinstance(caught.value, RuntimeError)


@pytest.mark.parametrize("arguments, sentence", [
    (dict(x=[]), "x"),
    (dict(x=[math.nan, 1.0]), "x: .*nan"),
    (dict(y=[[0.0, 1.0]]), "coordinates"),
    (dict(x=["a", "b"]), "x is an array of"),
    (dict(x=[1j]), "x is an array of complex128"),
    (dict(x=3.0), r"x has the shape \(\)"),
    (dict(x=np.zeros((2, 2, 2))), r"x has the shape \(2, 2, 2\)"),
    (dict(x_weights=[1.0]), "x_weights is for 1 points, and x has 2"),
    (dict(x_weights=[[1.0], [1.0]]), "x_weights has the shape"),
    (dict(x_weights=[-1.0, 1.0]), "x: .*-1"),
    (dict(x_weights=[0.0, 0.0]), "x: "),
    (dict(x_velocities=[1.0, 2.0]), "velocity"),
    (dict(p=0.5), "exponent p is 0.5"),
    (dict(p="two"), "p is 'two'"),
    (dict(box=-1), "-1"),
    (dict(box=(1, 1)), "box has 2 numbers"),
    (dict(box="wide"), "box is 'wide'"),
    (dict(method="magic"), "method is 'magic'"),
    (dict(method="circle"), "circle"),
    (dict(space="time"), "space is 'time'"),
    (dict(space="velocity"), "velocities"),
    (dict(tolerance=-0.1), "tolerance"),
    (dict(tolerance=1), "tolerance"),
    (dict(threads=0), "threads is 0"),
    (dict(threads=1.5), "threads is 1.5"),
    (dict(time_limit=0), "time_limit is 0"),
    (dict(progress=3), "progress is 3"),
])
def test_impossible_arguments_are_refused(arguments, sentence):
    given = dict(dict(x=[0.0, 1.0], y=[0.5, 2.0]), **arguments)
    x, y = given.pop("x"), given.pop("y")
    with pytest.raises(ValueError, match=sentence):
        kwass.distance(x, y, **given)
    # Nothing is left behind of it.
    assert kwass.distance([0.0], [1.0]).distance == 1


def test_masked_elements_are_refused():
    masked = np.ma.array([0.0, 1.0], mask=[False, True])
    with pytest.raises(ValueError, match="masked"):
        kwass.distance(masked, [1.0])
    assert kwass.distance(np.ma.array([0.0]), [1.0]).distance == 1


def test_entropic_arguments_are_checked(clouds):
    x, y = clouds
    with pytest.raises(ValueError, match="regularization"):
        kwass.sinkhorn(x, y, regularization=-1)
    with pytest.raises(ValueError, match="relaxation is 'most'"):
        kwass.unbalanced(x, y, strength=1, regularization=1, relaxation="most")
    with pytest.raises(kwass.NotConvergedError):
        kwass.sinkhorn(x, y, regularization=1e-3, max_iterations=1, marginal_tolerance=1e-12)
    with pytest.raises(ValueError, match="max_iterations is 0"):
        kwass.sinkhorn(x, y, max_iterations=0)


def test_unbalanced_masses(clouds):
    x, y = clouds
    result = kwass.unbalanced(
        x, y, relaxation="mass", strength=0.5, regularization=0.05)
    assert result.moved_mass == pytest.approx(0.5, rel=1e-6)
    assert result.marginals.x.sum() == pytest.approx(0.5, rel=1e-6)
    assert result.marginals.y.shape == (80,)
    assert 0 < result.cost_lower <= result.cost_upper
    with pytest.raises(kwass.NotAvailableError, match="unbalanced transport"):
        result.triplets


def test_version_and_licences():
    assert kwass.__version__.count(".") == 2
    assert "MIT" in kwass.licenses()
