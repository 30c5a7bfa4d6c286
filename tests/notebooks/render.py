"""Run notebooks and save what they show: `python -m tests.notebooks.render 01_graphs gallery`.

Without names all are run. Look at what has changed before it is committed: the tests hold every
notebook to what it was saved with.
"""

import sys
from pathlib import Path

import nbclient
import nbformat

FOLDER = Path(__file__).resolve().parent.parent.parent / "notebooks"


def render(path):
    """Run one notebook from top to bottom and save its outputs, without the times of the run."""
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": FOLDER}}
    nbclient.NotebookClient(notebook, timeout=300, resources=resources).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    nbformat.write(notebook, path)


if __name__ == "__main__":
    names = sys.argv[1:] or sorted(path.stem for path in FOLDER.glob("*.ipynb"))
    for name in names:
        print(name)
        render(FOLDER / f"{name}.ipynb")
