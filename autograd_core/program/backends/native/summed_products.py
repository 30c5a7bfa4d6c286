"""How the interpreter runs products that are only added up over the samples.

`analysis.only_summed` finds them. Those with the same list of second factors, a layer's inputs say,
are run together, where the last of their factors is known. `summed_products.pxd` beside this file
gives the compiler its types.
"""

from __future__ import annotations

import numpy

from autograd_core.program.analysis.only_summed import only_summed
from autograd_core.program.backends.native import hashing, reading

__all__ = ["SummedProducts"]

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

    def __init__(self, of, code, summed):
        """The last `summed` outputs are sums."""
        self._fill(of, code, summed)

    def _fill(self, of, code, summed):
        varies = numpy.asarray(of.uniform) == 0
        found = only_summed(code, summed, varies, numpy.asarray(of.uses))
        _, first, second = code.instructions.take(code.outputs.take(found) - of.leaves, axis=0).T
        order = numpy.lexsort((second, first))
        self.outputs = found[order].astype(numpy.int32)
        self.first_factors = first[order]
        self.factors = second[order]
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
