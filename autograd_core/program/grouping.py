"""Groups of samples: sums over some of their axes, while the others stay.

Every place along the axes that stay is a group, and its samples, in the order of the other axes,
are added up as `samples` says of all the samples of a call: so a group has the bits that it has
when it is called alone. Large groups are run one by one, on views of the arguments; of small ones
many are run together, as samples, and added up here. Which groups are small changes no bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy

from autograd_core.program.backends.choice import Runner
from autograd_core.program.backends.samples import SAMPLES, group_sums, pieces
from autograd_core.program.backends.sharing import share
from autograd_core.program.code.flat import Floats
from autograd_core.program.signature.arguments import Given
from autograd_core.program.signature.sample_axes import Reduction

__all__ = ["Groups"]

SMALL = 1500  # numbers that come out of a group: adding them up here takes as long as a call
TOGETHER = 2**20  # numbers that go into small groups that are run at once, and come out


@dataclass(frozen=True)
class Groups:
    """The samples of one call, as groups."""

    given: Given
    over: Reduction

    @property
    def kept(self) -> tuple[int, ...]:
        """The axes that stay: a group for every place along them."""
        return tuple(self.given.loop[axis] for axis in self.over.kept)

    @property
    def inner(self) -> tuple[int, ...]:
        """The axes of the samples of a group."""
        return tuple(self.given.loop[axis] for axis in self.over.axes)

    def run(
        self,
        runner: Callable[[bool], Runner],
        more: Sequence[Floats],
        captured: Floats,
        threads: int,
    ) -> tuple[Floats, Floats]:
        """What is not summed, a row a sample in the order of the call; and the sums of each group.

        `runner` gives what sums, and for False the same code without sums; `more` are blocks of
        one row behind the arguments.
        """
        summing = runner(True)
        summed = summing.summed
        along = len(summing.code.outputs) - summed
        count, each = math.prod(self.kept), math.prod(self.inner)
        rows, sums = numpy.empty((count, each, along)), numpy.empty((count, summed))
        arrays = self._arrays()

        def run_one(group: int) -> None:
            place = numpy.unravel_index(group, self.kept) if self.kept else ()
            blocks = [self._of_one(array, place) for array in arrays]
            rows[group], sums[group] = summing.run([*blocks, *more], captured, each, inside)

        def run_together(first: int, last: int) -> None:
            places = numpy.unravel_index(numpy.arange(first, last), self.kept)
            blocks = [self._of_many(array, places) for array in arrays]
            samples = (last - first) * each
            found, _ = runner(False).run([*blocks, *more], captured, samples, threads)
            shaped = found.reshape(last - first, each, along + summed)
            rows[first:last], sums[first:last] = (
                shaped[..., :along],
                group_sums(shaped[..., along:]),
            )

        inside = 1 if count >= threads else threads
        if count > 1 and each <= SAMPLES and each * summed <= SMALL:
            width = sum(array.shape[-1] for array in arrays) + along + summed
            for first, last in pieces(0, count, max(TOGETHER // max(each * width, 1), 1)):
                run_together(first, last)
        else:
            share(run_one, range(count), min(threads, count) if inside == 1 < count else 1)
        return self._in_order(rows), sums

    def _arrays(self) -> list[Floats]:
        """The arguments with the axes that stay first, and behind all one of a sample's numbers."""
        order = (*self.over.kept, *self.over.axes)
        found = []
        for (array, form), own in zip(self.given.arrays, self.given.loops, strict=True):
            missing = (1,) * (len(order) - len(own))
            whole = array.reshape(*missing, *own, form.size)
            found.append(whole.transpose(*order, len(order)))
        return found

    def _of_one(self, array: Floats, place: Sequence[Any]) -> Floats:
        """The block of one group: a view, where its samples have one axis."""
        axes = range(len(self.kept))
        own: Floats = array[tuple(place[axis] if array.shape[axis] > 1 else 0 for axis in axes)]
        size = array.shape[-1]
        if math.prod(own.shape[:-1]) == 1:
            return own.reshape(1, size)
        return numpy.broadcast_to(own, (*self.inner, size)).reshape(math.prod(self.inner), size)

    def _of_many(self, array: Floats, places: Sequence[Any]) -> Floats:
        """The block of some groups."""
        size, stay = array.shape[-1], len(self.kept)
        if math.prod(array.shape[:-1]) == 1:
            return array.reshape(1, size)
        if math.prod(array.shape[:stay]) == 1:
            own = array.reshape(1, *array.shape[stay:])
        else:
            axes = range(stay)
            own = array[tuple(places[axis] if array.shape[axis] > 1 else 0 for axis in axes)]
        groups = len(places[0])
        return numpy.broadcast_to(own, (groups, *self.inner, size)).reshape(-1, size)

    def _in_order(self, rows: Floats) -> Floats:
        """Rows by groups in the order of the samples of the call."""
        order = (*self.over.kept, *self.over.axes)
        shaped = rows.reshape(*self.kept, *self.inner, rows.shape[-1])
        back = shaped.transpose(*numpy.argsort(order), len(order))
        return back.reshape(math.prod(self.given.loop), rows.shape[-1])
