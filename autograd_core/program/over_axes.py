"""Calls that add up over axes of samples: what they give, and the shortest way to it.

`grouping` adds up. Where all samples stand along one axis, and all are added up, the call is one of
those that are made directly, once it has been made.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy

from autograd_core.program.backends.choice import Backend, Runner
from autograd_core.program.code.flat import Floats
from autograd_core.program.grouping import Groups
from autograd_core.program.running import IN_ROWS, Running
from autograd_core.program.signature.arguments import (
    Holder,
    Numbers,
    given_arrays,
    held,
    put_together,
)
from autograd_core.program.signature.recorded import Recorded
from autograd_core.program.signature.sample_axes import Axes, reduction
from autograd_core.program.signature.wanted import Wanted

__all__ = ["OverAxes"]


class OverAxes(Running):
    """A recording that is called for sums and means."""

    def __init__(self, recorded: Recorded, backend: Backend = "auto", threads: int = 1) -> None:
        super().__init__(recorded, backend, threads)
        self._direct: dict[Hashable, Any] = {}

    def _over_axes(
        self, question: str, by: Wanted | None, arguments: Sequence[Any], sum: Axes, mean: Axes
    ) -> tuple[Any, Floats, tuple[int, ...]]:
        """The result added up, its gradient, a row a group, and the axes that stay."""
        if by is not None:
            direct = self._direct.get(("sums", by.key))
            if direct is not None:
                result = self._directly(direct, arguments, sum, mean)
                if result is not None:
                    return result
            self._scalar("value_and_grad()")
        given = given_arrays(self.arguments, self.names, arguments)
        over = reduction(sum, mean, given.loop)
        groups = Groups(given, over)
        seeds = [] if by is None else [numpy.array([[1.0 / over.averaged]])]

        def runner(summing: bool) -> Runner:
            return self._runner(question if summing else question + IN_ROWS, by)

        along, sums = groups.run(runner, seeds, self._numbers(), self.threads)
        plain = not groups.kept and not self.auxiliary
        if by is not None and plain and ("sums", by.key) not in self._direct:
            self._direct["sums", by.key] = self._prepared(runner(True), self._parts()[1])
        first, rest = self._parts()
        totals = put_together(first, sums[:, : first.size] / over.averaged, groups.kept)
        if self.auxiliary:
            assert isinstance(self.result, Holder)  # a pair: `record` has seen to it
            totals = held(self.result, (totals, put_together(rest, along, given.loop)))
        return totals, sums[:, first.size :], groups.kept

    def _directly(
        self, direct: Any, arguments: Sequence[Any], sum: Axes, mean: Axes
    ) -> tuple[float, Floats, tuple[int, ...]] | None:
        """The same by a direct call, if this is one: over the only axis, so over all samples."""
        axis = mean if sum is None else sum
        if type(axis) is not int or axis not in (0, -1) or None not in (sum, mean):
            return None
        samples = 0
        for form, argument in zip(self.arguments, arguments, strict=False):
            if type(argument) is not numpy.ndarray or not isinstance(form, Numbers):
                continue
            if argument.ndim == len(form.shape) + 1:
                samples = len(argument)
                break
        if not samples:
            return None
        count = samples if sum is None else 1
        found = direct.summed(arguments, self.threads, self.backend, None, 1.0 / count)
        return None if found is None else (found[0] / count, found[1][None, :], ())
