"""What the passes made of a program, and what each of them saved."""

from __future__ import annotations

from dataclasses import dataclass

from autograd_core.program.code.flat import Code
from autograd_core.program.passes import tidying

__all__ = ["Passes", "Saved", "tidied"]


@dataclass(frozen=True)
class Saved:
    """One pass: the instructions and bytes before it and after it."""

    name: str
    instructions_before: int
    instructions_after: int
    bytes_before: int
    bytes_after: int


@dataclass(frozen=True)
class Passes:
    """All passes that a program went through; prints as a table."""

    passes: tuple[Saved, ...]

    def __str__(self) -> str:
        lines = [f"{'pass':<36} {'instructions':>25} {'bytes':>25}"]
        for saved in self.passes:
            instructions = f"{saved.instructions_before:,} → {saved.instructions_after:,}"
            size = f"{saved.bytes_before:,} → {saved.bytes_after:,}"
            lines.append(f"{saved.name:<36} {instructions:>25} {size:>25}")
        return "\n".join(lines)

    __repr__ = __str__


def tidied(code: Code) -> tuple[Code, Passes]:
    """The code after all passes, with its bits kept, and what they saved."""
    saved = []
    for name, apply in tidying.PASSES:
        after = apply(code)
        saved.append(Saved(name, len(code), len(after), code.nbytes, after.nbytes))
        code = after
    return code, Passes(tuple(saved))
