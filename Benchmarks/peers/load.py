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


def checked(path):
    """What `load` gives, every number checked, and the numbers of each coordinate together."""
    found = load(path)
    arrays = found if isinstance(found, list) else [item for item in found if not isinstance(item, str)] \
        if isinstance(found, tuple) else [found]
    columns = []
    for array in arrays:
        # A box may be infinite.
        if array.size > 16 and not numpy.isfinite(array).all():
            raise ValueError("not finite")
        columns.append(numpy.ascontiguousarray(array.T, dtype="f8"))
    return columns


def timed(work, path):
    start = time.perf_counter()
    work(path)
    return time.perf_counter() - start


path, repetitions = sys.argv[1], int(sys.argv[2])
print(json.dumps({
    "seconds": [timed(load, path) for _ in range(repetitions)],
    "checked": [timed(checked, path) for _ in range(repetitions if repetitions > 1 else 0)]}))
