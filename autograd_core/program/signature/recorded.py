"""What a recording leaves: the code, what it captured, and the forms of what goes in and comes out.

How a program is run is no part of it: this is what is differentiated, shown, exported and saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from autograd_core.graph.value import Value
from autograd_core.program.code.flat import Code
from autograd_core.program.signature.arguments import Form, Holder

__all__ = ["NONE", "Parts", "Recorded"]

NONE = Holder(tuple, (), ())
"""The form of no parameters."""

Parts: TypeAlias = tuple[
    Code,
    tuple[Value, ...],
    tuple[Form, ...],
    tuple[str, ...],
    Form,
    bool,
    Form,
    tuple[Value, ...],
]
"""What `Recorded` is made of, in order."""


class Recorded:
    """All that a program is, but for how it is run."""

    def __init__(
        self,
        code: Code,
        captured: Sequence[Value],
        arguments: Sequence[Form],
        names: Sequence[str],
        result: Form,
        auxiliary: bool = False,
        parameters: Form = NONE,
        replaced: Sequence[Value] = (),
    ) -> None:
        self.code = code
        """The instructions as they were recorded."""
        self.captured = tuple(captured)
        """The leaves that the function reached from outside, in the order of their numbers."""
        self.arguments = tuple(arguments)
        self.names = tuple(names)
        """What the arguments are called."""
        self.result = result
        self.auxiliary = auxiliary
        """Whether the result is a pair of which the second only comes along."""
        self.parameters = parameters
        """The form of the parameters that it was recorded with, the first of what is captured."""
        self.replaced = tuple(replaced)
        """The Values of a graph in whose place the arguments' numbers come, in the order of those;
        none where a function made its graph from the arguments themselves."""

    @property
    def parts(self) -> Parts:
        """What it is made of: `Recorded(*recorded.parts)` is the same once more."""
        about = (self.captured, self.arguments, self.names, self.result, self.auxiliary)
        return (self.code, *about, self.parameters, self.replaced)

    def computed_by(self, code: Code) -> Recorded:
        """The same as another code computes it, of the same leaves and outputs."""
        return Recorded(code, *self.parts[1:])
