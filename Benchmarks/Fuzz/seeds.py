#!/usr/bin/env python3
"""Makes the first inputs of the fuzzer: valid files, each with a last byte that chooses options.

Usage: seeds.py FIXTURES CORPUS
"""
import glob
import os
import re
import struct
import sys
import zipfile

fixtures, corpus = sys.argv[1:]
# Each bit is an option of Target.swift.
CHOICES = [0, 1 | 2 | 4 | 8, 4 | 8, 8, 16 | 32, 64, 64 | 128]


def seed(reader, name, content, choices=(0,)):
    folder = os.path.join(corpus, reader)
    os.makedirs(folder, exist_ok=True)
    for choice in choices:
        with open(os.path.join(folder, f"seed-{name}-{choice}"), "wb") as file:
            file.write(content + bytes([choice]))


def gkyl(cells, coefficients, real, ranges):
    """A Gkeyll field of one range (type 1) or of several (type 3)."""
    dimension = len(cells)
    count = 1
    for size in cells:
        count *= size
    number = "f" if real == 1 else "d"
    metadata = b"\x82\xa4time\xcb" + struct.pack(">d", 0.5) + b"\xa9polyOrder\x01"
    head = b"gkyl0" + struct.pack("<QQQ", 1, 1 if ranges == 1 else 3, len(metadata)) + metadata
    head += struct.pack("<QQ", real, dimension) + struct.pack(f"<{dimension}Q", *cells)
    head += struct.pack(f"<{dimension}d", *[-1.0] * dimension)
    head += struct.pack(f"<{dimension}d", *[2.0] * dimension)
    cell = coefficients * struct.calcsize(number)
    data = struct.pack(f"<{count * coefficients}{number}", *[
        1.0 if index % coefficients == 0 else 0.1 for index in range(count * coefficients)])
    if ranges == 1:
        return head + struct.pack("<QQ", cell, count) + data
    head += struct.pack("<QQQ", cell, count, 1) + struct.pack(f"<{dimension}Q", *[1] * dimension)
    return head + struct.pack(f"<{dimension}Q", *cells) + struct.pack("<Q", count) + data


for path in glob.glob(os.path.join(fixtures, "*.*")):
    name, extension = os.path.splitext(os.path.basename(path))
    if extension in (".npy", ".npz", ".h5"):
        with open(path, "rb") as file:
            seed("libhdf5" if extension == ".h5" else extension[1:], name, file.read(), CHOICES if extension == ".h5" else (0, 16))
NAMES = ["x", "v", "weight", "time", "box", "id", "f"]
for path in glob.glob(os.path.join(fixtures, "*.npz")):
    members = b""
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            name, content = os.path.splitext(member)[0], archive.read(member)
            if name in NAMES and len(content) < 65536:
                members += bytes([NAMES.index(name)]) + struct.pack("<H", len(content)) + content
    seed("arrays", os.path.basename(path), members, (0, 16))
seed("csv", "plain", b"""# time=0.5 box=1,free
x1,x2,v1,v2,weight,id
0.25,1e-3,-3,4.0,1,7
.5,-7.125,0,12345678901234567890,2e0,8
""")
seed("csv", "letters", b'\xef\xbb\xbf"X", vx ,y\r\n 1,2,+3.5E-7\r\n#a=b;box = 1, 2\r\n\r\n4,5,1e400\r\n')
for dimension in (1, 2, 3):
    for real in (1, 2):
        for ranges in (1, 2):
            for order, coefficients in ((1, 2**dimension), (2, (3, 8, 20)[dimension - 1])):
                seed("gkyl", f"{dimension}-{real}-{ranges}-{order}",
                     gkyl([3, 2, 2][:dimension], coefficients, real, ranges), (0, 32, 128))


# Names and texts in the order of InventedFile.swift.
SOURCE = open(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                           "Sources/fuzz-readers/InventedFile.swift"), encoding="utf-8").read()


def words(beginning):
    start = SOURCE.index(beginning)
    return re.findall(r'"([^"]*)"', SOURCE[start:SOURCE.index("\n  ]", start)])


OBJECTS, TEXTS = words("static let names = ["), words("static let texts = [")
ATTRIBUTE, GROUP, DATASET = 0, 1, 2
# The shape of a list, and that of rows of two.
LINE, ROWS = 1, 4 * 2 + 1


def thing(kind, name, place, values, shape=3):
    """An object of an invented file; texts, whole numbers from 0 to 255, or doubles."""
    if values and isinstance(values[0], str):
        kind, data = kind | 4 << 2, bytes(TEXTS.index(value) for value in values)
    elif all(isinstance(value, int) for value in values):
        kind, data = kind | 3 << 2, bytes(values)
    else:
        data = struct.pack(f"<{len(values)}d", *values)
    return bytes([kind, OBJECTS.index(name), place, shape]) + struct.pack("<H", len(data)) + data


def openpmd(box):
    file = thing(ATTRIBUTE, "openPMD", 0, ["1.1.0"]) + thing(ATTRIBUTE, "basePath", 0, ["/data/%T/"])
    file += thing(ATTRIBUTE, "particlesPath", 0, ["particles/"])
    file += thing(GROUP, "data", 0, []) + thing(GROUP, "100", 1, []) + thing(GROUP, "particles", 2, [])
    file += thing(GROUP, "electrons", 3, []) + thing(GROUP, "position", 4, [])
    file += thing(GROUP, "momentum", 4, []) + thing(DATASET, "x", 5, [0.5, 0.25, 0.75], LINE)
    file += thing(DATASET, "x", 6, [1.0, -1.0, 2.0], LINE) + thing(DATASET, "weighting", 4, [1.0, 2.0, 3.0], LINE)
    file += thing(DATASET, "id", 4, [1, 2, 3], LINE) + thing(ATTRIBUTE, "time", 2, [0.5])
    if box:
        file += thing(ATTRIBUTE, "meshesPath", 0, ["meshes/"]) + thing(GROUP, "meshes", 2, [])
        file += thing(ATTRIBUTE, "particleBoundary", 11, ["periodic", "periodic"])
        file += thing(DATASET, "rho", 7, [1.0, 1.0], LINE) + thing(ATTRIBUTE, "geometry", 12, ["cartesian"])
        file += thing(ATTRIBUTE, "axisLabels", 12, ["x"]) + thing(ATTRIBUTE, "gridSpacing", 12, [0.5])
    return file


seed("h5", "openpmd", openpmd(False), CHOICES)
seed("h5", "openpmd-box", openpmd(True), CHOICES)
seed("h5", "tracks", thing(DATASET, "Times", 0, [0, 100], LINE) + thing(DATASET, "Id", 0, [1, 2, 3, 0], ROWS)
     + b"".join(thing(DATASET, name, 0, [0.5, 1.5, 2.5, 3.5], ROWS) for name in ("x", "y", "px", "w")), CHOICES)
seed("h5", "arrays", thing(GROUP, "run", 0, []) + b"".join(
    thing(DATASET, name, 1, values, LINE) for name, values in (
        ("x", [0.5, 0.25]), ("p", [1, 2]), ("w", [1.0, 2.0]))), CHOICES)
seed("h5", "grid", thing(DATASET, "fdistribu", 0, [1.0, 2.0, 3.0, 4.0], ROWS) + b"".join(
    thing(DATASET, name, 0, values, LINE) for name, values in (
        ("x", [0.0, 0.5]), ("v", [-1.0, 1.0]), ("time_saved", [0.5]))), CHOICES)
