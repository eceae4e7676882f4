#!/usr/bin/env python3
"""Solves an entropic transport problem with POT's sinkhorn_log, and prints one JSON object.

Usage: sinkhorn.py SOURCE.npz TARGET.npz REGULARIZATION TOLERANCE ITERATIONS
The files are kwass snapshots in free space; the cost is the squared distance. POT stops when the
Euclidean norm of one marginal's error is below the tolerance; "marginalError" is the sum of the
absolute errors of both marginals of the plan that it returns, recomputed here.
"""
import json
import sys
import time
import warnings

import numpy
import ot


def read(path):
    with numpy.load(path) as file:
        points = numpy.hstack([file[name] for name in ("x", "v") if name in file])
        weights = file["weight"] if "weight" in file else numpy.ones(len(points))
    return points, weights / weights.sum()


(x, a), (y, b) = read(sys.argv[1]), read(sys.argv[2])
regularization, tolerance, iterations = float(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
start = time.perf_counter()
costs = ot.dist(x, y, metric="sqeuclidean")
with warnings.catch_warnings(record=True):
    warnings.simplefilter("always")
    plan, log = ot.bregman.sinkhorn_log(
        a, b, costs, regularization, numItermax=iterations, stopThr=tolerance, log=True)
seconds = time.perf_counter() - start
error = abs(plan.sum(1) - a).sum() + abs(plan.sum(0) - b).sum()
print(json.dumps({
    "seconds": seconds, "cost": float((plan * costs).sum()), "marginalError": float(error),
    "statedError": float(log["err"][-1]), "iterations": int(log["niter"]) + 1,
    "version": ot.__version__}))
