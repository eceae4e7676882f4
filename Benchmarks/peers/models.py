#!/usr/bin/env python3
"""What plain numpy, LAPACK and fplanck make of problems of the kinetic models; prints one JSON object.

Usage: models.py eigenvalues CELLS GAMMA ...
       models.py cucker-smale SNAPSHOT.npz EXPONENT REPETITIONS
       models.py fokker-planck AMPLITUDE WAVE TIME CELLS ...

`eigenvalues`: the second of the eigenvalues of the symmetric tridiagonal matrix B^T B of case A, by LAPACK's
dsterf and dstev, for each gamma. `cucker-smale`: the accelerations sum_j m_j phi(|x_i - x_j|) (v_j - v_i) of
agents on the unit torus, phi = (1 + r^2)^-EXPONENT, by numpy's arrays of all pairs. `fokker-planck`: the density at
TIME of particles without inertia in the potential -AMPLITUDE cos x on a circle of the length 2 pi, from
1 + WAVE cos x, by fplanck (finite volumes, and the exponential of their matrix) and as a series of cosines, to rounding.
The times are those of the processor, without imports and reading.
"""
import json
import os
import sys
import time
from importlib.metadata import version

# One core for one core: matrix products would take them all.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy
import scipy
from scipy.linalg import eigh_tridiagonal, expm


def tridiagonal(gamma, cells):
    """Diagonal and off-diagonal of B^T B where W - min W < 45 + barrier, W = v^4/4 gamma - v^2/2."""
    end = numpy.sqrt(gamma + numpy.sqrt(4 * gamma * (45 + gamma / 4)))
    step = 2 * end / cells
    nodes = (numpy.arange(cells + 1) - cells // 2) * step
    edges = nodes[:-1] + step / 2
    w, middle = ((v ** 4 / (4 * gamma) - v ** 2 / 2) for v in (nodes, edges))
    left = -numpy.exp((w[:-1] - middle) / 2) / step
    right = numpy.exp((w[1:] - middle) / 2) / step
    diagonal = numpy.zeros(cells + 1)
    diagonal[:-1] += left ** 2
    diagonal[1:] += right ** 2
    return diagonal, left * right


def eigenvalues(cells, *gammas):
    found = {}
    for driver in ("sterf", "stev"):
        found[driver] = [
            float(numpy.sort(eigh_tridiagonal(
                *tridiagonal(float(gamma), int(cells)), eigvals_only=True, lapack_driver=driver))[1])
            for gamma in gammas]
    return {**found, "version": f"scipy {scipy.__version__}"}


def accelerations(x, v, masses, exponent):
    differences = x[:, None, :] - x[None, :, :]
    differences -= numpy.rint(differences)
    weights = masses * (1 + (differences ** 2).sum(-1)) ** -exponent
    return weights @ v - weights.sum(1)[:, None] * v


def cucker_smale(path, exponent, repetitions):
    with numpy.load(path) as file:
        x, v = file["x"], file["v"]
        masses = file["weight"] if "weight" in file else numpy.ones(len(x))
    masses = masses / masses.sum()
    seconds = []
    for _ in range(int(repetitions)):
        start = time.process_time()
        found = accelerations(x, v, masses, float(exponent))
        seconds.append(time.process_time() - start)
    return {
        "seconds": seconds, "accelerations": found.T.ravel().tolist(),
        "version": f"numpy {numpy.__version__}"}


def fokker_planck(amplitude, wave, until, *cells):
    import fplanck
    from scipy.constants import k

    # The name that numpy had for it until 2.0.
    numpy.product = numpy.prod
    amplitude, wave, until = float(amplitude), float(wave), float(until)
    seconds, densities = [], []
    for count in map(int, cells):
        # A little more than a cell, since fplanck rounds their number up.
        step = 2 * numpy.pi / count
        times = []
        for _ in range(3):
            start = time.process_time()
            solver = fplanck.fokker_planck(
                temperature=1 / k, drag=1, extent=2 * numpy.pi, resolution=step * (1 + 1e-12),
                boundary=fplanck.boundary.periodic, potential=lambda x: -amplitude * numpy.cos(x))
            found = solver.propagate(lambda x: 1 + wave * numpy.cos(x), until)
            times.append(time.process_time() - start)
        seconds.append(min(times))
        densities.append((found / step).tolist())
    return {
        "seconds": seconds, "densities": densities,
        "cosines": cosine_series(amplitude, wave, until).tolist(),
        "version": f"fplanck {version('fplanck')}"}


def cosine_series(amplitude, wave, until, count=48):
    """The same density as a sum of a_k cos kx, by the exponential of a_k' = -k^2 a_k + k/2 A (a_{k-1} - a_{k+1})."""
    waves = numpy.arange(count)
    matrix = numpy.diag(-waves.astype(float) ** 2)
    matrix += numpy.diag(waves[1:] / 2 * amplitude, -1) - numpy.diag(waves[:-1] / 2 * amplitude, 1)
    # cos kx with k = -1 is that with k = 1.
    matrix[1, 0] = amplitude
    start = numpy.zeros(count)
    start[:2] = 1, wave
    return expm(until * matrix) @ start / (2 * numpy.pi)


commands = {
    "eigenvalues": eigenvalues, "cucker-smale": cucker_smale, "fokker-planck": fokker_planck}
print(json.dumps(commands[sys.argv[1]](*sys.argv[2:])))
