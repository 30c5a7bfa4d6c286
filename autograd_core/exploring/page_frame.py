"""What the pages share: one file with its style and its scripts, for a browser or a notebook."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any, Self

from autograd_core.drawing.looks import THEMES, Theme
from autograd_core.file_writer import check_target, write_file
from autograd_core.given import choice, file_path

__all__ = ["COLUMNS", "LivePage", "check_theme", "part"]

AUTOMATIC = "auto"
COLUMNS = """\
<div class="columns">
<div id="sliders"></div>
<div id="plot"></div>
<div id="said-and-hint"><div id="said" class="said" role="status" aria-live="polite"></div></div>
</div>"""
"""A picture with what moves it and what is said of it, beside it where there is room."""


class LivePage:
    """A page that computes by itself; it shows itself in a notebook, `.save()` writes it."""

    def __init__(self, html: str, title: str, height: int) -> None:
        self.html = html
        """The page, whole: it needs no network and nothing beside it."""
        self._title, self._height = title, height

    @classmethod
    def composed(
        cls,
        body: str,
        script: str,
        functions: Sequence[Mapping[str, str]],
        data: Any,
        *,
        title: str,
        theme: str,
        height: int,
    ) -> Self:
        """A page of its body, its script, its functions in JavaScript, and its data.

        The script finds `functions`, the expressions evaluated, and `data`; what writes numbers and
        draws planes stands before it. Several lots of functions are what a reader chooses from.
        ValueError for an unknown theme.
        """
        check_theme(theme)
        given = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        own = ",\n".join(
            "{\n" + ",\n".join(f"{name}: {text}" for name, text in lot.items()) + "\n}"
            for lot in functions
        )
        page = Template(part("frame.html")).substitute(
            title=html.escape(title),
            colors=_colors(theme),
            style=part("page.css"),
            body=body,
            # In a script element only "<" could end the element or begin a comment.
            data=given.replace("<", "\\u003c"),
            functions=own,
            script="\n".join([part("numbers.js"), part("plane.js"), script]),
        )
        return cls(page, title, height)

    def _repr_html_(self) -> str:
        return (
            f'<iframe srcdoc="{html.escape(self.html)}" title="{html.escape(self._title)}" '
            f'sandbox="allow-scripts" style="width: 100%; height: {self._height}px; border: 0">'
            "</iframe>"
        )

    def __repr__(self) -> str:
        return f"<LivePage: {self._title}; .save('page.html') writes it>"

    def save(self, path: os.PathLike[str] | str, *, overwrite: bool = False) -> Path:
        """Write the page into one file and return its path.

        Raises FileExistsError where the file exists (and not `overwrite`), else the OSError that
        stood in the way.
        """
        target = file_path(path)
        check_target(target, overwrite=overwrite)
        write_file(target, self.html.encode(), overwrite=overwrite)
        return target


def check_theme(theme: str) -> None:
    """Raise ValueError for an unknown theme."""
    choice(theme, "theme", (AUTOMATIC, *THEMES))


def part(name: str) -> str:
    """A file of the folder `page`."""
    return files("autograd_core.exploring").joinpath("page", name).read_text(encoding="utf-8")


def _colors(theme: str) -> str:
    if theme != AUTOMATIC:
        return f":root {{ color-scheme: {theme}; {_variables(THEMES[theme])} }}"
    return (
        f":root {{ color-scheme: light dark; {_variables(THEMES['light'])} }}\n"
        "@media (prefers-color-scheme: dark) { "
        f":root {{ {_variables(THEMES['dark'])} }} }}"
    )


def _variables(theme: Theme) -> str:
    colors = {
        "ground": theme.ground, "text": theme.text, "faint": theme.faint_text, "line": theme.line,
        "box": theme.box, "panel": theme.panel, "frame": theme.frame, "focus": theme.focus,
        "operation": theme.operation, "on-operation": theme.operation_text,
        "positive": theme.positive, "positive-border": theme.positive_border,
        "negative": theme.negative, "negative-border": theme.negative_border,
        "zero-border": theme.zero_border, "invalid": theme.invalid,
        "invalid-border": theme.invalid_border,
    }  # fmt: skip
    return " ".join(f"--{name}: {color};" for name, color in colors.items())
