"""What the parts of a program's picture look like: instructions, leaves, constants, outputs.

What runs for each sample is filled, what runs once a call outlined; inputs have a blue border, what
is captured a gray ground, constants a dashed border. Colors and sizes are those of all drawings.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograd_core.drawing.labels import clip, escape_label, escape_tooltip, minimum_width
from autograd_core.drawing.looks import CLASSIC, Attributes, Style, Theme

__all__ = ["Look"]

NARROWEST = 0.75  # inches, as Graphviz has it where it knows all letters


@dataclass(frozen=True, slots=True)
class Look:
    """A style in a theme."""

    style: Style
    theme: Theme

    @property
    def once(self) -> str:
        """How one tells what is computed once a call."""
        return "dashed" if self.style is CLASSIC else "outlined"

    def instruction(self, lines: list[str], tooltip: str, once: bool, output: bool) -> Attributes:
        """One instruction or many: what it computes, then what it is."""
        box = self._box(lines, tooltip)
        if output:
            box["penwidth"] = "2"
        if self.style is CLASSIC:
            return box | ({"style": "dashed"} if once else {})
        if once:
            return box | {"fillcolor": self.theme.panel, "color": self.theme.text}
        dark = self.theme.operation
        return box | {
            "fillcolor": dark,
            "color": self.theme.focus if output else dark,
            "fontcolor": self.theme.operation_text,
        }

    def input(self, lines: list[str], tooltip: str) -> Attributes:
        """An argument, or a number in it."""
        box = self._box(lines, tooltip)
        if self.style is CLASSIC:
            return box
        return box | {"fillcolor": self.theme.box, "color": self.theme.focus, "penwidth": "1.6"}

    def captured(self, lines: list[str], tooltip: str) -> Attributes:
        """What the program reads from outside at each call."""
        box = self._box(lines, tooltip)
        if self.style is CLASSIC:
            return box | {"peripheries": "2"}
        return box | {"fillcolor": self.theme.frame, "color": self.theme.line}

    def constant(self, number: float) -> Attributes:
        """A number that never changes."""
        box = self._box([repr(number)], f"constant {number!r}")
        if self.style is CLASSIC:
            return box | {"style": "dashed"}
        return box | {
            "style": "rounded,filled,dashed",
            "fillcolor": self.theme.box,
            "color": self.theme.line,
            "fontcolor": self.theme.faint_text,
        }

    def output(self, lines: list[str]) -> Attributes:
        """The name of what the program gives."""
        return {
            "shape": "plaintext",
            "style": "",
            "label": escape_label("\n".join(lines)),
            "tooltip": escape_tooltip("output " + "\n".join(lines)),
        }

    def _box(self, lines: list[str], tooltip: str) -> Attributes:
        lines = list(map(clip, lines))
        box = {
            "shape": "box",
            "label": escape_label("\n".join(lines)),
            "tooltip": escape_tooltip(tooltip),
        }
        width = minimum_width(lines, self.style.font_size)
        return box if width is None else box | {"width": f"{max(width, NARROWEST):g}"}
