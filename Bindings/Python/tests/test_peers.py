"""Values of SciPy and POT, where they have the same problem."""

import numpy as np
import pytest

import kwass

stats = pytest.importorskip("scipy.stats", reason="SciPy is not installed")
optimize = pytest.importorskip("scipy.optimize")
spatial = pytest.importorskip("scipy.spatial.distance")

SIZES = [1, 2, 30, 100, 300]


def cloud(count, dimension, seed):
    generator = np.random.default_rng(seed)
    return generator.normal(size=(count, dimension)), generator.uniform(0.5, 2, size=count)


@pytest.mark.parametrize("n", SIZES)
def test_scipy_measures_the_same_on_a_line(n):
    (x, a), (y, b) = cloud(n, 1, 1), cloud(n + 3, 1, 2)
    theirs = stats.wasserstein_distance(x[:, 0], y[:, 0], a, b)
    ours = kwass.distance(x[:, 0], y[:, 0], x_weights=a, y_weights=b, p=1)
    assert ours.method != "network simplex"
    assert ours.distance == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("p", [1, 2, 3])
def test_scipy_assigns_at_the_same_cost(n, p):
    x, y = cloud(n, 3, 3)[0], cloud(n, 3, 4)[0]
    costs = spatial.cdist(x, y) ** p
    rows, columns = optimize.linear_sum_assignment(costs)
    ours = kwass.distance(x, y, p=p)
    assert ours.cost == pytest.approx(costs[rows, columns].mean(), rel=1e-12)
    assert ours.lower <= ours.distance <= ours.upper


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("p, name", [(1, "euclidean"), (2, "sqeuclidean")])
def test_pot_measures_the_same(n, p, name):
    ot = pytest.importorskip("ot", reason="POT is not installed")
    (x, a), (y, b) = cloud(n, 2, 5), cloud(n + 5, 2, 6)
    theirs = ot.emd2(a / a.sum(), b / b.sum(), ot.dist(x, y, name))
    ours = kwass.distance(x, y, x_weights=a, y_weights=b, p=p)
    assert ours.cost == pytest.approx(theirs, rel=1e-10)


def test_pot_measures_the_same_on_a_circle():
    ot = pytest.importorskip("ot", reason="POT is not installed")
    generator = np.random.default_rng(8)
    x, y = generator.uniform(size=40), generator.uniform(size=50) ** 2
    theirs = ot.wasserstein_circle(x, y, p=2)
    assert kwass.distance(x, y, box=1).cost == pytest.approx(float(theirs[0]), rel=1e-6)


def test_pot_has_the_same_entropic_cost():
    ot = pytest.importorskip("ot", reason="POT is not installed")
    (x, a), (y, b) = cloud(40, 2, 9), cloud(50, 2, 10)
    a, b = a / a.sum(), b / b.sum()
    costs = ot.dist(x, y)
    plan = ot.sinkhorn(a, b, costs, 0.5, method="sinkhorn_log", stopThr=1e-12, numItermax=10**5)
    ours = kwass.sinkhorn(
        x, y, x_weights=a, y_weights=b, regularization=0.5, marginal_tolerance=1e-11, with_plan=True)
    assert ours.transport_cost == pytest.approx((plan * costs).sum(), rel=1e-8)
    assert np.abs(ours.plan.toarray() - plan).sum() < 1e-8


def test_the_solver_of_pot_gives_way_in_one_line():
    ot = pytest.importorskip("ot", reason="POT is not installed")
    from kwass.pot import emd2_lazy, solve_sample

    (x, a), (y, b) = cloud(30, 2, 11), cloud(40, 2, 12)
    a, b = a / a.sum(), b / b.sum()
    for metric in ("sqeuclidean", "euclidean"):
        ours = solve_sample(x, y, a, b, metric)
        theirs = ot.solve_sample(x, y, a, b, metric)
        assert isinstance(ours, ot.utils.OTResult)
        assert ours.value == pytest.approx(float(theirs.value), rel=1e-10)
        assert ours.value_linear == ours.value
        np.testing.assert_allclose(ours.plan, theirs.plan, atol=1e-12)
        np.testing.assert_allclose(ours.plan.sum(axis=1), a, atol=1e-14)
        assert ours.log["lower"] <= ours.value <= ours.log["upper"]
        cost, log = emd2_lazy(x, y, a, b, metric, log=True)
        assert cost == ours.value
        np.testing.assert_allclose(log["G"].toarray(), theirs.plan, atol=1e-12)
    # Masses of any common total, as in POT.
    assert solve_sample(x, y, 3 * a, 3 * b).value == pytest.approx(3 * solve_sample(x, y, a, b).value)
    with pytest.raises(ValueError, match="agree"):
        solve_sample(x, y, 3 * a, b)
    with pytest.raises(ValueError, match="sqeuclidean"):
        solve_sample(x, y, metric="cosine")


@pytest.mark.parametrize("kind", ["KL", "entropy"])
def test_the_entropic_solver_of_pot_gives_way_in_one_line(kind):
    ot = pytest.importorskip("ot", reason="POT is not installed")
    from kwass.pot import solve_sample

    (x, a), (y, b) = cloud(30, 2, 13), cloud(40, 2, 14)
    a, b = a / a.sum(), b / b.sum()
    ours = solve_sample(x, y, a, b, reg=0.5, reg_type=kind, tol=1e-10)
    theirs = ot.solve_sample(x, y, a, b, reg=0.5, reg_type=kind, tol=1e-12, max_iter=10**5)
    assert ours.value == pytest.approx(float(theirs.value), rel=1e-7)
    assert ours.value_linear == pytest.approx(float(theirs.value_linear), rel=1e-7)
    np.testing.assert_allclose(ours.plan, theirs.plan, atol=1e-8)


def test_unbalanced_transport_of_pot_gives_way_in_one_line():
    ot = pytest.importorskip("ot", reason="POT is not installed")
    from kwass.pot import solve_sample

    (x, a), (y, b) = cloud(20, 2, 15), cloud(25, 2, 16)
    costs = ot.dist(x, y)
    plan = ot.unbalanced.sinkhorn_unbalanced(
        a, b, costs, 0.5, 1.0, method="sinkhorn", stopThr=1e-13, numItermax=10**5)
    ours = solve_sample(x, y, a, b, reg=0.5, unbalanced=1.0, tol=1e-10)
    assert ours.value_linear == pytest.approx(float((plan * costs).sum()), rel=1e-6)
