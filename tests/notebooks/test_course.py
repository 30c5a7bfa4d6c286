"""The course keeps its contract: every row has a place, the index is right, cells are short."""

import ast
import json
import re
import urllib.parse
from pathlib import Path

import nbformat
import pytest

from tests.notebooks.course import FOLDER, NOTEBOOKS, ROWS, index, places

# What no notebook shows yet. A row leaves this list in the change that shows it.
MISSING = set(json.loads(Path(__file__).with_name("missing.json").read_text(encoding="utf-8")))


def test_every_row_stands_in_a_notebook_or_in_the_list_of_those_that_do_not():
    found = places()
    assert len(ROWS) == 110
    assert set(found) <= set(ROWS), "marked, but no row"
    assert set(found) | MISSING == set(ROWS), "neither marked nor listed as missing"
    assert not set(found) & MISSING, "marked and yet listed as missing"


def test_the_index_is_written_from_the_notebooks():
    assert (FOLDER / "README.md").read_text(encoding="utf-8") == index(), (
        "run python -m tests.notebooks.course"
    )


def headings_of(path):
    cells = nbformat.read(path, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return {heading.replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


def links_of(text):
    return re.findall(r"\]\((?!https?:)([^)]+)\)", text)


@pytest.mark.parametrize("path", [FOLDER / "README.md", *NOTEBOOKS], ids=lambda path: path.name)
def test_links_lead_to_files_and_headings_that_exist(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = nbformat.reads(text, as_version=4).cells
        text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    for target in links_of(text):
        name, _, anchor = target.partition("#")
        assert (FOLDER / name).exists(), target
        if anchor:
            assert urllib.parse.unquote(anchor) in headings_of(FOLDER / name), target


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_made_of_short_cells_and_has_exercises_with_solutions(path):
    cells = nbformat.read(path, as_version=4).cells
    exercises = []
    for cell in cells:
        if cell.cell_type == "code":
            lines = [line for line in cell.source.splitlines() if line.strip()]
            assert len(lines) <= 8, cell.source
            tells = re.search(r"^check = Exercise\(.*\{", cell.source, re.MULTILINE)
            assert not tells or cell.metadata["jupyter"]["source_hidden"], cell.source
            exercises += re.findall(r"# exercise (\d+)", cell.source)
    assert exercises == [str(number) for number in range(1, len(exercises) + 1)]
    assert 4 <= len(exercises) <= 6
    solved = (FOLDER / "solutions" / f"{path.stem}.py").read_text(encoding="utf-8")
    assert re.findall(r"^# exercise (\d+)", solved, re.MULTILINE) == exercises
    ast.parse(solved)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_opens_with_what_it_needs_and_what_its_symbols_mean(path):
    opening = nbformat.read(path, as_version=4).cells[0].source
    assert re.match(r"# \S", opening)
    for part in ("**You need** ", "**It takes** about ", "| symbol | meaning |"):
        assert part in opening
