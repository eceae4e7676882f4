#!/usr/bin/env python3
"""Solves an entropic transport problem with POT or OTT-JAX and prints one JSON object.

Usage: sinkhorn.py pot|ott SOURCE.npz TARGET.npz REGULARIZATION TOLERANCE SECONDS
The cost is the squared Euclidean norm of (x, v). The solver is continued until the marginal error
|row sums - a|_1 + |column sums - b|_1, recomputed here from its potentials, is at most TOLERANCE, or
until it has taken SECONDS. The time is that of its cost matrix and iterations; imports, compilation
and our recomputation are left out.
"""
import json
import sys
import time

import numpy
from scipy.special import logsumexp

from snapshots import read


def marginal_error(logplan, a, b):
    rows, columns = (numpy.exp(logsumexp(logplan, axis=axis)) for axis in (1, 0))
    return float(abs(rows - a).sum() + abs(columns - b).sum())


def pot(x, a, y, b, regularization, tolerance, limit):
    import ot

    start = time.perf_counter()
    costs = ot.dist(x, y, metric="sqeuclidean")
    seconds = time.perf_counter() - start
    warm, iterations, chunk, threshold = None, 0, 20, tolerance
    while True:
        start = time.perf_counter()
        _, log = ot.bregman.sinkhorn_log(
            a, b, costs, regularization, numItermax=chunk, stopThr=threshold, log=True, warn=False,
            warmstart=warm)
        seconds += time.perf_counter() - start
        iterations += log["niter"] + 1
        warm = (log["log_u"], log["log_v"])
        error = marginal_error(log["log_u"][:, None] + log["log_v"] - costs / regularization, a, b)
        if error <= tolerance or seconds >= limit:
            return seconds, iterations, error, ot.__version__
        chunk = max(5, min(2 * chunk, int(chunk * (limit - seconds) / max(seconds, 1))))
        # POT stops by the Euclidean norm of one marginal, which is smaller than ours.
        threshold = 0.0


def ott(x, a, y, b, regularization, tolerance, limit):
    import jax

    jax.config.update("jax_enable_x64", True)
    import ott as library
    from ott.geometry import pointcloud
    from ott.problems.linear import linear_problem
    from ott.solvers.linear import sinkhorn

    geometry = pointcloud.PointCloud(x, y, epsilon=regularization)
    problem = linear_problem.LinearProblem(geometry, a=a, b=b)
    few = jax.jit(sinkhorn.Sinkhorn(threshold=0.0, min_iterations=20, max_iterations=20))
    jax.block_until_ready(few(problem).f)
    start = time.perf_counter()
    jax.block_until_ready(few(problem).f)
    per_iteration = (time.perf_counter() - start) / 20
    count = max(20, int(limit / per_iteration) // 10 * 10)
    solver = jax.jit(sinkhorn.Sinkhorn(threshold=tolerance / 2, max_iterations=count))
    # Compiled without being run.
    compiled = solver.lower(problem).compile()
    start = time.perf_counter()
    output = compiled(problem)
    jax.block_until_ready(output.f)
    seconds = time.perf_counter() - start
    costs = ((x[:, None, :] - y[None, :, :]) ** 2).sum(-1)
    # OTT's potentials contain the masses: its plan is exp((f + g - c) / epsilon).
    logplan = (numpy.asarray(output.f)[:, None] + numpy.asarray(output.g) - costs) / regularization
    return seconds, int(output.n_iters), marginal_error(logplan, a, b), library.__version__


name, source, target = sys.argv[1:4]
regularization, tolerance, limit = map(float, sys.argv[4:7])
(x, a), (y, b) = read(source), read(target)
seconds, iterations, error, version = {"pot": pot, "ott": ott}[name](
    x, a, y, b, regularization, tolerance, limit)
print(json.dumps({
    "seconds": seconds, "iterations": iterations, "marginalError": error, "version": version}))
