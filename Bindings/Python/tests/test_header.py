"""The structs and constants of the package against the header of the library."""

import ctypes
import os
import re
import shutil
import subprocess

import pytest

from kwass import _library as c

STRUCTS = {
    "kwass_array": c.Array, "kwass_particles": c.Particles, "kwass_grid": c.Grid,
    "kwass_metric": c.Metric, "kwass_group": c.Group, "kwass_options": c.Options, "kwass_summary": c.Summary}


@pytest.fixture(scope="module")
def header():
    path = os.environ.get("KWASS_HEADER")
    if not path:
        pytest.skip("KWASS_HEADER does not name the header of the library")
    return path


def test_structs_are_laid_out_as_in_c(header, tmp_path):
    compiler = shutil.which("cc")
    if not compiler:
        pytest.skip("there is no C compiler")
    lines = []
    for name, struct in STRUCTS.items():
        lines.append(f'printf("{name} %zu\\n", sizeof({name}));')
        for field, _ in struct._fields_:
            lines.append(f'printf("{name}.{field} %zu\\n", offsetof({name}, {field}));')
    source = tmp_path / "layout.c"
    source.write_text(
        '#include <stddef.h>\n#include <stdio.h>\n#include "kwass.h"\nint main(void) {\n'
        + "\n".join(lines) + "\nreturn 0; }\n")
    subprocess.run(
        [compiler, "-I", os.path.dirname(header), "-o", tmp_path / "layout", source], check=True)
    printed = subprocess.run([tmp_path / "layout"], capture_output=True, text=True, check=True).stdout
    ours = []
    for name, struct in STRUCTS.items():
        ours.append(f"{name} {ctypes.sizeof(struct)}")
        ours += [f"{name}.{field} {getattr(struct, field).offset}" for field, _ in struct._fields_]
    assert printed.splitlines() == ours


def test_constants_are_those_of_the_header(header):
    with open(header, encoding="utf-8") as stream:
        found = dict(re.findall(r"^\s*KWASS_(\w+) = (-?\d+)", stream.read(), re.M))
    assert len(found) > 30
    for name, value in found.items():
        assert getattr(c, name) == int(value), name
