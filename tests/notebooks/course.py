"""The course: the rows it owes, where each stands in its notebooks, and the index of them all.

A row is something that a lecture on gradient descent and backpropagation defines, derives, draws or
sets as homework; `rows.json` has them. `<!-- rows: A1 D28 -->` in a notebook's text says that they
stand there. `python -m tests.notebooks.course` writes notebooks/README.md anew.
"""

import json
import re
from pathlib import Path

import nbformat

FOLDER = Path(__file__).resolve().parent.parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("[0-9][0-9]_*.ipynb"))
ROWS = json.loads(Path(__file__).with_name("rows.json").read_text(encoding="utf-8"))
LECTURES = {
    "A": "Gradient descent and backpropagation for multilayer perceptrons",
    "B": "Multilayer perceptrons from the perspectives of data and optimization",
    "C": "Backpropagation as maximum likelihood, in matrix form",
    "D": "Differentiable programming, descent and its variants, computational graphs",
    "E": "Stochastic backpropagation, transfer functions",
}
_MARK = re.compile(r"<!-- rows: ([A-E0-9 ]+) -->")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def title_of(path):
    """The first heading of a notebook."""
    cells = nbformat.read(path, as_version=4).cells
    return next(match[1] for cell in cells if (match := _HEADING.search(cell.source)))


def places():
    """For each row that stands in a notebook, the notebooks and headings it stands under."""
    found = {}
    for path in NOTEBOOKS:
        heading = ""
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type != "markdown":
                continue
            headings = _HEADING.findall(cell.source)
            heading = headings[-1] if headings else heading
            for mark in _MARK.findall(cell.source):
                for row in mark.split():
                    found.setdefault(row, []).append((path.name, heading))
    return found


def link(name, heading):
    """A link to a heading, as JupyterLab names them."""
    anchor = heading.replace(" ", "-").replace("(", "%28").replace(")", "%29")
    return f"[{name[:2]} {heading}]({name}#{anchor})"


def index():
    """The text of notebooks/README.md."""
    found = places()
    lines = [
        "# The course",
        "",
        "Notebooks on computational graphs, gradient descent and backpropagation, in the order of",
        'their numbers. To open them: `pip install -e ".[notebooks]" && jupyter lab notebooks`.',
        "",
        "Exercises answer in words; their solutions are in [solutions](solutions). The",
        "[gallery](gallery.ipynb) shows every way to look at a graph.",
        "",
        "| | notebook |",
        "|---|---|",
    ]
    lines += [f"| {path.name[:2]} | [{title_of(path)}]({path.name}) |" for path in NOTEBOOKS]
    lines += ["", "## Where to find what a lecture says", ""]
    for letter, lecture in LECTURES.items():
        lines += [f"### {letter}: {lecture}", "", "| | | where |", "|---|---|---|"]
        for row, text in ROWS.items():
            if row[0] == letter and row in found:
                where = ", ".join(dict.fromkeys(link(*place) for place in found[row]))
                said = text.replace("|", "\\|")
                lines.append(f"| {row} | {said} | {where} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    (FOLDER / "README.md").write_text(index(), encoding="utf-8")
