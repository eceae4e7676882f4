"""Writes the openPMD files that the tests read: python3 make_hdf5.py, in this directory (h5py)."""

import h5py
import numpy as np

ELECTRON = 9.1093837015e-31
C = 299792458.0


def put(group, name, values, unit, **attributes):
    """A record component: a dataset, or a constant when `values` is a pair (value, count)."""
    if isinstance(values, tuple):
        component = group.create_group(name)
        component.attrs["value"] = values[0]
        component.attrs["shape"] = np.array([values[1]], dtype="u8")
    else:
        component = group.create_dataset(
            name, data=values, chunks=(2,), compression="gzip", shuffle=True)
    component.attrs["unitSI"] = np.longdouble(unit)
    for key, value in attributes.items():
        component.attrs[key] = value


with h5py.File("edpic.h5", "w", libver=("earliest", "v110"), track_order=False) as file:
    file.attrs["openPMD"] = np.bytes_("1.1.0")
    file.attrs["openPMDextension"] = np.uint32(1)
    file.attrs["basePath"] = np.bytes_("/data/%T/")
    file.attrs["particlesPath"] = np.bytes_("particles/")
    file.attrs["meshesPath"] = "fields/"
    file.attrs["iterationEncoding"] = np.bytes_("groupBased")
    file.attrs["software"] = "a test"
    for iteration in [0, 100]:
        base = file.create_group(f"/data/{iteration}")
        base.attrs["time"] = np.longdouble(iteration / 4)
        base.attrs["dt"] = np.float32(0.25)
        base.attrs["timeUnitSI"] = 1e-15
        fields = base.create_group("fields")
        fields.attrs["particleBoundary"] = np.array(
            [b"periodic", b"periodic", b"absorbing", b"absorbing"])
        rho = fields.create_dataset("rho", data=np.zeros((4, 8), dtype="f4"))
        rho.attrs["geometry"] = np.bytes_("cartesian")
        rho.attrs["axisLabels"] = np.array([b"x", b"z"])
        rho.attrs["gridSpacing"] = np.array([0.5, 0.25], dtype="f4")
        rho.attrs["gridGlobalOffset"] = np.array([0.0, 0.0])
        rho.attrs["gridUnitSI"] = np.longdouble(1e-6)
        # The ions rest and are all alike but for their places.
        for name, mass in [("electrons", ELECTRON), ("ions", 1836 * ELECTRON)]:
            species = base.create_group(f"particles/{name}")
            n = 4 if name == "electrons" else 2
            weight = np.arange(1, n + 1).astype("f4") * 2
            position = species.create_group("position")
            put(position, "x", np.arange(n, dtype="f4") / 4, 0.5e-6)
            put(position, "z", (0.5, n), 1e-6)
            offset = species.create_group("positionOffset")
            put(offset, "x", np.arange(n, dtype="i4"), 0.5e-6)
            put(offset, "z", (0.25 + iteration, n), 1e-6)
            momentum = species.create_group("momentum")
            # Of the whole macroparticle, in units of m c: γv = (0.75, 0, 0) c, so that v = 0.6 c.
            momentum.attrs["macroWeighted"] = np.uint32(1)
            momentum.attrs["weightingPower"] = 1.0
            put(momentum, "x", 0.75 * weight.astype("f8"), mass * C)
            put(momentum, "z", (0.0, n), mass * C)
            put(species, "weighting", weight, 1.0, macroWeighted=np.uint32(1), weightingPower=1.0)
            put(species, "mass", (mass, n), 1.0, macroWeighted=np.uint32(0), weightingPower=1.0)

with h5py.File("no-openpmd.h5", "w") as file:
    file["x"] = np.arange(3.0)

# f = x + 10 v on 3 × 2 nodes, and the same with a first dimension and a repeated end.
nodes, speeds = np.array([0.0, 1.0, 2.0]), np.array([-1.0, 1.0])
density = 20 + nodes[:, None] + 10 * speeds[None, :]
np.savez("grid.npz", f=density, x=nodes, v=speeds, time=3.0)
with h5py.File("VOICEXX_initstate.h5", "w") as file:
    file["MeshX"] = np.array([0.0, 1.0, 2.0, 3.0])
    file["MeshVx"] = speeds
with h5py.File("VOICEXX_00007.h5", "w") as file:
    file["fdistribu"] = np.stack([np.vstack([density, density[:1]]), np.zeros((4, 2))])
    file["time_saved"] = 3.0
with h5py.File("arrays.h5", "w") as file:
    file["run/x"] = np.arange(6.0).reshape(3, 2)
    file["run/p"] = np.array([1, -2, 3], dtype=">i2")
    file["run/w"] = np.array([1, 2, 3], dtype="f4")

with h5py.File("claims.h5", "w") as file:
    file.attrs["openPMD"] = "2.0.0"
    file.attrs["basePath"] = "/"
    file.attrs["particlesPath"] = "/"
    # Half a gigabyte that was never written.
    file.create_dataset("position/x", shape=(1 << 26,), dtype="f8", chunks=(1 << 20,))

# Identities of every kind; one particle of the first species is lost.
with h5py.File("ids.h5", "w") as file:
    file.attrs["openPMD"] = "2.0.0"
    file.attrs["openPMDextension"] = "BeamPhysics"
    file.attrs["basePath"] = "/data/%T/"
    file.attrs["particlesPath"] = "particles/"
    for name, ids in [
        ("lost", np.array([2**64 - 1, 7, 0], dtype="u8")),
        ("signed", np.array([5, 3, 2**62], dtype=">i8")),
        ("negative", np.array([5, -3, 4], dtype="i4")),
        ("floating", np.array([1.0, 2.0, 3.0])),
        ("few", np.array([1, 2], dtype="u1")),
    ]:
        species = file.create_group(f"data/3/particles/{name}")
        species["position/x"] = np.array([1.0, 2.0, 3.0])
        species["id"] = ids
        if name == "lost":
            species["particleStatus"] = np.array([1, 3, 1])

# The two files of SMILEI's tracked particles: as the code writes them, and as happi has ordered them.
# Particle 2^32 + 1 comes later than the others, and is last after the ordering.
TRACKED = 2**32 + 1
with h5py.File("TrackParticlesDisordered_eon.h5", "w") as file:
    file.attrs["openPMD"] = np.bytes_("1.0.0")
    file.attrs["openPMDextension"] = np.uint32(1)
    file.attrs["basePath"] = np.bytes_("/data/%T/")
    file.attrs["particlesPath"] = np.bytes_("particles/")
    file.attrs["meshesPath"] = np.bytes_("no_meshes")
    file.attrs["iterationEncoding"] = np.bytes_("groupBased")
    for step, ids in [(0, [2, 1]), (50, [TRACKED, 1, 2])]:
        base = file.create_group(f"data/{step:010d}")
        base.attrs["time"], base.attrs["dt"], base.attrs["timeUnitSI"] = 0.1 * step, 0.1, 1.0
        base["latest_IDs"] = np.array([2, TRACKED], dtype="u8")
        species = base.create_group("particles/eon")
        species["id"] = np.array(ids, dtype="u8")
        species["charge"] = -np.ones(len(ids), dtype="i2")
        species["weight"] = np.array([0.5 if i == 2 else 0.25 for i in ids])
        for axis, factor in [("x", 1.0), ("y", 2.0)]:
            species[f"position/{axis}"] = np.array([factor * (i % 2**32) + step for i in ids])
            offset = species.create_group(f"positionOffset/{axis}")
            offset.attrs["value"], offset.attrs["shape"] = 0.0, np.array([len(ids)], dtype="u8")
            offset.attrs["unitSI"] = 1.0
        for axis, factor in [("x", 0.1), ("y", 0.2), ("z", 0.3)]:
            momentum = np.array([factor * (i % 2**32) for i in ids])
            species.create_dataset(f"momentum/{axis}", data=momentum).attrs["unitSI"] = 1.0

with h5py.File("TrackParticles_eon.h5", "w") as file:
    ids = np.array([[1, 2, 0], [1, 2, TRACKED]], dtype="u8")
    steps = np.array([[0.0], [50.0]])
    number = np.where(ids > 0, ids % 2**32, np.nan)
    file["Id"] = ids
    file["q"] = np.where(ids > 0, -1, 0).astype("i2")
    file["w"] = np.where(ids == 2, 0.5, np.where(ids > 0, 0.25, np.nan))
    file["x"], file["y"] = number + steps, 2 * number + steps
    for axis, factor in [("x", 0.1), ("y", 0.2), ("z", 0.3)]:
        file[f"p{axis}"] = factor * number
    file["Times"] = np.array([0, 50])
    file["unique_Ids"] = np.array([1, 2, TRACKED], dtype="u8")
    file.attrs["latestOrdered"], file.attrs["finished_ordering"] = 1, True

# Numbers of each kind in deflated chunks, the last of which is not full, shuffled before or not.
with h5py.File("packed.h5", "w") as file:
    file.attrs["openPMD"] = np.bytes_("1.1.0")
    file.attrs["basePath"] = np.bytes_("/data/%T/")
    file.attrs["particlesPath"] = np.bytes_("particles/")
    species = file.create_group("data/0/particles/e")
    index = np.arange(1000)
    for name, values, shuffle in [
        ("position/x", (index / 8).astype("f4"), True), ("position/y", index / 3, True),
        ("positionOffset/x", -index.astype("i4"), False), ("positionOffset/y", 0 * index, True),
        ("velocity/x", (7 * index).astype("i4"), True), ("velocity/y", index / 7, False),
        ("weighting", (index % 5).astype("f4"), False), ("id", index.astype("u8"), True),
    ]:
        species.create_dataset(
            name, data=values, chunks=(64,), compression="gzip", shuffle=shuffle)
