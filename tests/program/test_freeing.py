"""What programs leave behind: nothing that waits for the collector, and no lines of exports."""

from __future__ import annotations

import gc
import linecache

import pytest

from autograd_core import BackendError
from tests.program.acts import ACTS, scalar
from tests.soak.enduring.leaks import left_by


@pytest.mark.parametrize("name", ACTS)
def test_nothing_is_left_for_the_collector(name):
    try:
        assert left_by(ACTS[name], 1, warm=1)[0] == ""
    except BackendError as error:
        pytest.skip(str(error))


def test_the_lines_of_an_exported_function_go_when_the_next_comes():
    def lines():
        return [name for name in linecache.cache if "exported_and_gone" in name]

    exported = scalar().to_numpy("exported_and_gone")
    exported(0.5, [2.0])
    (first,) = lines()
    del exported
    gc.collect()  # a module's functions and its names hold one another
    assert lines() == [first]  # linecache.checkcache() misses what goes while it looks
    exported = scalar().to_numpy("exported_and_gone")
    exported(0.5, [2.0])
    assert len(lines()) == 1
    assert lines() != [first]
