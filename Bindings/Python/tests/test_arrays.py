"""What goes in, in any layout, and what comes out, as views."""

import gc
import pickle
import sys

import numpy as np
import pytest

import kwass


def layouts(x):
    """The numbers of x in other layouts."""
    wide = np.zeros((len(x), 5))
    wide[:, 1:4:2] = x
    backwards = np.ascontiguousarray(x[::-1, ::-1])
    record = np.zeros(len(x), [("id", "i1"), ("x", "f8", 2)])
    record["x"] = x
    yield "Fortran", np.asfortranarray(x)
    yield "slices", wide[:, 1:4:2]
    yield "backwards", backwards[::-1, ::-1]
    yield "field", record["x"]
    yield "big endian", x.astype(">f8")
    yield "list", x.tolist()
    yield "read-only", np.frombuffer(x.tobytes()).reshape(x.shape)


def test_all_layouts_give_the_same_bits(clouds):
    x, y = clouds
    wanted = kwass.distance(x, y)
    for name, given in layouts(x):
        found = kwass.distance(given, y)
        assert (found.distance, found.upper) == (wanted.distance, wanted.upper), name
        assert np.array_equal(found.triplets.targets, wanted.triplets.targets), name


def test_single_precision_is_read_as_it_is(clouds):
    x, y = (points.astype(np.float32) for points in clouds)
    wanted = kwass.distance(x.astype(np.float64), y.astype(np.float64)).distance
    assert kwass.distance(x, y).distance == wanted
    assert kwass.distance(x[::2], np.asfortranarray(y)).distance == kwass.distance(
        x[::2].astype(float), y.astype(float)).distance


def test_integers_and_broadcast_arrays_are_converted():
    assert kwass.distance([0, 1], [1, 2], p=1).distance == 1
    assert kwass.distance(np.broadcast_to(0.0, (3, 2)), np.broadcast_to(3.0, (4, 2)), p=2).cost == 18
    assert kwass.distance(
        [0.0, 1.0], [1.0, 2.0], x_weights=np.broadcast_to(2.0, 2), p=1).distance == 1


def test_large_arrays_are_not_copied_by_python(clouds):
    import tracemalloc

    x = np.zeros((200_000, 4))[:, ::2]
    kwass.Measure(x[:10])
    tracemalloc.start()
    kwass.Measure(x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # numpy reports its memory to tracemalloc; the library's copy is its own.
    assert peak < x.size


def test_arrays_of_xarray_are_taken_as_they_are(clouds):
    xarray = pytest.importorskip("xarray", reason="xarray is not installed")
    x, y = clouds
    first = xarray.DataArray(x, dims=("particle", "axis"))
    assert kwass.distance(first, y).distance == kwass.distance(x, y).distance
    data = xarray.Dataset({"x": ("particle", x[:, 0]), "v": ("particle", x[:, 1])})
    assert kwass.distance(
        data["x"], y[:, 0], x_velocities=data["v"], y_velocities=y[:, 1]
    ).distance == kwass.distance(
        x[:, 0], y[:, 0], x_velocities=x[:, 1], y_velocities=y[:, 1]).distance


def test_arrays_of_openpmd_viewer_are_taken_as_they_are(snapshots, tmp_path):
    viewer = pytest.importorskip("openpmd_viewer", reason="openPMD-viewer is not installed")
    for iteration, file in enumerate((snapshots.first, snapshots.second), 1):
        snapshots.command("convert", file, tmp_path / f"data{iteration:08d}.h5")
    series = viewer.OpenPMDTimeSeries(str(tmp_path))
    (x, v), (y, w) = (
        series.get_particle(["x", "velocity/x"], species="all", iteration=iteration)
        for iteration in (1, 2))
    weights = {name: snapshots.particles[name] for name in ("x_weights", "y_weights")}
    found = kwass.distance(
        x, y, x_velocities=v, y_velocities=w, box=snapshots.box, **weights)
    assert found.distance == pytest.approx(snapshots.distance().distance, rel=1e-6)


def test_arrays_are_views_that_keep_the_result_alive(clouds):
    x, y = clouds
    result = kwass.distance(x, y)
    potentials, triplets, gradient = result.potentials, result.triplets, result.gradient()
    copies = [np.array(each) for each in (*potentials, *triplets, gradient.x, gradient.y_weights)]
    views = [*potentials, *triplets, gradient.x, gradient.y_weights]
    assert all(not view.flags.owndata and not view.flags.writeable for view in views)
    with pytest.raises(ValueError, match="read-only"):
        potentials.x[0] = 1
    del result, potentials, triplets, gradient
    gc.collect()
    # Other results in the same memory, if it was freed.
    others = [kwass.distance(x + shift, y).potentials for shift in range(20)]
    assert len(others) == 20
    assert all(np.array_equal(copy, view) for copy, view in zip(copies, views))


def test_memory_is_given_back():
    import resource

    x, y = np.random.default_rng(3).normal(size=(2, 5000))

    def largest_memory(repetitions):
        for _ in range(repetitions):
            result = kwass.distance(x, y)
            result.gradient(), result.potentials, result.triplets
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = largest_memory(20)
    # A result of so many points holds more than 200 kB.
    assert largest_memory(300) - before < 20_000


def test_a_plan_without_scipy_is_three_arrays(clouds, monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy", None)
    result = kwass.distance(*clouds)
    with pytest.raises(ImportError, match="pip install scipy"):
        result.plan
    assert result.triplets.masses.sum() == pytest.approx(1)


def test_the_plan_is_a_coupling(clouds):
    pytest.importorskip("scipy", reason="SciPy is not installed")
    x, y = clouds
    weights = np.arange(1.0, len(y) + 1)
    result = kwass.distance(x, y, y_weights=weights)
    plan = result.plan
    assert plan.shape == (len(x), len(y))
    np.testing.assert_allclose(plan.sum(axis=1), np.full(len(x), 1 / len(x)), rtol=1e-12)
    np.testing.assert_allclose(plan.sum(axis=0), weights / weights.sum(), rtol=1e-12)
    i, j, mass = result.triplets
    assert np.dot(mass, ((x[i] - y[j]) ** 2).sum(axis=1)) == pytest.approx(result.cost, rel=1e-12)
    f, g = result.potentials
    costs = ((x[:, None] - y) ** 2).sum(axis=2)
    assert (f[:, None] + g <= costs + 1e-12).all()
    assert f.mean() + np.dot(g, weights / weights.sum()) == pytest.approx(result.cost, rel=1e-12)


def test_gradients_are_quotients_of_differences(clouds):
    x, y = clouds[0][:7], clouds[1][:9]
    v, w = clouds[0][7:14, :1], clouds[1][9:18, :1]
    a = np.linspace(1, 2, 7)

    def cost(x, y, v, w, a):
        return kwass.distance(
            x, y, x_velocities=v, y_velocities=w, x_weights=a, metric=kwass.Anisotropic(3)).cost

    gradient = kwass.distance(
        x, y, x_velocities=v, y_velocities=w, x_weights=a, metric=kwass.Anisotropic(3)).gradient()
    step = 1e-6
    for name, index in (("x", 0), ("y", 1), ("x_velocities", 2), ("y_velocities", 3)):
        arguments = [x, y, v, w, a]
        ends = []
        for sign in (1, -1):
            arguments[index] = [x, y, v, w, a][index].copy()
            arguments[index][3, 0] += sign * step
            ends.append(cost(*arguments))
        slope = (ends[0] - ends[1]) / (2 * step)
        assert getattr(gradient, name)[3, 0] == pytest.approx(slope, rel=1e-5, abs=1e-8), name
    assert gradient.x.shape == x.shape and gradient.y_velocities.shape == w.shape
    masses = a / a.sum()
    moved = masses.copy()
    moved[2] += 1e-7
    moved[4] -= 1e-7
    slope = (cost(x, y, v, w, moved) - cost(x, y, v, w, masses)) / 1e-7
    assert gradient.x_weights[2] - gradient.x_weights[4] == pytest.approx(slope, rel=1e-4)
    assert abs(np.dot(masses, gradient.x_weights)) < 1e-12


def test_the_gradient_of_a_divergence_goes_downhill(clouds):
    x, y = clouds
    divergence = kwass.divergence(x, y, regularization=0.5)
    moved = x - len(x) * 0.25 * divergence.gradient().x
    closer = kwass.divergence(moved, y, regularization=0.5, with_gradient=False)
    assert 0 <= closer.divergence < divergence.divergence
    with pytest.raises(kwass.NotAvailableError):
        closer.gradient()


def test_a_density_on_a_grid_is_a_measure():
    nodes = [np.linspace(0, 1, 8, endpoint=False), np.linspace(-2, 2, 9)]
    masses = 1 + np.cos(2 * np.pi * nodes[0])[:, None] * np.exp(-nodes[1] ** 2)
    points = np.stack(np.meshgrid(*nodes, indexing="ij"), axis=-1).reshape(-1, 2)
    uniform = kwass.Measure.from_grid(np.ones((8, 9)), nodes, position_axes=1, box=1)
    for layout in (masses, np.asfortranarray(masses), np.repeat(masses, 2, axis=0)[::2]):
        grid = kwass.Measure.from_grid(layout, nodes, position_axes=1, box=1)
        assert (len(grid), grid.position_axes, grid.velocity_axes) == (72, 1, 1)
        assert grid.total_mass == pytest.approx(masses.sum(), rel=1e-14)
        particles = kwass.Measure(points[:, 0], points[:, 1], masses.ravel(), box=1)
        assert kwass.distance(grid, uniform).distance == kwass.distance(particles, uniform).distance
    with pytest.raises(ValueError, match="one mass for each node"):
        kwass.Measure.from_grid(masses.T, nodes)


def test_results_can_be_pickled(clouds):
    x, y = clouds
    result = kwass.distance(x, y)
    copy = pickle.loads(pickle.dumps(result))
    assert copy.distance == result.distance and repr(copy) == repr(result)
    assert np.array_equal(copy.potentials.x, result.potentials.x)
    assert np.array_equal(copy.triplets.masses, result.triplets.masses)
    assert np.array_equal(copy.gradient().x, result.gradient().x)
    with pytest.raises(TypeError, match="another process"):
        pickle.dumps(kwass.Measure(x))
