"""Puts the C library into the wheel, beside the package's sources."""

import os
import subprocess
import sys

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class LibraryHook(BuildHookInterface):
    """Builds the library by `scripts/library`, or takes the one that KWASS_LIBRARY names."""

    def initialize(self, version, build_data):
        library = os.path.abspath(os.environ.get("KWASS_LIBRARY") or self._built())
        if not os.path.isfile(library):
            raise FileNotFoundError(f"KWASS_LIBRARY is {library}, which is no file.")
        if version == "editable":
            raise RuntimeError(
                "kwass cannot be installed for editing, since its library is built for each wheel; use "
                "`pip install .`.")
        # The library is called by ctypes, so that one wheel fits every Python.
        build_data["pure_python"] = False
        build_data["tag"] = "py3-none-linux_x86_64"
        build_data["force_include"][library] = "kwass/libkwass.so.1"

    def _built(self):
        if sys.platform != "linux" or os.uname().machine != "x86_64":
            raise RuntimeError("The wheel of kwass is made for Linux on x86-64 only.")
        folder = os.path.join(self.root, ".build", "library", "lib")
        try:
            subprocess.run([os.path.join(self.root, "scripts", "library"), folder], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise RuntimeError(
                f"scripts/library did not build the C library ({error}). It needs a Swift toolchain; "
                "scripts/setup says which.") from None
        return os.path.join(folder, "libkwass.so.1")
