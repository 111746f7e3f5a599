"""Run docs/tutorial.ipynb from top to bottom and keep its outputs: `python scripts/run_tutorial.py`."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).resolve().parents[1] / "docs/tutorial.ipynb"
KEPT = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


def executed(path: Path) -> nbformat.NotebookNode:
    """The notebook with the outputs of a run of all its cells, in its own folder. Raises CellExecutionError."""
    notebook = nbformat.read(path, as_version=4)
    folder = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources=folder).execute()
    return notebook


def tidied(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Without what differs from run to run: times, versions, numbers of cells."""
    notebook.metadata = nbformat.from_dict(KEPT)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell{number}"
        cell.metadata = nbformat.from_dict({})
    return notebook


if __name__ == "__main__":
    nbformat.write(tidied(executed(NOTEBOOK)), NOTEBOOK)
