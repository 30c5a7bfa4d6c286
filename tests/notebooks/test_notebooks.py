"""Every notebook runs from top to bottom, and shows what it was saved with."""

from pathlib import Path

import nbclient
import nbformat
import pytest

FOLDER = Path(__file__).parent.parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def shown(cell):
    """The text that a cell's outputs show, and the kinds of its pictures."""
    text, kinds = "", []
    for output in cell.get("outputs", ()):  # a kernel may send one stream in several pieces
        data = output.get("data", {})
        text += output.get("text", "") + data.get("text/plain", "")
        kinds += sorted(kind for kind in data if kind != "text/plain")
    return text, kinds


# The kernel's own libraries warn (of sockets and event loops); a cell that fails fails the test.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_what_it_was_saved_with(path):
    saved = nbformat.read(path, as_version=4)
    fresh = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(fresh, timeout=300, resources={"metadata": {"path": FOLDER}}).execute()
    for before, after in zip(saved.cells, fresh.cells, strict=True):
        assert shown(after) == shown(before), before.source


def test_there_are_notebooks_and_they_use_doors_only():
    assert NOTEBOOKS
    for path in NOTEBOOKS:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                assert "autograd_core." not in cell.source
