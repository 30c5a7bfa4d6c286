"""Every primitive's value and partials against mpmath, over the whole range of a double.

The points are those of `tests.primitives.samples`, as many as are asked for of every row: all
magnitudes, subnormals included, the neighbors of every end, kink and special number, and where a
value or a slope is subnormal or almost infinite.
"""

from __future__ import annotations

from collections.abc import Iterator

from autograd_core.primitives import PRIMITIVES
from tests.primitives.accuracy import measured
from tests.primitives.references import REFERENCES
from tests.primitives.samples import samples
from tests.soak.search import Trial

TOGETHER = 500


def search(seed: int, trials: int) -> Iterator[Trial]:
    """`trials` points of each row, some of each at a time."""
    for block in range(0, trials, TOGETHER):
        for name in REFERENCES:
            yield from of_row(name, seed + block, min(TOGETHER, trials))


def of_row(name: str, seed: int, trials: int) -> Iterator[Trial]:
    """The same for one row."""
    row = PRIMITIVES[name]
    for found in measured(row, REFERENCES[name], samples(row, trials, seed)):
        what = f"{found.kind}s of all primitives against mpmath, at most {found.limit} ULP"
        yield Trial(what, found.units, found, str(found) if found.is_wrong else "")
