"""Released networks: they come back as they were, damage is named, and a review says what is not the same."""

import json
import shutil
import subprocess
import sys
from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest

from examples import MODEL, TRAINING
from sslgrid.commands.review import CLOSE, DIFFERENT, IDENTICAL, compare, conclusion, read, released_words, state_of
from sslgrid.datasets.ratemaps import write_ratemaps
from sslgrid.sic.columns import SIC_COLUMNS
from sslgrid.sic.step import start
from sslgrid.spatial.ratemap import RateMaps
from sslgrid.store.facts import made_by
from sslgrid.store.provenance import text_hash
from sslgrid.store.released import conditions_of
from sslgrid.training.weights import save_network
from written import write_training


def run(command, *arguments):
    return subprocess.run(
        [sys.executable, "-m", f"sslgrid.commands.{command}", *map(str, arguments)], capture_output=True, text=True
    )


@pytest.fixture
def released(tmp_path):
    """A folder with one released network and a table."""
    facts = {
        **made_by("sslgrid.commands.train"), "network": "velocity_rnn", "config": MODEL.to_json(), "seed": "3",
        "config_hash": text_hash(MODEL.to_json()), "device": "cpu", "outcome": "finished",
    }  # fmt: skip
    folder = tmp_path / "results/networks/full/seed3"
    save_network(folder / "weights.safetensors", start(MODEL, 3).network, facts)
    write_training(folder / "training.nc", np.array([30]), np.ones((1, len(SIC_COLUMNS))), SIC_COLUMNS, facts)
    table = tmp_path / "conditions.csv"
    table.write_text("condition,seed,outcome,ratio\nfull,3,finished,1.7\n")
    done = run(
        "release", "--weights", folder / "weights.safetensors", "--tables", table, "--preset", "laptop",
        "--folder", tmp_path / "released",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "1 networks, " in done.stdout
    return tmp_path / "released"


def take(released, seed=3, model=MODEL):
    path = released.parent / "full.json"
    path.write_text(json.dumps(asdict(model)))
    return run(
        "take_network", "--released", released, "--model", path, "--seed", seed, "--weights",
        released.parent / "w.safetensors", "--history", released.parent / "h.nc",
    )  # fmt: skip


def test_a_network_comes_back_to_the_byte(released):
    done = take(released)
    assert done.returncode == 0, done.stderr
    assert "as released, trained for 30 steps" in done.stdout
    for name, taken in (("weights.safetensors", "w.safetensors"), ("training.nc", "h.nc")):
        original = released.parent / "results/networks/full/seed3" / name
        assert (released.parent / taken).read_bytes() == original.read_bytes()
    manifest = json.loads((released / "manifest.json").read_text())
    assert {"preset", "processor", "code_hash", "versions", "numbers"} <= manifest.keys()
    network = manifest["networks"]["full/seed3"]
    assert network["steps"] == 30 and network["seconds"] == 1 and len(network["files"]) == 2


def test_a_network_of_before_some_of_the_configs_keys_is_of_the_same_config(released):
    """Its hash is not, which is that of the config's text."""
    manifest = json.loads((released / "manifest.json").read_text())
    manifest["networks"]["full/seed3"]["config_hash"] = "that of a shorter text"
    (released / "manifest.json").write_text(json.dumps(manifest))
    assert take(released).returncode == 0


def test_what_is_damaged_missing_or_another_is_named(released):
    assert "full/seed4 is not among the networks of" in take(released, seed=4).stderr
    other = replace(MODEL, training=replace(TRAINING, learning_rate=0.1))
    assert "full/seed3 was released with another config" in take(released, model=other).stderr
    weights = released / "full/seed3/weights.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    done = take(released)
    assert f"{weights} is not what was released" in done.stderr and done.returncode == 1
    assert not (released.parent / "w.safetensors").exists()
    weights.unlink()
    assert f"{weights} is missing" in take(released).stderr
    (released / "manifest.json").write_text("[]")
    assert "expected the manifest of released networks" in take(released).stderr


def test_rate_maps_stand_for_networks_that_take_too_much_room(released):
    """They come back to the byte, the review says how many, and a network of maps has no weights to take."""
    results = released.parent / "results"
    maps = RateMaps(np.ones((2, 5, 5), np.float32), np.ones((5, 5)), np.arange(5.0))
    source = results / "ratemaps/full/seed3/box2m.nc"
    write_ratemaps(source, maps, {"config_hash": "that of its arena"})
    other = results / "networks/other/seed4"
    shutil.copytree(results / "networks/full/seed3", other)
    done = run(
        "release", "--weights", other / "weights.safetensors", "--ratemaps", source, "--networks", results / "networks",
        "--tables", released.parent / "conditions.csv", "--preset", "laptop", "--folder", released,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (released / "full/seed3").iterdir()) == ["ratemaps.nc", "training.nc"]
    assert "weights.safetensors of full/seed3 was not released: expected ratemaps.nc" in take(released).stderr
    taken = released.parent / "maps.nc"
    done = run(
        "take_network", "--released", released, "--model", released.parent / "full.json", "--seed", 3, "--ratemaps",
        taken, "--history", released.parent / "h.nc",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert taken.read_bytes() == source.read_bytes()
    assert conditions_of(released, "ratemaps.nc") == {"full"} and conditions_of(released, "weights.safetensors") == {
        "other"
    }
    words = released_words(json.loads((released / "manifest.json").read_text()))
    assert words == "1 released networks and rate maps of 1 more"
    nothing = run("take_network", "--released", released, "--model", released.parent / "full.json", "--seed", 3)
    assert "nothing to take of full/seed3: expected one of --weights" in nothing.stderr
    arena = released.parent / "other_arena.json"
    arena.write_text("{}")
    done = run(
        "take_network", "--released", released, "--model", released.parent / "full.json", "--seed", 3, "--ratemaps",
        taken, "--arena", arena,
    )  # fmt: skip
    assert f"is of another arena than {arena}: undo what was changed there" in done.stderr


def test_a_condition_is_released_whole_or_as_maps(released):
    results = released.parent / "results"
    source = results / "ratemaps/full/seed5/box2m.nc"
    write_ratemaps(source, RateMaps(np.ones((2, 5, 5), np.float32), np.ones((5, 5)), np.arange(5.0)), {})
    release = (
        "release", "--weights", results / "networks/full/seed3/weights.safetensors", "--networks", results / "networks",
        "--tables", released.parent / "conditions.csv", "--preset", "laptop", "--folder", released,
    )  # fmt: skip
    assert "is of a condition whose weights are released: expected one or" in run(*release, "--ratemaps", source).stderr
    alone = results / "development/other/seed0.nc"
    assert "comes without the weights of other/seed0" in run(*release, "--developments", alone).stderr


def test_a_later_release_of_other_networks_leaves_none_of_the_former(released):
    former = released.parent / "results/networks/full/seed3"
    later = former.with_name("seed4")
    shutil.copytree(former, later)
    table = released.parent / "conditions.csv"
    done = run(
        "release", "--weights", later / "weights.safetensors", "--tables", table, "--preset", "laptop", "--folder",
        released,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert [str(path.relative_to(released)) for path in released.glob("*/*/weights.*")] == [
        "full/seed4/weights.safetensors"
    ]


@pytest.mark.parametrize(
    ("released", "rebuilt", "state"),
    [
        ("1.72", "1.72", IDENTICAL),
        ("1.72", "1.7205", CLOSE),
        ("1.72", "1.80", DIFFERENT),
        ("", "1.72", DIFFERENT),
        ("0: 0.97; 1: 0.96", "0: 0.971; 1: 0.96", CLOSE),
        ("0: 0.97; 1: 0.96", "0: 0.97", DIFFERENT),
        ("0: n/a; 1: 0.96", "0: 0.5; 1: 0.96", DIFFERENT),
        ("holds", "mixed", DIFFERENT),
        ("-1.2e-05", "-1.3e-05", CLOSE),
    ],
)
def test_words_must_be_the_same_and_numbers_nearly(released, rebuilt, state):
    assert state_of(released, rebuilt) == state


def test_the_page_names_what_differs(released):
    rebuilt = released.parent / "rebuilt/conditions.csv"
    rebuilt.parent.mkdir()
    page = released.parent / "review.md"
    outcomes = {
        "full,3,finished,1.7": "All 4 numbers and words are identical.",
        "full,3,finished,1.701": "3 numbers and words are identical, 1 within tolerance, none differs.",
        "full,3,diverged,2.5": "2 of 4 numbers and words differ from the released: full 3.",
    }
    for row, words in outcomes.items():
        rebuilt.write_text(f"condition,seed,outcome,ratio\n{row}\n")
        done = run("review", "--released", released, "--tables", rebuilt, "--figures", "fig2.png", "--page", page)
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"review: {words}\n"
        assert words in page.read_text() and "`fig2.png`" in page.read_text()
    assert "outcome: finished → diverged; ratio: 1.7 → 2.5" in page.read_text()


def test_a_row_that_was_not_rebuilt_is_no_agreement(tmp_path):
    table = tmp_path / "claims.csv"
    pd.DataFrame({"claim": ["a", "b"], "verdict": ["holds", "fails"]}).to_csv(table, index=False)
    both = read(table)
    assert conclusion({"claims": compare(both, both)}) == "All 4 numbers and words are identical."
    with pytest.raises(Exception, match="has no row b"):
        compare(both, both.loc[["a"]])
