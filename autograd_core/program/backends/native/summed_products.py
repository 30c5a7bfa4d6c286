"""How the interpreter runs products that are only added up over the samples.

`analysis.only_summed` finds them. Those with the same list of second factors, a layer's inputs say,
are run together, where the last of their factors is known. `summed_products.pxd` beside this file
gives the compiler its types.
"""

from __future__ import annotations

import numpy

from autograd_core.program.analysis.only_summed import only_summed
from autograd_core.program.analysis.shared_factors import equal_lists
from autograd_core.program.backends.native import reading
from autograd_core.program.backends.native.reading import Reading
from autograd_core.program.code.flat import Code, Integers

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

    def __init__(self, of: Reading, code: Code, summed: int) -> None:
        """The last `summed` outputs are sums."""
        self._fill(of, code, summed)

    def _fill(self, of: Reading, code: Code, summed: int) -> None:
        varies = numpy.asarray(of.uniform) == 0
        found = only_summed(code, summed, varies, numpy.asarray(of.uses))
        _, first, second = code.instructions.take(code.outputs.take(found) - of.leaves, axis=0).T
        order = numpy.lexsort((second, first))
        self.outputs = found[order].astype(numpy.int32)
        self.first_factors = first[order]
        self.factors = second[order]
        starts = numpy.flatnonzero(numpy.diff(self.first_factors, prepend=NEVER))
        self.run_starts = numpy.append(starts, len(found)).astype(numpy.int32)
        self._group(self.run_starts, of.leaves)

    def _group(self, starts: Integers, leaves: int) -> None:
        runs = len(starts) - 1
        self.group_next = numpy.full(runs, NEVER, dtype=numpy.int32)
        leaders = numpy.empty(runs, dtype=numpy.int32)
        ready = numpy.full(runs, NEVER, dtype=numpy.int32)
        self._link(
            equal_lists(self.factors, starts[:runs], starts[1:]),
            numpy.full(runs, NEVER, dtype=numpy.int32),
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

    def _link(
        self,
        alike: Integers,
        leads: Integers,
        leaders: Integers,
        tail: Integers,
        size: Integers,
        ready: Integers,
    ) -> None:
        for run in range(len(leaders)):
            start = self.run_starts[run]
            leader = leads[alike[run]]
            if (
                leader == NEVER
                or size[leader] == MOST
                or self.first_factors[start] - self.first_factors[self.run_starts[leader]] > NEAR
            ):
                leader = run
                leads[alike[run]] = run
            else:
                self.group_next[tail[leader]] = run
            leaders[run] = leader
            tail[leader] = run
            size[leader] += 1
            ready[leader] = max(ready[leader], self.first_factors[start])
            for index in range(start, self.run_starts[run + 1]):
                ready[leader] = max(ready[leader], self.factors[index])

    def in_a_row(self, run: int) -> bool:
        """Whether the outputs of a run follow one another."""
        for index in range(self.run_starts[run] + 1, self.run_starts[run + 1]):
            if self.outputs[index] != self.outputs[index - 1] + 1:
                return False
        return True
