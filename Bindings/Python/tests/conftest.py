import json
import os
import subprocess

import numpy as np
import pytest

import kwass


@pytest.fixture(scope="session")
def command():
    """The command `kwass`, built from the same sources, by which values are compared."""
    path = os.environ.get("KWASS_COMMAND")
    if not path:
        pytest.skip("KWASS_COMMAND does not name the command kwass")

    def run(*words):
        done = subprocess.run([path, *map(str, words)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


class Snapshots:
    """Two snapshots as files, and as arguments of the functions."""

    def __init__(self, command, first, second):
        self.command, self.first, self.second = command, first, second
        a, b = np.load(first), np.load(second)
        self.box = a["box"]
        self.arrays = (a["x"], b["x"])
        self.particles = dict(
            x_velocities=a["v"], y_velocities=b["v"], x_weights=a["weight"],
            y_weights=b["weight"])

    def json(self, *options):
        """What the command prints of their distance."""
        return json.loads(self.command("distance", self.first, self.second, "--json", *options))

    def distance(self, **arguments):
        return kwass.distance(*self.arrays, **self.particles, box=self.box, **arguments)

    def sinkhorn(self, **arguments):
        return kwass.sinkhorn(*self.arrays, **self.particles, box=self.box, **arguments)


@pytest.fixture(scope="session")
def snapshots(command, tmp_path_factory):
    """Two samples of a two-stream plasma, with masses of their own."""
    folder = tmp_path_factory.mktemp("snapshots")
    files = []
    for seed, speed in ((1, "2"), (2, "2.2")):
        file = str(folder / f"{seed}.npz")
        command(
            "sample", "two-stream", "--count", 150 + 10 * seed, "--seed", seed, "--beam-speed", speed,
            "-o", file)
        content = dict(np.load(file))
        content["weight"] = 1 + np.arange(len(content["x"])) % 3
        np.savez(file, **content)
        files.append(file)
    return Snapshots(command, *files)


@pytest.fixture
def clouds():
    """Two clouds of points in the plane."""
    generator = np.random.default_rng(7)
    return generator.normal(size=(60, 2)), generator.normal(size=(80, 2)) + 0.5
