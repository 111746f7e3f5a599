"""The rules of the house, on the graph of imports: which room stands on which floor, and who may know whom."""

import ast
from collections.abc import Iterator

import pytest

from sslgrid.store.provenance import SOURCE
from trees import Tree

# From the top floor down. A room imports from the floors below its own alone, so there is neither a circle nor an arrow
# up. A new room is written in here, where it belongs.
FLOORS = (
    {"commands", "api", "__main__"},
    {"figures"},
    {"claims", "benchmarks", "networks", "generalisation"},
    {"emergence", "geometry", "coding", "calibration", "cells", "sic", "localiser"},
    {"modules", "training"},
    {"datasets"},
    {"spatial"},
    {"walks", "cli"},
    {"machine", "config"},
    {"store"},
    {"basics"},
    {"kernels", "__init__"},
)
WINGS = ("sic", "localiser")
MEASURES = (
    "spatial", "modules", "geometry", "coding", "emergence", "calibration", "generalisation", "claims", "datasets",
    "walks",
)  # fmt: skip
# What there is, within the aim of 30 and 110: a change may lower these numbers, never raise them.
MOST_ROOMS, MOST_ARROWS = 27, 110


def imports() -> Iterator[tuple[str, str]]:
    """Every import of one module of the package by another: their names, as in sic.losses."""
    for path in sorted(SOURCE.rglob("*.py")):
        own = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text())):
            named = []
            if isinstance(node, ast.Import):
                named = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                named = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in named:
                package, _, module = name.partition(".")
                if package == "sslgrid":
                    yield own, module or "__init__"


def room(module: str) -> str:
    first = module.split(".")[0]
    return first if (SOURCE / first).is_dir() or (SOURCE / f"{first}.py").is_file() else "__init__"


IMPORTS = sorted(set(imports()))
ARROWS = sorted({(room(own), room(other)) for own, other in IMPORTS if room(own) != room(other)})


def test_every_room_stands_on_one_floor():
    rooms = {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    places = [name for floor in FLOORS for name in floor]
    assert len(places) == len(set(places))
    assert rooms <= set(places), f"write {sorted(rooms - set(places))} into FLOORS"
    assert len(rooms) <= MOST_ROOMS


def test_no_arrow_runs_up_and_none_along_a_floor():
    floor = {name: level for level, names in enumerate(FLOORS) for name in names}
    assert [arrow for arrow in ARROWS if floor[arrow[0]] >= floor[arrow[1]]] == []
    assert len(ARROWS) > 50, "the imports were not read"
    assert len(ARROWS) <= MOST_ARROWS


def test_no_wing_knows_the_other():
    assert not {WINGS, WINGS[::-1]} & set(ARROWS)


def test_measures_know_networks_by_their_activity_alone():
    networks = ("networks", "sic.network", "localiser.network")
    known = [(own, other) for own, other in IMPORTS if room(own) in MEASURES and other.startswith(networks)]
    assert known == []


def test_nothing_imports_a_command():
    """A command is a door: what two of them need lies below."""
    assert [(own, other) for own, other in IMPORTS if room(other) == "commands"] == []


TRAINED_BY = {"sic": "sslgrid.commands.train", "localiser": "sslgrid.commands.train_localiser"}
WALKED = ("sslgrid.commands.sample_walks", "sslgrid.commands.map_rates")


@pytest.mark.parametrize("wing, other", [WINGS, WINGS[::-1]])
def test_an_added_key_of_one_paper_reruns_nothing_of_the_other(tmp_path, wing, other):
    """Nor a walk, nor a rate map: it retrains the networks of its own paper."""
    stages = [TRAINED_BY[wing], TRAINED_BY[other], *WALKED]
    tree = Tree(tmp_path)
    before = tree.code_hashes(stages)
    tree.edit(f"{wing}/config.py", "    record_every: int", "    added: bool = False\n    record_every: int")
    after = tree.code_hashes(stages)
    assert [stage for stage in stages if before[stage] != after[stage]] == [TRAINED_BY[wing]]
