"""How long one call of POT takes, its cost matrix included: least and median in microseconds.

Usage: pot.py [DIMENSION]
"""
import sys
import time

import numpy as np
import ot

dimension = int(sys.argv[1]) if len(sys.argv) > 1 else 3
generator = np.random.default_rng(1)
print("n,least_us,median_us")
for n in (1, 10, 30, 60, 90, 100, 200, 300, 1000, 10000):
    times = []
    for _ in range(2 if n >= 10000 else 20 if n >= 1000 else 100 if n >= 300 else 1000):
        x, y = generator.random((n, dimension)), generator.random((n, dimension)) + 0.3
        start = time.perf_counter()
        ot.emd2([], [], ot.dist(x, y), numItermax=10_000_000)
        times.append(time.perf_counter() - start)
    times.sort()
    print(f"{n},{1e6 * times[0]:.1f},{1e6 * times[len(times) // 2]:.1f}", flush=True)
