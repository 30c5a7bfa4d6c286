"""The native interpreter under AddressSanitizer, given random and broken programs.

The search for leaks watches the whole back end so, and for longer.
"""

from __future__ import annotations

import pytest

from autograd_core.program.backends.native import native_kernel
from tests.program.backends.native.sanitized import RUNS, compile_sanitized, fuzzed, libasan

SECONDS = 5


@pytest.mark.skipif(not native_kernel.available(), reason="nothing is compiled")
def test_no_program_makes_the_interpreter_reach_beyond_its_memory(tmp_path):
    library = libasan()
    if library is None:
        pytest.skip("there is no gcc with AddressSanitizer here")
    pytest.importorskip("Cython")
    compile_sanitized(tmp_path, RUNS)
    ran, refused = fuzzed(tmp_path, library, 1, SECONDS)
    assert min(ran, refused) > 0  # how many, in so many seconds, is the machine's affair
