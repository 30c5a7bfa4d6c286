"""`worksheet`: a graph with blanks, to fill on a page that checks, or on paper beside its solution.

This module owns the public function and what it returns; the blanks are `blanks`', the printed
sheet `sheet_text`'s, the page's script lies in `page/`.
"""

from __future__ import annotations

import html
import math
import os
from importlib.resources import files
from pathlib import Path
from string import Template

from autograd_core.exercises.blanks import PARTS, Blank, Sheet, picture_of, sheet_of
from autograd_core.exercises.sheet_text import as_latex, as_markdown, title_of
from autograd_core.exercises.truths import EXACT, NEARLY, ROUNDED
from autograd_core.exploring.page_frame import LivePage
from autograd_core.file_writer import check_target, write_file
from autograd_core.given import checked_limit, file_path, flag
from autograd_core.graph.value import Value
from autograd_core.notation import TextNotation

__all__ = ["Worksheet", "worksheet"]

MOST_BLANKS = 200
_AROUND = 350  # pixels in a notebook beside the blanks
_ROW = 46
_BODY = """\
<style>
:root { --right: #116329; --wrong: #a40e26; }
@media (prefers-color-scheme: dark) {
  :root { --right: #56d364; --wrong: #ff7b72; }
  .picture.light { display: none; }
}
@media (prefers-color-scheme: light) { .picture.dark { display: none; } }
.picture { overflow-x: auto; }
.picture svg { display: block; height: auto; }
@media (min-width: 34em) { .picture svg { max-width: 100%; } }
.blank { display: grid; grid-template-columns: minmax(12em, auto) 8.5em 1fr; gap: 4px 12px;
  align-items: center; padding: 3px 0; }
.blank label { text-align: right; font-family: ui-monospace, "Liberation Mono", monospace; }
.blank input { width: 100%; min-height: 40px; padding: 5px 8px; border: 1px solid var(--line);
  border-radius: 6px; background: var(--ground); color: var(--text); font: inherit; }
.blank.right output { color: var(--right); }
.blank.right output::before { content: "✓ "; }
.blank.wrong output { color: var(--wrong); }
.blank.wrong output::before { content: "✗ "; }
.bar { position: sticky; top: 0; padding: 6px 0; background: var(--ground); display: flex;
  gap: 12px; align-items: center; flex-wrap: wrap; }
@media (max-width: 34em) {
  .blank { grid-template-columns: minmax(7em, 1fr) 8em; }
  .blank output:not(:empty) { grid-column: 1 / -1; text-align: right; }
}
</style>
<h1>$title</h1>
<div class="picture light" tabindex="0" role="region" aria-label="The graph">
$light
</div>
<div class="picture dark" aria-hidden="true">
$dark
</div>
<p>Fill the numbered blanks, by hand: a number such as 0.25, 1/4 or -3e-2. Three digits are
enough.</p>
<div class="bar">
<output id="score" role="status"></output>
<button id="clear" type="button">Clear</button>
<button id="solve" type="button">Show the answers</button>
</div>
<div id="parts"></div>"""


class Worksheet:
    """A graph with blanks; in a notebook it is a page that checks what is typed.

    `.markdown` and `.latex` are sheets to print, `.solution_markdown` and `.solution_latex` the
    sheets with the answers, derived. `.save()` writes the page, or by its ending a sheet.
    """

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @property
    def blanks(self) -> int:
        """How many blanks there are."""
        return len(self._sheet.blanks)

    @property
    def markdown(self) -> str:
        """The sheet with its blanks."""
        return as_markdown(self._sheet, solved=False)

    @property
    def solution_markdown(self) -> str:
        """The sheet with every answer and how it comes about."""
        return as_markdown(self._sheet, solved=True)

    @property
    def latex(self) -> str:
        """The sheet with its blanks, a document for LaTeX."""
        return as_latex(self._sheet, solved=False)

    @property
    def solution_latex(self) -> str:
        """The sheet with every answer and how it comes about, a document for LaTeX."""
        return as_latex(self._sheet, solved=True)

    @property
    def page(self) -> LivePage:
        """The page that checks."""
        listed = [
            [title, [self._asked(blank) for blank in self._sheet.blanks if blank.part == part]]
            for part, title in PARTS.items()
        ]
        pictures = {}
        for theme in ("light", "dark"):
            svg = picture_of(self._sheet, theme=theme).pipe("svg", encoding="utf-8")
            pictures[theme] = svg[svg.index("<svg") :]
        title = title_of(self._sheet, TextNotation(lambda x: f"{x:.6g}"))
        script = files("autograd_core.exercises").joinpath("page", "worksheet.js")
        return LivePage.composed(
            Template(_BODY).substitute(title=html.escape(title), **pictures),
            script.read_text(encoding="utf-8"),
            [],
            {"exact": EXACT, "rounded": ROUNDED, "nearly": NEARLY, "parts": listed},
            title=title,
            theme="auto",
            height=min(1200, _AROUND + _ROW * self.blanks),
        )

    @property
    def html(self) -> str:
        """The page that checks, whole."""
        return self.page.html

    def _asked(self, blank: Blank) -> list[object]:
        equation = self._sheet.equation(blank, TextNotation(lambda number: f"{number:.6g}"))
        asked = equation.left.text
        if blank.part == "value":
            asked += f" = {equation.members[0].text}"
        slips = [[_written(value), words] for value, words in blank.truth.slips]
        return [blank.number, asked, _written(blank.truth.value), slips]

    def _repr_html_(self) -> str:
        return self.page._repr_html_()

    def __repr__(self) -> str:
        return f"<Worksheet of {self.blanks} blanks; .save('sheet.html') writes the page>"

    def save(
        self, path: os.PathLike[str] | str, *, solution: bool = False, overwrite: bool = False
    ) -> Path:
        """Write the page (.html), or a sheet (.md, .tex) with its blanks or its solution.

        Raises ValueError for another ending or a page with the solution, FileExistsError where the
        file exists (and not `overwrite`), else the OSError that stood in the way.
        """
        target = file_path(path)
        ending = target.suffix.lower()
        if flag(solution, "solution") and ending == ".html":
            raise ValueError("the page shows its own answers; save the solution as .md or .tex")
        if ending not in (".html", ".md", ".tex"):
            raise ValueError(f"{str(target)!r} does not end in .html, .md or .tex")
        check_target(target, overwrite=overwrite)
        if ending == ".html":
            text = self.html
        elif ending == ".md":
            text = self.solution_markdown if solution else self.markdown
        else:
            text = self.solution_latex if solution else self.latex
        write_file(target, text.encode(), overwrite=overwrite)
        return target


def _written(number: float) -> float | str:
    """A number as JSON has it, or its name."""
    return number if math.isfinite(number) else str(number)


def worksheet(root: Value, *, max_blanks: int | None = MOST_BLANKS) -> Worksheet:
    """A sheet to compute a graph's values, local gradients and gradients by hand.

    No `grad` is read or written.

    Raises TypeError for what is no Value, GraphError for a constant, GraphTooLarge for more than
    `max_blanks` blanks.

    >>> x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    >>> sheet = worksheet((x + y).named("q") * z)
    >>> sheet.blanks
    11
    >>> print(sheet.markdown.splitlines()[6])
    1. $q = x + y = \\underline{\\hspace{6em}}$
    >>> print(sheet.solution_markdown.splitlines()[6])
    1. $q = x + y = -2 + 5 = 3$
    """
    return Worksheet(sheet_of(root, checked_limit(max_blanks, "max_blanks")))
