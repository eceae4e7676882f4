#!/usr/bin/env python3
"""Milliseconds for a call of kwass from Python beside POT and SciPy, numpy arrays in and a cost out.

Usage: calls.py [--sizes 1,30,100] [--dimension 2] [--exponent 1|2] [--seconds 5] [--longest 60]

The problems are two normal clouds of n points with equal masses. "POT" makes its cost matrix by ot.dist
and solves by ot.emd2; "POT lazy" is ot.lp.emd2_lazy; "SciPy" is cdist and linear_sum_assignment. For each
size all of them are called in turn until each has taken `seconds` or 2000 calls, and at least once; what would
take longer than `longest` seconds, judged by the size before, is left out. Costs that differ by more than
a rounding end the run.
"""
import argparse
import os
import statistics
import sys
import time

os.environ["POT_BACKEND_DISABLE_JAX"] = "1"
os.environ["POT_BACKEND_DISABLE_PYTORCH"] = "1"
import numpy as np
import ot
import scipy
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

import kwass


def metric(exponent):
    return "sqeuclidean" if exponent == 2 else "euclidean"


def by_kwass(x, y, exponent):
    return kwass.distance(x, y, p=exponent).cost


def by_pot(x, y, exponent):
    uniform = [np.full(len(points), 1 / len(points)) for points in (x, y)]
    return ot.emd2(*uniform, ot.dist(x, y, metric(exponent)), numItermax=10**9)


def by_pot_lazy(x, y, exponent):
    return ot.lp.emd2_lazy(x, y, metric=metric(exponent), numItermax=10**9, return_matrix=False)


def by_scipy(x, y, exponent):
    costs = cdist(x, y, metric(exponent))
    return costs[linear_sum_assignment(costs)].mean()


MOST_CALLS = 2000
PEERS = {"kwass": by_kwass, "POT": by_pot, "POT lazy": by_pot_lazy, "SciPy": by_scipy}


def measure(x, y, exponent, peers, seconds):
    """The times of all calls, by peer."""
    times, costs, total = {name: [] for name in peers}, {}, dict.fromkeys(peers, 0.0)
    while True:
        waiting = [
            name for name in peers
            if not times[name] or total[name] < seconds and len(times[name]) < MOST_CALLS]
        if not waiting:
            break
        for name in waiting:
            start = time.perf_counter()
            costs[name] = PEERS[name](x, y, exponent)
            times[name].append(time.perf_counter() - start)
            total[name] += times[name][-1]
    for name, cost in costs.items():
        if abs(cost - costs["kwass"]) > 1e-9 * abs(costs["kwass"]) + 1e-13:
            sys.exit(f"calls.py: {name} says {cost!r} for {len(x)} points, and kwass {costs['kwass']!r}")
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", default="1,30,100,300,1000,10000")
    parser.add_argument("--dimension", type=int, default=2)
    parser.add_argument("--exponent", type=int, choices=(1, 2), default=2)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--longest", type=float, default=60)
    options = parser.parse_args()
    print(f"kwass {kwass.__version__}, POT {ot.__version__}, SciPy {scipy.__version__}; {os.cpu_count()} processors; "
          f"D = {options.dimension}, p = {options.exponent}; best / median milliseconds")
    print("| n      |" + "".join(f" {name:19} |" for name in PEERS))
    print("|--------|" + "---------------------|" * len(PEERS))
    last, left = {name: 0.0 for name in PEERS}, set()
    last_size = None
    for size in map(int, options.sizes.split(",")):
        generator = np.random.default_rng(size)
        x, y = generator.normal(size=(2, size, options.dimension))
        y += 0.5
        if last_size:
            left |= {
                name for name in PEERS
                if name != "kwass" and last[name] * (size / last_size) ** 2.5 > options.longest}
        times = measure(x, y, options.exponent, [name for name in PEERS if name not in left], options.seconds)
        cells = []
        for name in PEERS:
            found = times.get(name)
            cells.append(
                f"{min(found) * 1e3:.3g} / {statistics.median(found) * 1e3:.3g}" if found else "left out")
        print(f"| {size:6} |" + "".join(f" {cell:19} |" for cell in cells), flush=True)
        last, last_size = {name: min(times.get(name, [0.0])) for name in PEERS}, size


main()
