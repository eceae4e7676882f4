#!/usr/bin/env python3
"""Solves a transport problem with POT, its cost matrix included, and prints one JSON object.

Usage: emd2.py SOURCE.npz TARGET.npz EXPONENT REPETITIONS
The files are kwass snapshots in free space; the cost is the Euclidean norm of (x, v) to a power.
"""
import json
import os
import sys
import time

# Other backends would only add to the memory.
os.environ["POT_BACKEND_DISABLE_JAX"] = "1"
import ot

from snapshots import read


def solve(source, target, exponent):
    (x, a), (y, b) = source, target
    costs = ot.dist(x, y, metric="sqeuclidean" if exponent == 2 else "euclidean")
    if exponent not in (1, 2):
        costs **= exponent
    cost, log = ot.emd2(a, b, costs, numItermax=10**9, log=True)
    if log["warning"]:
        sys.exit(f"emd2.py: POT reports: {log['warning']}")
    return float(cost)


source, target = read(sys.argv[1]), read(sys.argv[2])
exponent, repetitions = float(sys.argv[3]), int(sys.argv[4])
seconds = []
for _ in range(repetitions):
    start = time.perf_counter()
    cost = solve(source, target, exponent)
    seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": seconds, "cost": cost, "version": ot.__version__}))
