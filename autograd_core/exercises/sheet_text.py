"""A worksheet to print: in Markdown and in LaTeX, with blanks or with what belongs in them."""

from __future__ import annotations

from autograd_core.exercises.blanks import PARTS, Blank, Sheet
from autograd_core.notation import LatexNotation, Notation, composed, escape, written_size

__all__ = ["as_latex", "as_markdown", "title_of"]

LONGEST_FORMULA = 40
_BLANK = r"\underline{\hspace{6em}}"


def title_of(sheet: Sheet, notation: Notation) -> str:
    """The function the sheet is about: a formula, or its name where that would be long."""
    name = notation.name(sheet.of.symbols[sheet.of.root])
    if written_size(sheet.of.order) > LONGEST_FORMULA:
        return name.text
    whole = composed(sheet.of.order, sheet.of.symbols, notation)
    return f"{name.text} = {whole.text}"


def as_markdown(sheet: Sheet, solved: bool) -> str:
    """A heading for each part, a formula for each blank."""
    notation = _notation()
    heading = "Solution" if solved else "Worksheet"
    parts = [f"# {heading}: ${title_of(sheet, notation)}$", f"Given: {_given(sheet, notation)}"]
    for part, title in PARTS.items():
        lines = [f"{number}. ${line}$" for number, line in _lines(sheet, part, solved, notation)]
        parts += [f"## {title}", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def as_latex(sheet: Sheet, solved: bool) -> str:
    """A document for LaTeX with amsmath."""
    notation = _notation()
    heading = "Solution" if solved else "Worksheet"
    parts = [
        r"\documentclass{article}",
        r"\usepackage{amsmath}",
        r"\begin{document}",
        rf"\section*{{{heading}: ${title_of(sheet, notation)}$}}",
        f"Given: {_given(sheet, notation)}",
        r"\begin{enumerate}",
        r"\setlength{\itemsep}{1ex}",
    ]
    for part, title in PARTS.items():
        parts.append(rf"\item[] \textbf{{{escape(title)}}}")
        for number, line in _lines(sheet, part, solved, notation):
            parts.append(rf"\item[{number}.] ${line}$")
    return "\n".join([*parts, r"\end{enumerate}", r"\end{document}", ""])


def _notation() -> LatexNotation:
    return LatexNotation(lambda number: f"{number:.6g}")


def _given(sheet: Sheet, notation: Notation) -> str:
    given = (
        f"{notation.name(sheet.of.symbols[node]).text} = {notation.number(node.data).text}"
        for node in sheet.of.given
    )
    return ", ".join(f"${line}$" for line in given)


def _lines(sheet: Sheet, part: str, solved: bool, notation: Notation) -> list[tuple[int, str]]:
    return [
        (blank.number, _line(sheet, blank, solved, notation))
        for blank in sheet.blanks
        if blank.part == part
    ]


def _line(sheet: Sheet, blank: Blank, solved: bool, notation: Notation) -> str:
    equation = sheet.equation(blank, notation)
    if solved:
        equalities = notation.equalities(equation.left, equation.members)
        return " ".join([equation.left.text, *equalities])
    # The operation is given for a value; what to multiply and add is what one is to find out.
    asked = f" = {equation.members[0].text}" if blank.part == "value" else ""
    return f"{equation.left.text}{asked} = {_BLANK}"
