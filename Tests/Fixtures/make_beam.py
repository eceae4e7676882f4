"""Writes the beams of the documentation: python3 make_beam.py, in this directory (h5py).

400 electrons of 10 MeV/c at a screen, and a metre further on at another one, in the layout of openPMD's extension
BeamPhysics. Halfway stands a thin quadrupole of a focal length of 0.8 m behind an aperture of 0.9 mm. In the second
file the quadrupole is stronger by 5 % and the numbers are the same; in the third one it is as in the first, and the
particles are others.
"""

import h5py
import numpy as np

COUNT = 400
MOMENTUM = 10e6
MASS = 510998.95
CHARGE = 1e-12
EV_OVER_C = 1.602176634e-19 / 299792458.0


def constant(group, name, value, unit):
    component = group.create_group(name)
    component.attrs["value"] = value
    component.attrs["shape"] = np.array([COUNT], dtype="u8")
    component.attrs["unitSI"] = unit


def write_screen(file, number, z, positions, momenta, alive):
    beam = file.create_group(f"screen/{number}")
    beam.attrs["speciesType"] = np.bytes_("electron")
    beam.attrs["numParticles"] = COUNT
    beam.attrs["totalCharge"] = COUNT * CHARGE
    beam.attrs["chargeUnitSI"] = 1.0
    for record, unit, components in [("position", 1.0, positions), ("momentum", EV_OVER_C, momenta)]:
        for axis, values in components.items():
            beam.create_dataset(f"{record}/{axis}", data=values.astype("f4")).attrs["unitSI"] = unit
    constant(beam["position"], "z", 0.0, 1.0)
    for axis, offset in [("x", 0.0), ("y", 0.0), ("z", z)]:
        constant(beam.require_group("positionOffset"), axis, offset, 1.0)
    speed = 299792458.0 / np.hypot(1, MASS / MOMENTUM)
    constant(beam, "time", z / speed, 1.0)
    # In coulomb.
    constant(beam, "weight", CHARGE, 1.0)
    beam["weight"].attrs["unitDimension"] = [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0]
    beam.create_dataset("particleStatus", data=np.where(alive, 1, 3).astype("i1"))


def drift(positions, momenta, length):
    return {axis: x + length * momenta[axis] / momenta["z"] for axis, x in positions.items()}


def write(name, focal_length, seed):
    rng = np.random.default_rng(seed)
    # A normalised emittance of 1 µm, and an energy spread of a thousandth.
    positions = {axis: rng.normal(0, 3e-4, COUNT) for axis in "xy"}
    momenta = {axis: rng.normal(0, 1e-6 * MASS / 3e-4, COUNT) for axis in "xy"}
    momenta["z"] = MOMENTUM * (1 + rng.normal(0, 1e-3, COUNT))
    with h5py.File(name, "w", libver=("earliest", "v110")) as file:
        for name, text in [
            ("openPMD", "2.0.0"), ("openPMDextension", "BeamPhysics;SpeciesType"), ("basePath", "/screen/%T/"),
            ("particlesPath", "./"),
        ]:
            file.attrs[name] = np.bytes_(text)
        write_screen(file, 0, 0.0, positions, momenta, np.ones(COUNT, dtype=bool))
        positions = drift(positions, momenta, 0.5)
        alive = np.hypot(positions["x"], positions["y"]) < 9e-4
        for axis, sign in [("x", -1), ("y", 1)]:
            momenta[axis] = momenta[axis] + sign * positions[axis] / focal_length * MOMENTUM
        positions = drift(positions, momenta, 0.5)
        write_screen(file, 1, 1.0, positions, momenta, alive)


write("beam.h5", 0.8, 1)
write("beam-strong.h5", 0.8 / 1.05, 1)
write("beam-other.h5", 0.8, 2)
