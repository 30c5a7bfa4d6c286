"""A recorded function as it stands: what can be seen of it, and what it can be written out as.

This is the half of a `Program` that computes nothing: its text, its statistics, its picture, JSON,
and source for other languages, each imported when it is asked for: most programs are only run. The
other half, in `program`, replays and differentiates.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

import numpy

from autograd_core.graph.numbers import shown
from autograd_core.program.code.flat import Floats
from autograd_core.program.code.trace import read_data
from autograd_core.program.passes.pipeline import tidied
from autograd_core.program.showing.listing import LINES, listing
from autograd_core.program.signature.by_name import listed
from autograd_core.program.signature.leaf_names import Names, names_of
from autograd_core.program.signature.recorded import Recorded

if TYPE_CHECKING:
    from autograd_core.drawing import Drawing
    from autograd_core.program.exports.exported import Exported
    from autograd_core.program.exports.javascript.export_javascript import ExportedJavaScript
    from autograd_core.program.showing.statistics import Statistics

__all__ = ["Described"]


class Described(Recorded):
    """A recording with its text, its statistics, its picture, and the sources it comes to."""

    def __init__(self, recorded: Recorded) -> None:
        if not isinstance(recorded, Recorded):
            raise TypeError(
                "programs are made by record(function, *examples), record_graph() and "
                f"Program.from_json(), not of {shown(recorded)}"
            )
        super().__init__(*recorded.parts)

    def __str__(self) -> str:
        return self.listing()

    def __repr__(self) -> str:
        from autograd_core.notation import shown_name

        takes = listed(map(shown_name, self.names))
        captured = f", {len(self.captured):,} captured" if self.captured else ""
        return (
            f"<Program ({takes}) of {len(self.code):,} instructions{captured}; print() lists them>"
        )

    def listing(self, limit: int | None = LINES) -> str:
        """The instructions as they were recorded, as text; at most `limit` of them, None for all.

        >>> from autograd_core import record
        >>> print(record(lambda x, y: (x + y).tanh(), 0.0, 0.0))
        inputs    2: x = %0, y = %1
        %2 = add x, y
        %3 = tanh %2
        return %3
        """
        return listing(self.code, self._names(), limit)

    def statistics(self) -> Statistics:
        """How many instructions there are of each primitive, what they take and what they cost."""
        from autograd_core.program.showing.statistics import statistics

        return statistics(self.code)

    def draw(
        self,
        *,
        fold: bool | None = None,
        limit: int | None = 60,
        style: str = "modern",
        theme: str = "light",
        rankdir: str = "LR",
        format: str = "svg",
        engine: str = "auto",
        timeout: float | None = 10.0,
    ) -> Drawing:
        """A picture of the instructions, as `draw` makes them of graphs; it shows itself.

        Above 60 instructions those of one kind whose operands come from the same boxes share a box,
        so a layer is two; should that be more than `limit` boxes, those of similar depth do.
        `fold` asks for that, or for none of it; the other arguments are those of `draw`.

        Raises ValueError for an argument that is not among the choices, and GraphTooLarge for more
        than `limit` instructions with `fold=False`.

        >>> from autograd_core import record
        >>> record(lambda x, y: (x + y).tanh(), 0.0, 0.0).draw()
        <Drawing of 5 nodes; .save_image('graph.svg') writes it>
        """
        from autograd_core.program.showing.program_drawing import draw_code

        return draw_code(
            self.code,
            self._names(),
            fold=fold,
            limit=limit,
            style=style,
            theme=theme,
            rankdir=rankdir,
            format=format,
            engine=engine,
            timeout=timeout,
        )

    # Keeping it.

    def to_json(self) -> str:
        """The program as JSON, with the numbers of what it captured, to the last bit.

        Raises TypeError for arguments in dictionaries with keys that JSON does not have.

        >>> from autograd_core import Program, record
        >>> Program.from_json(record(lambda x: 2 * x, 0.0).to_json())(21.0)
        42.0
        """
        from autograd_core.program.saving.program_json import to_json

        return to_json(self)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The program that `to_json` wrote; what it captured comes back as leaves of its own.

        Raises ProgramError where the text is no such program, or a newer version's, or one of
        primitives that are not known here.
        """
        from autograd_core.program.saving.program_json import from_json

        return cls(from_json(text))

    def to_c(self, name: str = "program") -> str:
        """The program as one self-contained C99 file: the function `name`, and one for batches.

        It takes the inputs, the captured leaves' numbers and room for the outputs; it allocates
        nothing and, compiled without contraction, gives the bits of a replay.

        Raises ValueError where `name` can be no function's, and BackendError for a primitive of the
        user's own.

        >>> from autograd_core import record
        >>> text = record(lambda x, y: x * y + x, 0.0, 0.0).gradient().to_c("slopes")
        >>> "void slopes(const double *inputs" in text
        True
        """
        from autograd_core.program.exports.c.export_c import to_c

        code, _ = tidied(self.code)
        names, inputs = self._names(), self.code.inputs
        return to_c(code, name, names.leaves[:inputs], names.leaves[inputs:], names.outputs)

    def to_javascript(self, name: str = "program") -> ExportedJavaScript:
        """The program as JavaScript: an ES module that exports `name(*arguments, parameters)`.

        Tuples and lists are arrays there, dictionaries objects; arrays of numbers come back as
        Float64Arrays. `parameters` may be left out for what the captured leaves hold now. What
        comes back prints as its source; `.script` is the same as an expression, for a page.

        Raises ValueError for a name that is none, BackendError for a primitive of the user's own,
        and TypeError for dictionaries with keys that JavaScript's objects do not have.

        >>> from autograd_core import record
        >>> slopes = record(lambda x, y: x * y + x, 0.0, 0.0).gradient().to_javascript("slopes")
        >>> "export function slopes(x, y) {" in slopes.source
        True
        """
        from autograd_core.program.exports.javascript.export_javascript import to_javascript

        return to_javascript(self._shortest(), self._data(), name)

    def to_numpy(
        self, name: str = "function", spellings: Mapping[str, str] | None = None
    ) -> Exported:
        """The program as NumPy: `name(*arguments, parameters)`, over axes of samples in front.

        Without anything captured it takes no `parameters`.

        What comes back prints as its source and is called as the function. `spellings` says how to
        write primitives of the user's own.

        Raises ValueError for a name that is none, and BackendError for a primitive without a
        spelling.

        >>> from autograd_core import record
        >>> line = record(lambda x, y: x * y + 1.0, 0.0, 0.0).to_numpy("line")
        >>> line([1.0, 2.0], 3.0).tolist()
        [4.0, 7.0]
        """
        from autograd_core.program.exports.arrays.array_library import NUMPY
        from autograd_core.program.exports.arrays.array_module import to_arrays

        return to_arrays(NUMPY, self._shortest(), self._data(), name, spellings)

    def to_jax(
        self, name: str = "function", spellings: Mapping[str, str] | None = None
    ) -> Exported:
        """The program as JAX: a function of one sample for `jit`, `vmap`, `grad` and sharding.

        Otherwise as `to_numpy`; JAX itself is asked for when the function is first used. It takes
        some 50 ms to compile an operation of arrays: a program in which nothing repeats, which is
        an operation for every few instructions, is better exported to C.

        >>> from autograd_core import record
        >>> exported = record(lambda x: (x[0] * x[1]).exp(), [0.0, 0.0]).to_jax("area")
        >>> print(exported.source[exported.source.index("def ") :])
        def area(x):
            \"""a number of x.\"""
            x = jnp.asarray(x).reshape(2)
            v1 = x[0:1] * x[1:2]
            v2 = jnp.exp(v1)
            return v2[0]
        <BLANKLINE>
        """
        from autograd_core.program.exports.arrays.array_library import JAX
        from autograd_core.program.exports.arrays.array_module import to_arrays

        return to_arrays(JAX, self._shortest(), self._data(), name, spellings)

    def to_torch(
        self, name: str = "function", spellings: Mapping[str, str] | None = None
    ) -> Exported:
        """The program as PyTorch: `name(*arguments, parameters)` on tensors that autograd follows.

        Otherwise as `to_numpy`; PyTorch itself is asked for when the function is first used.

        >>> from autograd_core import record
        >>> exported = record(lambda x: x.exp() + 1.0, 0.0).to_torch("area")
        >>> "torch.exp(x)" in exported.source
        True
        """
        from autograd_core.program.exports.arrays.array_library import TORCH
        from autograd_core.program.exports.arrays.array_module import to_arrays

        return to_arrays(TORCH, self._shortest(), self._data(), name, spellings)

    def _shortest(self) -> Recorded:
        """The same as the code after all passes computes it."""
        code, _ = tidied(self.code)
        return self.computed_by(code)

    def _data(self) -> Floats:
        """What the captured leaves hold now."""
        numbers = numpy.empty(len(self.captured))
        read_data(list(self.captured), numbers)
        return numbers

    def _names(self) -> Names:
        return names_of(self.arguments, self.names, self.captured, self.result)
