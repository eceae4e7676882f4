"""Writes the numpy files that the tests read: python3 make.py, in this directory."""

import io
import zipfile

import numpy as np

x = np.array([[0.1, -2.5], [1 / 3, 2.0 ** -1028], [7.0, 1e300]])
v = np.array([[-0.0, 1.5], [2.0 ** 53 + 2, -1e-5], [np.pi, 3.0]])
weight = np.array([1.0, 0.0, 2.5])
whole = np.array([[1, -2, 3, -4], [5, 6, -7, 8]])

np.savez("plain.npz", x=x, v=v, weight=weight, time=0.75, box=[1.0, np.inf])
np.savez_compressed("compressed.npz", x=x, v=v, weight=weight, time=0.75, box=[1.0, np.inf])
np.savez("column-major.npz", x=np.asfortranarray(x), v=np.asfortranarray(v), weight=weight)
np.savez("one-axis.npz", x=x[:, 0], v=v[:, 0].astype(">f4"))
np.savez("no-positions.npz", v=v, weight=weight)
np.savez_compressed("many-zeros.npz", x=np.zeros((50_000, 1)), weight=np.ones(50_000))
np.save("big-endian.npy", np.hstack([x, v]).astype(">f8"))
np.save("column-major.npy", np.asfortranarray(np.hstack([x, v])))
np.save("single.npy", whole.astype("<f4") / 8)
for name in ["i1", "i2", "i4", "i8", ">i8", "u1", "u2", "u4", ">u4", "u8"]:
    unsigned = np.abs(whole) if "u" in name else whole
    np.save(f"integers-{name.replace('>', 'big-')}.npy", unsigned.astype(name))
with open("version-2.npy", "wb") as file:
    np.lib.format.write_array(file, np.hstack([x, v]), version=(2, 0))


class Pipe(io.RawIOBase):
    """A file that cannot seek, so that sizes and checksums follow the members."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


with open("streamed.npz", "wb") as file:
    with zipfile.ZipFile(Pipe(file), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in {"x": x, "v": v, "weight": weight}.items():
            with archive.open(name + ".npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array)
