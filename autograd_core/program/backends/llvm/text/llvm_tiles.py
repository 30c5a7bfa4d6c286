"""The text of tiles of products that are summed over the samples, for `llvm_outer`'s tables.

A tile is some values by a panel of others, cotangents by factors or the other way round. Here is
what tiles have in common: the function that goes through a table, sums that run over the samples,
and totals that go where they are wanted. Which products a tile adds up where is `llvm_panels`'s.
The code of a tile knows no program, so that it is compiled once.

What a partial sum begins with, zero, tells only where all products are -0.0, and is added in the
end. The spare lanes of a short block leave no trace, for the cotangents in them are 0. A sum that
comes to NaN is in doubt, as `llvm_text` says, for the products are plain ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograd_core.program.backends.llvm.llvm_formulas import mask_type, vector_type
from autograd_core.program.backends.llvm.plan.llvm_outer import Shape
from autograd_core.program.backends.llvm.text.llvm_lines import NUMBER, FunctionLines
from autograd_core.program.backends.samples import PARTIAL_SUMS

__all__ = ["TileLines"]


class TileLines(FunctionLines):
    """Writes `@tile` for one shape of tile."""

    def __init__(self, shape: Shape, lanes: int) -> None:
        super().__init__(lanes)
        self._kind = vector_type(lanes)
        self._down, self._across = range(shape.rows), range(shape.vectors)
        self._in_rows = shape.in_rows
        self._cells = shape.rows * shape.vectors
        self._samples = 1 if lanes == 1 else PARTIAL_SUMS  # of a turn
        self._blocks = self._samples // lanes
        self._panel_size = self._samples * shape.vectors * self._width  # of a turn
        self._kept = 0  # running sums so far

    def text(self) -> str:
        """The function.

        It takes frames, `stride` bytes apart, of so many `turns` of eight samples; room for partial
        sums and for a panel; and a table of so many panels. Partial sums of the first batch begin
        with products (`first`), and what those of the last come to is stored among the totals
        (`last`). It gives whether a total is NaN.
        """
        wide = len(self._across) * self._lanes
        row = len(self._down) * (2 if self._in_rows else 1 + wide)
        self._begin_lines()
        self._emit("%doubt = alloca i64")
        self._emit("store i64 0, ptr %doubt")
        self._emit(f"%kept = alloca [{2 * self._cells * self._lanes} x double], align 64")
        self._emit("%begins = icmp ne i64 %first, 0")
        self._emit("%ends = icmp ne i64 %last, 0")
        self._emit("%single = icmp eq i64 %turns, 1")
        self._emit("%turns.left = sub i64 %turns, 1")
        self._emit(f"%apart = mul i64 %stride, {self._blocks}")
        self._emit("br label %panel")
        self._begin_block("panel")
        self._emit("%row = phi ptr [ %table, %entry ], [ %tile.next, %panel.end ]")
        self._emit("%row.sums = phi ptr [ %sums, %entry ], [ %own.next, %panel.end ]")
        self._emit("%left = phi i64 [ %panels, %entry ], [ %left.next, %panel.end ]")
        self._emit("%tiles = load i64, ptr %row, align 8")
        self._begin_panel([self._listed("%row", 1 + place, "%frame") for place in range(wide)])
        before, first_tile = self._block, self._address("%row", (1 + wide) * NUMBER)
        self._emit("br label %tile")
        self._begin_block("tile")
        self._emit(f"%tile.row = phi ptr [ {first_tile}, %{before} ], [ %tile.next, %tile.end ]")
        self._emit(f"%own = phi ptr [ %row.sums, %{before} ], [ %own.next, %tile.end ]")
        self._emit(f"%more = phi i64 [ %tiles, %{before} ], [ %more.next, %tile.end ]")
        sums = self._sums([self._listed("%tile.row", i, "%frame") for i in self._down])
        self._emit("br i1 %ends, label %total, label %tile.end")
        self._begin_block("total")
        zero = "0.0" if self._lanes == 1 else "zeroinitializer"
        totals = self._added(self._totals(sums), [zero] * self._cells)
        self._note_doubts(totals)
        self._store_totals(totals)
        self._emit("br label %tile.end")
        self._begin_block("tile.end")
        self._emit(f"%own.next = getelementptr i8, ptr %own, i64 {self._kept * self._width}")
        self._emit(f"%tile.next = getelementptr i8, ptr %tile.row, i64 {row * NUMBER}")
        self._count_down("more", "tile", "panel.end")
        self._begin_block("panel.end")
        self._count_down("left", "panel", "exit")
        self._begin_block("exit")
        self._emit("%found = load i64, ptr %doubt")
        self._emit("ret i64 %found")
        body = "\n".join(self._lines)
        return (
            "define i64 @tile(ptr noalias readonly %frame, i64 %stride, i64 %turns, ptr noalias "
            "%sums, ptr noalias %room, ptr noalias %totals, ptr noalias readonly %table, "
            f"i64 %panels, i64 %first, i64 %last) #0 {{\n{body}\n}}"
        )

    def _begin_panel(self, across: list[str]) -> None:
        """What is done once for all tiles of a panel, whose values are there."""
        raise NotImplementedError

    def _sums(self, down: list[str]) -> list[str]:
        """Go through all samples: the running sums that come last."""
        raise NotImplementedError

    def _totals(self, sums: list[str]) -> list[str]:
        """What the running sums come to, for the vectors of one row after the other."""
        raise NotImplementedError

    def _running(self, products: Callable[[str, str, Sequence[str]], list[str]]) -> list[str]:
        """Sums of products over all turns, which go on from batch to batch.

        `products` writes those of a turn, so far on in the frames and in the panel, and adds them
        to sums, if there are any.
        """
        step, block = self._kept, self._block
        first = products("0", "0", ())
        places = [(step + place) * self._width for place in range(len(first))]
        self._kept += len(first)
        self._emit(f"br i1 %begins, label %begun{step}, label %read{step}")
        self._begin_block(f"read{step}")
        read = self._added([self._load("%own", place) for place in places], first)
        self._emit(f"br label %begun{step}")
        self._begin_block(f"begun{step}")
        begun = self._either(first, block, read, f"read{step}")
        self._emit(f"br i1 %single, label %added{step}, label %turn{step}")
        self._begin_block(f"turn{step}")
        sums = [f"%s{step}.{place}" for place in range(len(first))]
        nexts = [f"{name}.next" for name in sums]
        starts = [("%at", "%apart"), ("%to", f"{self._panel_size}"), ("%t", "%turns.left")]
        for name, start in starts:
            self._emit(
                f"{name}{step} = phi i64 [ {start}, %begun{step} ], "
                f"[ {name}{step}.next, %turn{step} ]"
            )
        for name, start in zip(sums, begun, strict=True):
            self._emit(
                f"{name} = phi {self._kind} [ {start}, %begun{step} ], [ {name}.next, %turn{step} ]"
            )
        products(f"%at{step}", f"%to{step}", sums)
        self._emit(f"%at{step}.next = add i64 %at{step}, %apart")
        self._emit(f"%to{step}.next = add i64 %to{step}, {self._panel_size}")
        self._count_down(f"t{step}", f"turn{step}", f"added{step}")
        self._begin_block(f"added{step}")
        found = self._either(begun, f"begun{step}", nexts, f"turn{step}")
        self._emit(f"br i1 %ends, label %next{step}, label %keep{step}")
        self._begin_block(f"keep{step}")
        for name, place in zip(found, places, strict=True):
            self._store(name, "%own", place)
        self._emit(f"br label %next{step}")
        self._begin_block(f"next{step}")
        return found

    def _count_down(self, name: str, again: str, then: str) -> None:
        self._emit(f"%{name}.next = sub i64 %{name}, 1")
        self._emit(f"%{name}.again = icmp ne i64 %{name}.next, 0")
        self._emit(f"br i1 %{name}.again, label %{again}, label %{then}")

    def _listed(self, row: str, place: int, base: str) -> str:
        """The address that a place in a row of the table tells."""
        address, offset = self._address(row, place * NUMBER), self._new()
        self._emit(f"{offset} = load i64, ptr {address}, align 8")
        return self._moved(base, offset)

    def _moved(self, base: str, offset: str) -> str:
        found = self._new()
        self._emit(f"{found} = getelementptr i8, ptr {base}, i64 {offset}")
        return found

    def _in_blocks(self, bases: list[str]) -> list[list[str]]:
        """Where each stands in the blocks of a turn."""
        offsets = [self._new() for _ in range(self._blocks)]
        for block, offset in enumerate(offsets):
            self._emit(f"{offset} = mul i64 %stride, {block}")
        return [[self._moved(base, offset) for offset in offsets] for base in bases]

    def _product(self, one: str, other: str, place: int, sums: Sequence[str]) -> str:
        found = self._new()
        self._emit(f"{found} = fmul {self._kind} {one}, {other}")
        if sums:
            self._emit(f"{sums[place]}.next = fadd {self._kind} {sums[place]}, {found}")
        return found

    def _added(self, left: list[str], right: list[str]) -> list[str]:
        found = [self._new() for _ in left]
        for name, one, other in zip(found, left, right, strict=True):
            self._emit(f"{name} = fadd {self._kind} {one}, {other}")
        return found

    def _either(self, ones: list[str], block: str, others: list[str], last: str) -> list[str]:
        found = [self._new() for _ in ones]
        for name, one, other in zip(found, ones, others, strict=True):
            self._emit(f"{name} = phi {self._kind} [ {one}, %{block} ], [ {other}, %{last} ]")
        return found

    def _transposed(self, rows: list[str]) -> list[str]:
        """Rows as columns: halves of ever larger squares change places."""
        lanes, apart = self._lanes, 1
        while apart < lanes:
            upper = [e if not e & apart else lanes + e - apart for e in range(lanes)]
            lower = [e + apart if not e & apart else lanes + e for e in range(lanes)]
            found = [self._new() for _ in rows]
            for place, name in enumerate(found):
                order = ", ".join(f"i32 {e}" for e in (lower if place & apart else upper))
                self._emit(
                    f"{name} = shufflevector {self._kind} {rows[place & ~apart]}, "
                    f"{self._kind} {rows[place | apart]}, <{lanes} x i32> <{order}>"
                )
            rows, apart = found, 2 * apart
        return rows

    def _note_doubts(self, totals: list[str]) -> None:
        mask, doubt = mask_type(self._lanes), "zeroinitializer"
        for one, other in zip(totals[::2], totals[1::2] + totals[-1:], strict=False):
            nan, doubts = self._new(), self._new()
            self._emit(f"{nan} = fcmp uno {self._kind} {one}, {other}")
            self._emit(f"{doubts} = or {mask} {doubt}, {nan}")
            doubt = doubts
        if self._lanes > 1:
            self._emit(f"%doubt.bits = bitcast {mask} {doubt} to i{self._lanes}")
            doubt = "%doubt.bits"
        self._emit(f"%doubt.new = zext i{self._lanes} {doubt} to i64")
        self._emit("%doubt.old = load i64, ptr %doubt")
        self._emit("%doubt.all = or i64 %doubt.old, %doubt.new")
        self._emit("store i64 %doubt.all, ptr %doubt")

    def _store_totals(self, totals: list[str]) -> None:
        for place, total in enumerate(totals):
            i, k = divmod(place, len(self._across))
            if self._in_rows:
                row = self._listed("%tile.row", len(self._down) + i, "%totals")
                into = self._address(row, k * self._width)
                self._emit(f"store {self._kind} {total}, ptr {into}, align 8")
                continue
            for lane in range(self._lanes):
                number = total
                if self._lanes > 1:
                    number = self._new()
                    self._emit(f"{number} = extractelement {self._kind} {total}, i64 {lane}")
                own = len(self._down) + place * self._lanes + lane
                into = self._listed("%tile.row", own, "%totals")
                self._emit(f"store double {number}, ptr {into}, align 8")
