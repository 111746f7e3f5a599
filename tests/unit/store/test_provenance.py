"""The code that a result depends on: all that Python loads for it, and nothing else."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from sslgrid.store.provenance import SOURCE, code_files, code_hash, meaning
from trees import Tree

STAGES = sorted(
    [f"sslgrid.commands.{path.stem}" for path in (SOURCE / "commands").glob("*.py") if path.stem != "__init__"]
    + [
        f"sslgrid.figures.{path.stem}"
        for path in (SOURCE / "figures").glob("*.py")
        if path.stem not in ("__init__", "style")
    ]
)

LAZY = {  # what a stage imports only where it is used
    "sslgrid.commands.train": ["sslgrid.sic.captured"],
    "sslgrid.commands.benchmark": ["sslgrid.sic.captured"],
    "sslgrid.commands.calibrate_modules": ["sslgrid.sic.captured"],
    "sslgrid.commands.check_engine": ["sslgrid.sic.captured"],
    "sslgrid.commands.estimate_cost": ["sslgrid.sic.captured"],
    "sslgrid.commands.state_size": ["sslgrid.sic.engine.cuda"],
}


IMPORT_EACH = """
import importlib, json, os, sys
import netCDF4, numba, pandas, pytorch_optimizer, ratinabox, ripser, scipy.stats, seaborn, torch, xarray  # slow ones
import sklearn.decomposition, sklearn.manifold, sklearn.metrics, sklearn.neighbors

stages = json.load(sys.stdin)
assert not any(name.split(".")[0] == "sslgrid" for name in sys.modules)
for stage, modules in stages.items():
    if not os.fork():
        for module in modules:
            importlib.import_module(module)
        of_sslgrid = [m.__file__ for name, m in sys.modules.items() if name.split(".")[0] == "sslgrid"]
        print(json.dumps([stage, of_sslgrid]), flush=True)
        os._exit(0)
    os.wait()
"""


@pytest.fixture(scope="module")
def imported() -> dict[str, set[Path]]:
    """The files of sslgrid that Python loads for each stage, each in a process that has none of them yet."""
    stages = json.dumps({stage: [stage, *LAZY.get(stage, [])] for stage in STAGES})
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_EACH], input=stages, stdout=subprocess.PIPE, text=True, check=True
    )
    return {
        stage: {Path(file).resolve() for file in files} for stage, files in map(json.loads, done.stdout.splitlines())
    }


@pytest.mark.parametrize("stage", STAGES)
def test_declared_code_is_what_python_imports(stage, imported):
    """The import closure read from the source against what Python really loads."""
    assert imported[stage] == set(code_files(stage))


def test_training_does_not_depend_on_analysis_or_plots():
    code = {path.relative_to(SOURCE).parts[0] for path in code_files("sslgrid.commands.train")}
    analysis = {"spatial", "modules", "walks", "geometry", "coding", "emergence", "claims", "figures"}
    assert all((SOURCE / room).is_dir() for room in analysis)
    assert not code & analysis
    assert code_hash("sslgrid.commands.train") != code_hash("sslgrid.commands.map_rates")


TRAINING, LOCALISER = "sslgrid.commands.train", "sslgrid.commands.train_localiser"


@pytest.mark.parametrize(
    "name, old, new",
    [
        ("sic/losses.py", '"""', '"""In other words. '),
        ("sic/losses.py", "def capacity(", "# A comment.\n\n\ndef capacity("),
        ("sic/losses.py", "def capacity(g: Tensor)", "def capacity(\n    g: Tensor,\n)"),
        ("training/command.py", 'help="', 'help="in other words: '),
        ("cli.py", 'help="', 'help="in other words: '),
        ("cli.py", 'metavar="FILE"', 'metavar="PATH"'),
    ],
)
def test_words_for_people_are_no_code(tmp_path, name, old, new):
    """A reworded comment, docstring or help text retrains nothing."""
    tree = Tree(tmp_path)
    before = tree.code_hashes([TRAINING, LOCALISER])
    tree.edit(name, old, new)
    assert tree.code_hashes([TRAINING, LOCALISER]) == before


@pytest.mark.parametrize(
    "name, old, new, changed",
    [
        ("sic/losses.py", "def capacity(g: Tensor)", "def capacity(g: Tensor, *, unused=0)", {TRAINING}),
        ("localiser/objective.py", "import", "import math\nimport", {LOCALISER}),
        ("basics/streams.py", "WEIGHT_STREAM = 0, 1", "WEIGHT_STREAM = 0, 2", {TRAINING, LOCALISER}),
        ("training/command.py", "default=30", "default=31", {TRAINING, LOCALISER}),
    ],
)
def test_an_edit_of_code_reruns_what_depends_on_it(tmp_path, name, old, new, changed):
    tree = Tree(tmp_path)
    before = tree.code_hashes([TRAINING, LOCALISER])
    tree.edit(name, old, new)
    after = tree.code_hashes([TRAINING, LOCALISER])
    assert {module for module in before if before[module] != after[module]} == changed


def test_an_expression_that_looks_like_a_docstring_counts():
    """What a string does is code wherever it is not the first statement of its body."""
    one, other = (meaning(ast.parse(f"def f():\n    'doc'\n    return {value!r}\n")) for value in ("a", "b"))
    assert one != other
    assert len({repr(meaning(ast.parse(f"x = {value}"))) for value in ("1", "1.0", "True", "None", "()", "'1'")}) == 6


def test_what_is_kept_of_a_source_is_what_the_source_says(tmp_path):
    """Also if the file that keeps it is cut, changed, or of another source."""
    tree = Tree(tmp_path)
    first = tree.code_hashes([TRAINING])
    (kept,) = tmp_path.rglob("losses.*.code")
    whole, other = kept.read_text(), next(tmp_path.rglob("streams.*.code")).read_text()
    for spoilt in (whole, whole[:-3], whole.replace(whole[70:80], "0" * 10), other):
        kept.write_text(spoilt)
        assert tree.code_hashes([TRAINING]) == first
        assert kept.read_text() == whole
