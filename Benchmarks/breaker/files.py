"""Files of every format that are damaged, or hold what is no number."""
import io
import math
import os
import struct
import subprocess
import sys
import zipfile

from judge import Case

BAD = [math.nan, math.inf, -math.inf]
FORMATS = ["csv", "npy", "npz", "h5"]


def prepare(kwass, folder):
    """Makes the files on which all cases work."""

    def make(*arguments):
        done = subprocess.run([kwass, *arguments], cwd=folder, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"break.py: kwass {' '.join(arguments)}: {done.stderr}")

    for name, seed in (("a", 1), ("b", 2), ("c", 3)):
        for kind in FORMATS:
            make("sample", "two-stream", "--count", "40", "--seed", str(seed), "-o", f"{name}.{kind}")
            make("sample", "two-stream", "--dimension", "2", "--count", "40", "--seed", str(seed), "-o",
                 f"{name}2.{kind}")
    make("sample", "two-stream", "--count", "20", "--seed", "1", "--ids", "-o", "ids.h5")
    make("convert", "a.npz", "grid.npz", "--grid", "16,16")
    os.makedirs(f"{folder}/run")
    for seed in (1, 2, 3):
        make("sample", "two-stream", "--count", "20", "--seed", str(seed), "-o", f"run/s{seed}.npz")
    with open(f"{folder}/plan.txt", "w", encoding="utf-8") as file:
        file.write("epsilon 0.5\ntheta 1e-2\ncount 16\nuntil 0.1\nsamples 2\nmesh 16\n")
    marked(folder)
    with open(f"{folder}/a.gkyl", "wb") as file:
        file.write(gkyl())


# Numbers that stand nowhere else, to be found again in the bytes of any format.
MARKS = {"x1": 0.123456789, "x2": 0.234567891, "v1": 1.345678912, "v2": 1.456789123,
         "weight": 2.567891234}


def marked(folder):
    """A file of each format with a number in each column that can be found again."""
    rows = [[0.25, 0.5, -1.0, 2.0, 1.0], list(MARKS.values()), [0.75, 0.125, 0.5, -0.5, 3.0]]
    with open(f"{folder}/marked.csv", "w", encoding="utf-8") as file:
        file.write("# box=1,1 time=0.5\nx1,x2,v1,v2,weight\n")
        file.writelines(",".join(map(repr, row)) + "\n" for row in rows)


def gkyl():
    """A field of one range on 3 × 4 cells."""
    count = 12
    metadata = b"\x82\xa4time\xcb" + struct.pack(">d", 0.5) + b"\xa9polyOrder\x01"
    head = b"gkyl0" + struct.pack("<QQQ", 1, 1, len(metadata)) + metadata
    head += struct.pack("<QQ2Q2d2d", 2, 2, 3, 4, -1.0, -1.0, 2.0, 2.0)
    data = [1 + index / 7 if index % 4 == 0 else 0.1 for index in range(4 * count)]
    return head + struct.pack("<QQ", 32, count) + struct.pack(f"<{4 * count}d", *data)


def replaced(path, old, new):
    """The bytes of a file with one number replaced by another."""
    with open(path, "rb") as file:
        content = file.read()
    if path.endswith(".csv"):
        return content.replace(repr(old).encode(), repr(new).encode())
    if not path.endswith(".npz"):
        return content.replace(struct.pack("<d", old), struct.pack("<d", new))
    archive = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(archive, "w") as target:
        for member in source.namelist():
            target.writestr(
                member, source.read(member).replace(struct.pack("<d", old), struct.pack("<d", new)))
    return archive.getvalue()


def write(folder, name, content):
    path = f"{folder}/{name}"
    with open(path, "wb") as file:
        file.write(content)
    return path


def not_numbers(kwass, folder):
    """What is no number, in each column of each format, for each command that reads."""
    for kind in FORMATS:
        plain = f"{folder}/marked.{kind}"
        if kind == "npy":
            subprocess.run([kwass, "sample", "two-stream", "--dimension", "2", "--count", "3", "--seed",
                            "1", "-o", plain], check=True, capture_output=True)
            with open(plain, "rb") as file:
                content = bytearray(file.read())
            start = len(content) - 3 * 4 * 8
            content[start + 32:start + 64] = struct.pack("<4d", *list(MARKS.values())[:4])
            write(folder, "marked.npy", content)
        elif kind != "csv":
            subprocess.run([kwass, "convert", f"{folder}/marked.csv", plain], check=True,
                           capture_output=True)
        for column, mark in MARKS.items():
            if kind == "npy" and column == "weight":
                continue
            for number, bad in enumerate(BAD + ([-1.0] if column == "weight" else [])):
                path = write(folder, f"bad-{column}-{number}.{kind}", replaced(plain, mark, bad))
                for arguments in (
                        ["distance", path, plain, "--max", "1e9"], ["distance", plain, path],
                        ["distance", path, path, "--box", "1,1", "--max", "1e9"],
                        ["info", path], ["convert", path, "out.csv"], ["convert", path, "out.h5"],
                        ["compare", plain, path, "--tolerance", "1e9"], ["matrix", plain, path],
                        ["series", path], ["stability", path, plain, "--system", "free", "--until", ".1"],
                        ["evolve", path, "--system", "free", "--until", ".1", "-o", "out.npz"]):
                    yield Case("no number", arguments, folder, refused=True)
    header = "x1,v1\n0.1,1\n0.2,2\n"
    for index, remark in enumerate(
            f"{key}={value}" for key in ("time", "box")
            for value in ("nan", "inf", "-inf", "0", "-1", "1e300", "1e-300", "1e999", "free,free", "")):
        path = write(folder, f"remark-{index}.csv", f"# {remark}\n{header}".encode())
        for arguments in (["info", path], ["distance", path, path, "--max", "0"], ["series", path],
                          ["evolve", path, "--system", "free", "--until", "1", "-o", "out.csv"]):
            yield Case("no number", arguments, folder)
    for index, value in enumerate(["1e154", "1e200", "1.7e308", "-1.7e308", "1e-320", "4e-324"]):
        path = write(folder, f"large-{index}.csv", f"x1,v1\n0,1\n{value},2\n3,{value}\n".encode())
        for arguments in (["info", path], ["distance", path, f"{folder}/a.csv"],
                          ["distance", path, f"{folder}/a.csv", "--max", "1"],
                          ["info", path, "--normalize", "std"],
                          ["evolve", path, "--system", "free", "--until", "1", "-o", "out.csv"],
                          ["compare", path, path, "--tolerance", "1"]):
            yield Case("large numbers", arguments, folder, gate=1.0 if "1" == arguments[-1] else None)


def damaged(folder, generator, rounds):
    """Files that are cut off, or in which bits are flipped."""
    names = ["a.csv", "a.npy", "a.npz", "grid.npz", "ids.h5", "a2.h5", "a.gkyl"]
    fixtures = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Tests/Fixtures")
    paths = [f"{folder}/{name}" for name in names] + sorted(
        os.path.join(fixtures, name) for name in os.listdir(fixtures)
        if name.endswith((".h5", ".npz", ".npy")))
    if len(paths) == len(names):
        sys.exit("break.py: Tests/Fixtures has no files")
    for path in paths:
        name = os.path.basename(path)
        with open(path, "rb") as file:
            whole = file.read()
        for number in range(rounds):
            content = bytearray(whole)
            if number % 3 == 0:
                del content[generator.randrange(len(content)):]
            else:
                for _ in range(generator.randint(1, 5)):
                    content[generator.randrange(len(content))] ^= 1 << generator.randrange(8)
            bad = write(folder, f"damaged-{number}-{name}", bytes(content))
            arguments = [["info", bad], ["distance", bad, bad, "--max", "0"],
                         ["convert", bad, "out.csv"]][number % 3]
            yield Case("damaged", arguments, folder, gate=0.0 if "--max" in arguments else None)
