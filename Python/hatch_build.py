"""Puts libtacit into the wheel: the one that TACIT_LIBRARY names, of which the Makefile sees to it that it is built."""

import os
import re
from pathlib import Path


def version():
    """The command's."""
    source = Path(__file__).resolve().parents[1] / "Sources/TacitCommand/TacitTool.swift"
    return re.search(r'static let version = "(.*)"', source.read_text()).group(1)


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # Only the version is asked for.
    pass
else:

    class CustomBuildHook(BuildHookInterface):
        def initialize(self, version, build_data):
            library = os.environ.get("TACIT_LIBRARY")
            if not library:
                raise RuntimeError("name the library to put into the wheel, TACIT_LIBRARY=…, or type: make wheel")
            root = Path(__file__).resolve().parents[1]
            build_data["force_include"][library] = "tacit/_library/libtacit.so.1"
            build_data["force_include"][str(root / "LICENSE")] = "tacit/_library/LICENSE"
            build_data["pure_python"] = False
            build_data["tag"] = "py3-none-linux_x86_64"
