"""Reads the snapshots that the benchmarks hand to other libraries."""
import numpy


def read(path):
    """The points of an .npz snapshot, positions before velocities, and their masses with sum 1."""
    with numpy.load(path) as file:
        points = numpy.hstack([file[name] for name in ("x", "v") if name in file])
        weights = file["weight"] if "weight" in file else numpy.ones(len(points))
    return points, weights / weights.sum()
