"""Products that are only added up over the samples: the gradients of a layer's weights.

Such a product is never stored. Those with the same list of second factors, a layer's inputs say,
are run together, where the last of their factors is known. `summed_products.pxd` beside this file
gives the compiler its types.
"""

from __future__ import annotations

import numpy

from autograd_core import primitives
from autograd_core.program.backends.native import hashing, reading

__all__ = ["SummedProducts"]

STRONG_PRODUCT = primitives.kind_of("strong_product")
NEVER = reading.NEVER
NEAR = 4096  # instructions between the first and the last factor that wait for one another
MOST = 256  # first factors of a group: all wait in slots


class SummedProducts:
    """The products in runs of one first factor; and groups of runs with the same second factors.

    Run r holds the products `run_starts[r]` to `run_starts[r + 1]`. A group is a run and those that
    follow it by `group_next`; groups are in the order in which they are ready.
    """

    __slots__ = (
        "factors",
        "first_factors",
        "group_next",
        "group_ready",
        "group_runs",
        "outputs",
        "run_starts",
    )

    def __init__(self, of, outputs, kept, absorbed):
        """`absorbed` is set to 1 at the places of the products; outputs from `kept` on are sums."""
        self._fill(of, outputs, kept, absorbed)

    def _fill(self, of, outputs, kept, absorbed):
        found = numpy.empty(len(outputs) - kept, dtype=numpy.int32)
        found = found[: _find(of, outputs, kept, absorbed, found)]
        rows = numpy.asarray(of.rows)
        places = numpy.asarray(outputs)[found] - of.leaves
        order = numpy.lexsort((rows[places, 2], rows[places, 1]))
        self.outputs = found[order]
        self.first_factors = rows[places[order], 1].copy()
        self.factors = rows[places[order], 2].copy()
        starts = numpy.flatnonzero(numpy.diff(self.first_factors, prepend=NEVER))
        self.run_starts = numpy.append(starts, len(found)).astype(numpy.int32)
        self._group(len(starts), of.leaves)

    def _group(self, runs, leaves):
        self.group_next = numpy.full(runs, NEVER, dtype=numpy.int32)
        leaders = numpy.empty(runs, dtype=numpy.int32)
        ready = numpy.full(runs, NEVER, dtype=numpy.int32)
        self._link(
            numpy.full(hashing.table_size(runs), NEVER, dtype=numpy.int32),
            leaders,
            numpy.empty(runs, dtype=numpy.int32),
            numpy.zeros(runs, dtype=numpy.int32),
            ready,
        )
        leading = numpy.flatnonzero(leaders == numpy.arange(runs))
        order = numpy.argsort(ready[leading], kind="stable")
        self.group_runs = leading[order].astype(numpy.int32)
        # Products of inputs alone are ready before the first place.
        self.group_ready = numpy.maximum(ready[leading[order]] - numpy.int32(leaves), NEVER)

    def _link(self, table, leaders, tail, size, ready):
        mask = len(table) - 1
        for run in range(len(leaders)):
            start = self.run_starts[run]
            stop = self.run_starts[run + 1]
            key = stop - start
            last = self.first_factors[start]
            for index in range(start, stop):
                key = hashing.mixed(key, self.factors[index])
                if self.factors[index] > last:
                    last = self.factors[index]
            slot = key & mask
            while table[slot] != NEVER and not self._alike(table[slot], run):
                slot = (slot + 1) & mask
            leader = table[slot]
            if (
                leader == NEVER
                or size[leader] == MOST
                or self.first_factors[start] - self.first_factors[self.run_starts[leader]] > NEAR
            ):
                leader = run
                table[slot] = run
            else:
                self.group_next[tail[leader]] = run
            leaders[run] = leader
            tail[leader] = run
            size[leader] += 1
            if last > ready[leader]:
                ready[leader] = last

    def _alike(self, one, other):
        start = self.run_starts[one]
        count = self.run_starts[one + 1] - start
        alike = self.run_starts[other + 1] - self.run_starts[other] == count
        if alike:
            for index in range(count):
                if self.factors[start + index] != self.factors[self.run_starts[other] + index]:
                    alike = False
                    break
        return alike


def _find(of, outputs, kept, absorbed, found):
    count = 0
    for output in range(kept, len(outputs)):
        place = outputs[output] - of.leaves
        if place < 0 or of.rows[place, 0] != STRONG_PRODUCT or of.uses[outputs[output]] != 1:
            continue
        first = of.rows[place, 1]
        second = of.rows[place, 2]
        if first >= 0 and second >= 0 and not of.uniform[first] and not of.uniform[second]:
            absorbed[place] = 1
            found[count] = output
            count += 1
    return count
