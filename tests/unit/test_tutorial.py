"""The tutorial runs from top to bottom on the released networks, and the outputs it is committed with are such."""

import importlib.util
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "docs/tutorial.ipynb"
LARGEST = 1_000_000  # bytes: it is part of the repository


def texts(notebook: nbformat.NotebookNode) -> list[str]:
    """What each code cell prints."""
    return [
        "".join(output.text for output in cell.outputs if output.output_type == "stream" and output.name == "stdout")
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def test_tutorial_runs_and_shows_what_it_prints():
    """Words and figures as committed. Numbers may differ in their last digits on another processor."""
    spec = importlib.util.spec_from_file_location("run_tutorial", ROOT / "scripts/run_tutorial.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    committed, anew = nbformat.read(NOTEBOOK, as_version=4), script.executed(NOTEBOOK)
    words = [["".join(filter(str.isalpha, text)) for text in texts(notebook)] for notebook in (committed, anew)]
    assert words[0] == words[1]
    assert "ratioofspacings" in "".join(words[0])
    kinds = [[[o.output_type for o in c.outputs if o.get("name") != "stderr"] for c in n.cells if c.cell_type == "code"]
             for n in (committed, anew)]  # fmt: skip
    assert kinds[0] == kinds[1]
    assert sum("display_data" in kind for kind in kinds[0]) == 3


def test_tutorial_is_small_and_names_no_machine():
    text = NOTEBOOK.read_text()
    assert len(text) < LARGEST
    assert "/work" not in text
    assert "/home" not in text
