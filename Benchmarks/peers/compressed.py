#!/usr/bin/env python3
"""Writes an openPMD file as a particle-in-cell code does: float32 in compressed chunks, with offsets,
momenta, weights and identities.

Usage: compressed.py FILE PARTICLES
"""
import sys

import h5py
import numpy

path, count = sys.argv[1], int(sys.argv[2])
random = numpy.random.default_rng(1)
electron, light = 9.1093837015e-31, 299792458.0
with h5py.File(path, "w") as file:
    file.attrs["openPMD"] = numpy.bytes_("1.1.0")
    file.attrs["openPMDextension"] = numpy.uint32(1)
    file.attrs["basePath"] = numpy.bytes_("/data/%T/")
    file.attrs["particlesPath"] = numpy.bytes_("particles/")
    species = file.create_group("data/0/particles/electrons")

    def put(name, values, unit, **attributes):
        component = species.create_dataset(
            name, data=values, chunks=(min(count, 65536),), compression="gzip",
            compression_opts=1, shuffle=True)
        component.attrs["unitSI"] = unit
        for key, value in attributes.items():
            component.attrs[key] = value

    for axis in "xyz":
        put(f"position/{axis}", random.random(count).astype("f4"), 1e-6)
        put(f"positionOffset/{axis}", random.integers(0, 100, count).astype("i4"), 1e-6)
        put(f"momentum/{axis}", random.normal(size=count).astype("f4"), electron * light)
    put("weighting", random.random(count).astype("f4"), 1.0, macroWeighted=numpy.uint32(1),
        weightingPower=1.0)
    put("id", numpy.arange(count, dtype="u8"), 1.0)
    mass = species.create_group("mass")
    mass.attrs["value"], mass.attrs["unitSI"] = electron, 1.0
    mass.attrs["shape"] = numpy.array([count], dtype="u8")
