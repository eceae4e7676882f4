#!/usr/bin/env python3
"""Makes the first inputs of the fuzzer: valid files, each with a last byte that chooses options.

Usage: seeds.py FIXTURES CORPUS
"""
import glob
import os
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
            seed(extension[1:], name, file.read(), CHOICES if extension == ".h5" else (0, 16))
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
