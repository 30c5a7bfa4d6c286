"""A C compiler for tests: what it takes without a warning, as a library to be called."""

from __future__ import annotations

import ctypes
import itertools
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
needs_compiler = pytest.mark.skipif(COMPILER is None, reason="no C compiler on the path")
_numbers = itertools.count()


def compiled(folder: Path, source: str, *flags: str) -> ctypes.CDLL:
    """The C source as a library; what the compiler warns of is an error."""
    place = folder / f"source{next(_numbers)}"
    place.with_suffix(".c").write_text(source, encoding="utf-8")
    command = [COMPILER or "cc", "-std=c99", "-O2", "-ffp-contract=off", "-Wall", "-Wextra"]
    command += ["-pedantic", "-Werror", *flags, "-shared", "-fPIC"]
    command += ["-o", str(place.with_suffix(".so")), str(place.with_suffix(".c")), "-lm"]
    subprocess.run(command, check=True)
    return ctypes.CDLL(str(place.with_suffix(".so")))


def bits(number: float) -> bytes:
    """What equal results have in common."""
    # The sign and the payload of a NaN are the processor's and mean nothing.
    return b"NaN" if number != number else struct.pack("d", number)
