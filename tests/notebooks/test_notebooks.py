"""Every notebook runs from top to bottom and shows what it was saved with; solutions are right."""

import ast
import base64
import io
import re
from importlib.util import find_spec
from pathlib import Path

import nbclient
import nbformat
import numpy
import pytest
from PIL import Image

from tests.tiers import for_both_tiers

FOLDER = Path(__file__).parent.parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def shown(cell):
    """What a cell's outputs show: all that is text by its kind, and the pictures made of pixels."""
    held = {}
    for output in cell.get("outputs", ()):  # a kernel may send one stream in several pieces
        data = dict(output.get("data", {}))
        if "text" in output:
            data[output["name"]] = output["text"]
        for kind, content in data.items():
            held.setdefault(kind, []).append(content)
    pictures = [Image.open(io.BytesIO(base64.b64decode(p))) for p in held.pop("image/png", ())]
    texts = {kind: "".join(map(str, parts)) for kind, parts in held.items()}
    if "text/html" in texts:
        texts["text/html"] = without_machinery(texts["text/html"])
    if cell.source.startswith("# measured"):  # times: no two are equal
        texts = {kind: re.sub(r"[\d.,]+", "#", text) for kind, text in texts.items()}
    return texts, pictures


def without_machinery(page):
    """What a page in a frame shows, and its data; its scripts and styles are tested at home."""
    machinery = r"&lt;(script|style)(?!.{0,60}application/json).*?&lt;/\1&gt;"
    return re.sub(machinery, "", page, flags=re.DOTALL)


def alike(one, other):
    """Whether pictures look alike from afar: fonts and their edges differ among machines.

    What another series of matplotlib has drawn has other margins and ticks, and says nothing.
    """
    drawn_by = [
        re.findall(r"\d+\.\d+", picture.info.get("Software", ""))[:1] for picture in (one, other)
    ]
    return drawn_by[0] != drawn_by[1] or numpy.allclose(thumbnail(one), thumbnail(other), atol=16)


def thumbnail(image):
    return numpy.asarray(image.convert("L").resize((24, 16)), dtype=float)


def solutions_of(path):
    """The solutions of a notebook's exercises by number, each call of `check` an assertion."""
    solved = FOLDER / "solutions" / f"{path.stem}.py"
    if not solved.exists():
        return {}
    parts = re.split(r"^# exercise (\d+).*$", solved.read_text(encoding="utf-8"), flags=re.M)
    return {number: asserting(text) for number, text in zip(parts[1::2], parts[2::2], strict=True)}


def asserting(text):
    """The statements, with `assert check(...)` for each `check(...)`, of which there is one."""
    tree, checks = ast.parse(text), 0
    for place, statement in enumerate(tree.body):
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            assert ast.unparse(statement.value.func) == "check"
            told = ast.parse(f"verdict = {ast.unparse(statement)}; assert verdict, verdict").body
            tree.body[place] = ast.If(ast.Constant(True), told, [])
            checks += 1
    assert checks
    return ast.unparse(ast.fix_missing_locations(tree))


def with_solutions(notebook, solutions):
    """The notebook with each solution right after its exercise, and which cells were added."""
    cells, added = [], set()
    for cell in notebook.cells:
        cells.append(cell)
        if cell.cell_type == "code":
            for number in re.findall(r"# exercise (\d+)", cell.source):
                added.add(len(cells))
                cells.append(nbformat.v4.new_code_cell(solutions[number]))
    return nbformat.v4.new_notebook(cells=cells, metadata=notebook.metadata), added


@for_both_tiers
# The kernel's own libraries warn (of sockets and event loops); a cell that fails fails the test.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_what_it_was_saved_with(path):
    saved = nbformat.read(path, as_version=4)
    fresh = nbformat.read(path, as_version=4)
    solved, added = with_solutions(fresh, solutions_of(path))
    nbclient.NotebookClient(solved, timeout=300, resources={"metadata": {"path": FOLDER}}).execute()
    run = [cell for place, cell in enumerate(solved.cells) if place not in added]
    for before, after in zip(saved.cells, run, strict=True):
        if before.source.startswith("# with JAX") and find_spec("jax") is None:
            continue
        (found, pictures), (expected, saved_pictures) = shown(after), shown(before)
        assert found == expected, before.source
        assert len(pictures) == len(saved_pictures), before.source
        assert all(map(alike, pictures, saved_pictures)), before.source


def test_there_are_notebooks_and_they_use_doors_only():
    assert NOTEBOOKS
    for path in NOTEBOOKS:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                assert "autograd_core." not in cell.source
