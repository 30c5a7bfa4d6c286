"""The parts of the soak, in the order in which they run."""

from __future__ import annotations

from tests.soak.computing import accuracy, agreement, loops, orders, peers, sweeps
from tests.soak.enduring import bad_input, concurrency, faults, leaks, sizes
from tests.soak.mistakes import mutants, planted
from tests.soak.search import Part

PARTS: dict[str, Part] = {
    part.name: part
    for part in [
        Part("accuracy", accuracy.search, quick=60, long=100_000, unit="ULP"),
        Part("sweeps", sweeps.search, quick=25, long=1_000_000, unit="of the bound"),
        Part("orders", orders.search, quick=10, long=100_000, unit="of what rounding may do"),
        Part("agreement", agreement.search, quick=4, long=100_000),
        Part("loops", loops.search, quick=3, long=10_000),
        Part("peers", peers.search, quick=4, long=10_000, unit="of what JAX may differ"),
        Part("faults", faults.search, quick=3, long=1000),
        Part("leaks", leaks.search, quick=10, long=10_000, unit="blocks a turn"),
        Part("bad input", bad_input.search, quick=150, long=100_000),
        Part("concurrency", concurrency.search, quick=4, long=1000),
        Part("sizes", sizes.search, quick=500, long=10**7, unit="times the best"),
        Part("planted", planted.search, quick=1000, long=1000),
        Part("bends", planted.search_bends, quick=6, long=1000),
        Part("mutants", mutants.search, quick=1, long=1000),
    ]
}
