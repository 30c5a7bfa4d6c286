"""The two ways in which tiles of products add up eight partial sums, as `llvm_tiles` frames them.

By panels: the values across are brought together once for all tiles of a panel, one a lane, so that
partial sums are added up lane by lane and nothing is left to add across lanes. Two of the eight at
a time are in registers, in the order in which they are then added. By samples: the partial sums are
lanes themselves, and change places with the sums when all samples are through. That is less work
where few rows share a panel.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograd_core.program.backends.llvm.plan.llvm_outer import Shape
from autograd_core.program.backends.llvm.text.llvm_lines import NUMBER
from autograd_core.program.backends.llvm.text.llvm_tiles import TileLines
from autograd_core.program.backends.samples import PARTIAL_SUMS

__all__ = ["tile_text"]

HALF = PARTIAL_SUMS // 2
PHASES = (0, 2, 1, 3)  # of which partial sums k and k + 4 are added up one after another


def tile_text(shape: Shape, lanes: int) -> str:
    """The text of `@tile` for one shape of tile."""
    return (_ByPanels if shape.filled else _BySamples)(shape, lanes).text()


class _ByPanels(TileLines):
    def _begin_panel(self, across: list[str]) -> None:
        """Fill a panel, block by block; what stands there is a sample after the other."""
        self._emit(f"%blocks = mul i64 %turns, {self._blocks}")
        self._emit("br label %fill")
        self._begin_block("fill")
        self._emit("%at = phi i64 [ 0, %panel ], [ %at.next, %fill ]")
        self._emit("%to = phi ptr [ %room, %panel ], [ %to.next, %fill ]")
        self._emit("%unfilled = phi i64 [ %blocks, %panel ], [ %unfilled.next, %fill ]")
        size = len(self._across) * self._width
        for k in self._across:
            own = across[k * self._lanes : (k + 1) * self._lanes]
            vectors = [self._load(self._moved(value, "%at"), 0) for value in own]
            for sample, vector in enumerate(self._transposed(vectors)):
                self._store(vector, "%to", sample * size + k * self._width)
        self._emit("%at.next = add i64 %at, %stride")
        self._emit(f"%to.next = getelementptr i8, ptr %to, i64 {self._lanes * size}")
        self._count_down("unfilled", "fill", "filled")
        self._begin_block("filled")

    def _sums(self, down: list[str]) -> list[str]:
        values = self._in_blocks(down)
        if self._lanes == 1:
            return self._phase((0,), values)
        for step, phase in enumerate(PHASES):
            found = self._phase((phase, phase + HALF), values)
            if step < HALF - 1:  # in memory at once: LLVM would keep what it is made of instead
                for place, total in enumerate(self._so_far(step, found)):
                    self._store(total, "%kept", (step // 2 * self._cells + place) * self._width)
        return found

    def _totals(self, sums: list[str]) -> list[str]:
        if self._lanes == 1:
            return sums
        return self._added(self._loaded(0), self._so_far(HALF - 1, sums))

    def _so_far(self, step: int, sums: list[str]) -> list[str]:
        found = self._added(sums[: self._cells], sums[self._cells :])
        return self._added(self._loaded(step // 2), found) if step % 2 else found

    def _loaded(self, half: int) -> list[str]:
        cells = range(half * self._cells, (half + 1) * self._cells)
        return [self._load("%kept", place * self._width) for place in cells]

    def _phase(self, samples: tuple[int, ...], values: list[list[str]]) -> list[str]:
        """The partial sums of some samples of each turn."""
        size = len(self._across) * self._width

        def products(at: str, to: str, sums: Sequence[str]) -> list[str]:
            found: list[str] = []
            panel = self._moved("%room", to)
            for sample in samples:
                x = [self._load(panel, sample * size + k * self._width) for k in self._across]
                block, lane = divmod(sample, self._lanes)
                for value in values:
                    number = self._spread(self._moved(value[block], at), lane * NUMBER)
                    for vector in x:
                        found.append(self._product(number, vector, len(found), sums))
            return found

        return self._running(products)


class _BySamples(TileLines):
    def _begin_panel(self, across: list[str]) -> None:
        self._values = self._in_blocks(across)

    def _sums(self, down: list[str]) -> list[str]:
        rows = self._in_blocks(down)

        def products(at: str, to: str, sums: Sequence[str]) -> list[str]:
            found: list[str] = []
            for block in range(self._blocks):
                own = [self._load(self._moved(row[block], at), 0) for row in rows]
                for value in self._values:
                    vector = self._load(self._moved(value[block], at), 0)
                    for row in own:
                        found.append(self._product(row, vector, len(found), sums))
            return found

        return self._running(products)

    def _totals(self, sums: list[str]) -> list[str]:
        high, found = len(self._down), []
        of_block = high * len(self._values)
        for i in self._down:
            for k in self._across:
                first = k * self._lanes * high + i
                parts: list[str] = []
                for block in range(self._blocks):
                    start = block * of_block + first
                    parts += self._transposed(sums[start : start + self._lanes * high : high])
                while len(parts) > 1:
                    half = len(parts) // 2
                    parts = self._added(parts[:half], parts[half:])
                found += parts
        return found
