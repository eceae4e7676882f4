#!/usr/bin/env python3
"""Loads a snapshot with numpy or h5py as doubles, and prints one JSON object.

Usage: load.py FILE REPETITIONS
"""
import json
import sys
import time

import h5py
import numpy


def load(path):
    if path.endswith(".csv"):
        with open(path, encoding="utf-8") as file:
            header = next(line for line in file if not line.startswith("#"))
            return numpy.loadtxt(file, delimiter=",", ndmin=2), header
    if path.endswith(".npz"):
        with numpy.load(path) as file:
            return [file[name] for name in file]
    if path.endswith(".npy"):
        return numpy.load(path)
    found = []
    with h5py.File(path) as file:
        file["data"].visititems(
            lambda name, item: found.append(item[()]) if isinstance(item, h5py.Dataset) else None)
    return found


path, repetitions = sys.argv[1], int(sys.argv[2])
seconds = []
for _ in range(repetitions):
    start = time.perf_counter()
    load(path)
    seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": seconds}))
