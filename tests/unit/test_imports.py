"""What a stage loads before it works: libraries that take a second or more are for the stages that need them."""

import ast
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from sslgrid.store.provenance import SOURCE, code_files

SLOW = {"torch", "sklearn", "seaborn", "ratinabox", "ripser", "scipy.stats"}
# Of each stage that a run starts many times, or that others wait for.
NEEDED = {
    "commands.take_network": set(),
    "commands.sample_walks": set(),
    "commands.map_rates": set(),
    "commands.measure_tuning": set(),
    "commands.measure_modules": set(),
    "commands.measure_emergence": set(),
    "commands.measure_coding": set(),
    "commands.measure_decoding": set(),
    "commands.measure_localisation": set(),
    "commands.measure_generalisation": set(),
    "commands.measure_geometry": {"sklearn"},  # embeddings; ripser is loaded when there is a torus to test
    "commands.compare_networks": set(),
    "commands.compare_recipes": set(),
    "commands.check_claims": {"scipy.stats"},  # rank correlations
    "commands.provenance": set(),
    "commands.train": {"torch"},
    "commands.train_localiser": {"torch"},
    "figures.fig2": {"seaborn"},
    "figures.supp_ratemaps": {"seaborn"},
}
MOST_OVER_LIBRARIES = 1.6


@cache
def slow_libraries(path: Path) -> set[str]:
    """The slow libraries that a file imports when it is loaded; what a function imports is loaded when it is called."""
    tree = ast.parse(path.read_text())
    within = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        for inner in ast.walk(node)
    }
    names = set()
    for node in ast.walk(tree):
        if node in within:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {slow for slow in SLOW for name in names if name == slow or name.startswith(f"{slow}.")}


@pytest.mark.parametrize("stage", NEEDED)
def test_a_stage_loads_no_slow_library_that_it_does_not_need(stage):
    files = code_files(f"sslgrid.{stage}")
    assert set().union(*map(slow_libraries, files)) == NEEDED[stage], {
        str(path.relative_to(SOURCE)): slow_libraries(path) for path in files if slow_libraries(path) - NEEDED[stage]
    }


def cpu_seconds(*arguments: str) -> float:
    """CPU time of a Python process. The least of three: a busy machine makes CPU time longer, too."""

    def once() -> float:
        before = os.times()
        environment = os.environ | {"PYTHONPATH": str(SOURCE.parent)}
        subprocess.run([sys.executable, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    return min(once() for _ in range(3))


@pytest.mark.parametrize("stage", ["map_rates", "measure_tuning", "measure_modules"])
def test_a_stage_of_many_jobs_starts_hardly_slower_than_its_libraries(stage):
    """A ratio, because processors differ. It is about 1.2; torch alone takes twice as long as these libraries."""
    libraries = cpu_seconds("-c", "import xarray, scipy.ndimage")
    assert cpu_seconds("-m", f"sslgrid.commands.{stage}", "--help") < MOST_OVER_LIBRARIES * libraries
