"""What a network ended as: from its files to a row, a line and the figures of sweeps."""

import json
import subprocess
import sys
from dataclasses import asdict, replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.colors import to_rgb

from examples import MODEL
from sslgrid.commands import estimate_cost
from sslgrid.datasets.modules import read_modules
from sslgrid.datasets.outcomes import read_history
from sslgrid.datasets.tuning import COLUMNS, read_tuning
from sslgrid.emergence.outcomes import FINAL_ROWS, describe_network, summarise
from sslgrid.figures import ambiguities, phase_diagram
from sslgrid.figures.sweeps import KIND_COLOURS, at_points, read_table
from sslgrid.modules.fitting import compare_all
from sslgrid.modules.table import describe_modules
from sslgrid.sic.columns import SIC_COLUMNS as HISTORY
from sslgrid.spatial.gridness import HEXAGONAL, SQUARE
from sslgrid.store.provenance import text_hash
from written import write_modules, write_training, write_tuning

DIVERGED = "diverged at step 3: capacity is nan"


def test_batches_without_a_short_step_have_no_conformal_isometry(tmp_path):
    rows = np.ones((4, len(HISTORY)))
    rows[1:3, list(HISTORY).index("conformal_isometry")] = 0, 2
    write_training(tmp_path / "training.nc", np.arange(4), rows, HISTORY, {"outcome": "finished"})
    history = read_history(tmp_path / "training.nc", *HISTORY)
    np.testing.assert_array_equal(history["conformal_isometry"], [1, np.nan, 2, 1])
    assert all(history[name].notnull().all() for name in HISTORY if name != "conformal_isometry")


def tuning_columns(*modules, others=0, dead=0):
    """Units of modules (kind, units, spacing, orientation), then live units of none, then dead ones."""
    count = sum(units for _, units, _, _ in modules) + others + dead
    columns = {name: np.full(count, np.nan) for name in COLUMNS}
    for name in ("live", "lattice", "class", "significant"):
        columns[name] = np.zeros(count, np.int8)
    columns["module"] = np.full(count, -1, np.int16)
    columns["live"][: count - dead] = 1
    columns["gridness60"][: count - dead] = columns["gridness90"][: count - dead] = 0.0
    first = 0
    for name, (kind, units, spacing, orientation) in enumerate(modules):
        of_module = slice(first, first + units)
        first += units
        values = {
            "module": name, "lattice": kind, "significant": 1, "spacing": spacing, "orientation": orientation,
            "ellipticity": 1.0 + 0.1 * name, "gridness60": 1.0 if kind == HEXAGONAL else -0.5,
            "gridness90": 1.0 if kind == SQUARE else -0.5, "spatial_information": 1.0,
        }  # fmt: skip
        for column, value in values.items():
            columns[column][of_module] = value
    return columns


def write_network(folder, condition, seed, *modules, outcome="finished", model=MODEL, **units):
    """The three files of a network, where the pipeline puts them; returns their paths."""
    stages = {"networks": "training.nc", "tuning": "box2m.nc", "modules": "box2m.nc"}
    paths = [folder / stage / condition / f"seed{seed}" / name for stage, name in stages.items()]
    facts = {"config_hash": text_hash(model.to_json()), "outcome": outcome}
    rows = np.ones((50, len(HISTORY)))
    rows[:-FINAL_ROWS] = 100.0
    write_training(paths[0], np.arange(50), rows, HISTORY, facts)
    write_tuning(paths[1], tuning_columns(*modules, **units), {})
    tuning = read_tuning(paths[1])
    table = describe_modules(tuning)
    write_modules(paths[2], table, compare_all(tuning, table["kind"], np.random.default_rng(0)), {})
    return paths


def row_of(folder, *modules, **units):
    history, tuning, table = write_network(folder, "full", 0, *modules, **units)
    with xr.open_dataset(history) as opened:
        return describe_network(read_tuning(tuning), read_modules(table), opened.load())


FINE, COARSE = (HEXAGONAL, 20, 0.7, 5.0), (HEXAGONAL, 16, 0.7 * 3**0.5, 35.0)


def test_two_locked_modules(tmp_path):
    row = row_of(tmp_path, FINE, COARSE, others=4, dead=10)
    assert (row["live"], row["modules"], row["units_in_modules"], row["kind"]) == (40, 2, 36, "hexagonal")
    assert row["significant_share"] == row["gridness60_mean"] == pytest.approx(0.9)
    assert row["gridness60_median"] == 1 and row["gridness90_mean"] == pytest.approx(-0.45)
    assert row["ellipticity"] == pytest.approx((20 * 1.0 + 16 * 1.1) / 36)
    assert (row["fine_spacing"], row["coarse_spacing"]) == pytest.approx((0.7, 1.2124), abs=1e-4)
    assert row["ratio"] == pytest.approx(3**0.5) and row["turn"] == pytest.approx(30) and row["index"] == 3
    assert row["p_value"] < 0.05 and row["pair"] == "commensurate"
    assert row["final_loss"] == 1, "the last rows only"


def test_the_pair_is_of_the_two_largest_modules(tmp_path):
    row = row_of(tmp_path, (HEXAGONAL, 4, 0.5, 0.0), FINE, (SQUARE, 5, 1.0, 10.0), (HEXAGONAL, 16, 1.0, 15.0))
    assert row["modules"] == 4 and row["kind"] == "hexagonal", "five square units of 45 are no mixture"
    assert (row["fine_spacing"], row["coarse_spacing"]) == pytest.approx((0.7, 1.0))
    assert row["turn"] == pytest.approx(10) and row["pair"] == "unrelated"


def test_lattices_of_two_kinds_are_a_mixture_that_is_not_compared(tmp_path):
    row = row_of(tmp_path, FINE, (SQUARE, 16, 1.0, 10.0))
    assert row["kind"] == "mixed" and row["pair"] == "not comparable"
    assert row["ratio"] == pytest.approx(1 / 0.7) and np.isnan(row["p_value"])


def test_one_module_has_no_pair(tmp_path):
    row = row_of(tmp_path, (SQUARE, 16, 1.0, 10.0), others=2)
    assert row["kind"] == "square" and row["pair"] == "no pair" and np.isnan(row["ratio"])
    assert row["fine_spacing"] == row["coarse_spacing"] == 1.0


@pytest.mark.parametrize("units", [{"others": 7}, {"dead": 7}])
def test_a_network_without_modules_counts(units, tmp_path):
    row = row_of(tmp_path, outcome=DIVERGED, **units)
    assert row["outcome"] == DIVERGED and row["kind"] == "none" and row["pair"] == "no pair"
    assert row["modules"] == 0 and row["live"] == units.get("others", 0) and np.isnan(row["coarse_spacing"])
    words = summarise(pd.DataFrame([row, row]))
    assert words.startswith("2 networks, 2 diverged; modules 0 0 (2 none)")


def compare(folder, models, networks):
    lists = zip(*networks, strict=True) if networks else ([], [], [])
    arguments = [
        f"--{name} {' '.join(map(str, files))}"
        for name, files in zip(("histories", "tuning", "modules"), lists, strict=True)
    ]
    command = f"{sys.executable} -m sslgrid.commands.compare_networks --models {' '.join(map(str, models))}"
    command += f" {' '.join(arguments)} --table {folder / 'networks.csv'}"
    return subprocess.run(command.split(), capture_output=True, text=True)


def test_table_of_networks(tmp_path):
    """A row per network, diverged ones too; not those of another config."""
    models = [tmp_path / f"{name}.json" for name in ("full", "other")]
    for path in models:
        path.write_text(json.dumps(asdict(MODEL)))
    changed = replace(MODEL, losses=replace(MODEL.losses, capacity=9.0))
    networks = [
        write_network(tmp_path, "full", 0, FINE, COARSE),
        write_network(tmp_path, "full", 3, outcome=DIVERGED, others=5),
        write_network(tmp_path, "other", 0, FINE, model=changed),
    ]
    done = compare(tmp_path, models, networks)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first == "other seed0: left out, since it was trained with another config"
    assert second.startswith("full: 2 networks, 1 diverged; modules 2 0 (1 hexagonal, 1 none); live 36 5;")
    assert second.endswith("coarse spacing 1.21 n/a m, ratio 1.73, turn 30 deg; 1 of 1 pairs commensurate")
    table = read_table(tmp_path / "networks.csv")
    assert list(table.columns[:3]) == ["condition", "seed", "outcome"]
    assert table["seed"].tolist() == [0, 3] and table["kind"].tolist() == ["hexagonal", "none"]
    nothing = compare(tmp_path, models, networks[2:])
    assert nothing.returncode == 1 and nothing.stderr.startswith("sslgrid: no network to compare")


def test_cost_is_what_the_steps_take():
    row = estimate_cost.measure({"model": asdict(MODEL), "networks": 6, "steps": 3_600_000})
    assert row["hours"] == pytest.approx(row["milliseconds_per_step"])
    table = pd.DataFrame({"networks": [6, 1], "hours": [3.0, 0.5]})
    assert estimate_cost.summarise(table, 2) == "7 networks to train, 3.50 core-hours, about 105.0 minutes on 2 cores"
    assert "about 30.0 minutes on 64 cores" in estimate_cost.summarise(table, 64)


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """Rows of a network with two modules, of one with none that diverged, and of one with both lattices."""
    folder = tmp_path_factory.mktemp("rows")
    return [
        row_of(folder / "a", FINE, COARSE),
        row_of(folder / "b", outcome=DIVERGED, others=5),
        row_of(folder / "c", FINE, (SQUARE, 16, 1.0, 10.0)),
    ]


def table_of(folder, *networks):
    """networks.csv, by way of the file; networks: condition, seed and row."""
    pd.DataFrame([{"condition": c, "seed": s, **row} for c, s, row in networks]).to_csv(folder / "t.csv", index=False)
    return read_table(folder / "t.csv")


def hatched(axes):
    return [patch for patch in axes.patches if patch.get_hatch()]


def words_of(axes):
    """But for the panel's letter."""
    return [text.get_text() for text in axes.texts if text.get_fontweight() != "bold"]


PHASES = {
    "reference": "full",
    "axes": {"losses.capacity": "capacity", "losses.sigma_g": "sigma_g"},
    "points": [
        {"capacity": capacity, "sigma_g": sigma_g, "condition": name, "differs": ""}
        for capacity, sigma_g, name in ((0.0, 0.2, "a"), (0.0, 0.4, "b"), (0.5, 0.2, "c"), (0.5, 0.4, "full"))
    ],
}


def test_phase_diagram_draws_partial_and_failed_cells(rows, tmp_path):
    table = table_of(tmp_path, ("full", 0, rows[0]), ("a", 0, rows[1]), ("b", 0, rows[2]))
    figure = phase_diagram.draw(PHASES | {"seeds": [0]}, table)
    for axes in figure.axes:
        (cell,) = hatched(axes)
        assert cell.get_xy() == (1, 0), "capacity 0.5 and sigma_g 0.2 have not run"
        assert words_of(axes).count("×") == 1, "the diverged one is marked, not left out"
    modules, kinds, _, _, ratio, pair = figure.axes
    assert sorted(words_of(modules)) == ["0", "2", "2", "×"]
    colours = kinds.collections[0].get_facecolors()[:, :3].reshape(2, 2, 3)
    for place, kind in {(0, 0): "none", (1, 0): "mixed", (1, 1): "hexagonal"}.items():
        np.testing.assert_allclose(colours[place], to_rgb(KIND_COLOURS[kind]), atol=1e-6)
    assert sorted(words_of(ratio)) == ["1.43", "1.73", "×", "–"]
    assert "√3\np<.001" in words_of(pair)
    figure.savefig(tmp_path / "figure.png", dpi=60)
    plt.close(figure)


def test_phase_diagram_says_how_many_seeds_agree(rows, tmp_path):
    networks = [("full", seed, rows[row]) for seed, row in enumerate((0, 0, 1))] + [("a", 0, rows[0])]
    figure = phase_diagram.draw(PHASES | {"seeds": [0, 1, 2]}, table_of(tmp_path, *networks))
    modules, kinds = figure.axes[:2]
    assert sorted(words_of(modules)) == ["1.3", "1×", "2"]
    assert {"2/3", "1/1"} <= set(words_of(kinds))
    assert len(hatched(kinds)) == 2
    plt.close(figure)


def test_ambiguities_draw_partial_and_failed_rows(rows, tmp_path):
    points = [
        {"choice": "duration", "alternative": name, "condition": name, "differs": f"trajectories.steps {steps}"}
        for name, steps in (("t20", 20), ("t40", 40), ("t80", 80))
    ]
    networks = [("full", seed, rows[0]) for seed in (0, 1)] + [
        ("t20", 0, rows[1]),
        ("t20", 1, rows[2]),
        ("t40", 1, rows[0]),
    ]
    sweep = {"seeds": [0, 1], "reference": "full", "points": points}
    figure = ambiguities.draw(sweep, table_of(tmp_path, *networks))
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == ["", "steps 20", "steps 40 (1 of 2 seeds)", "steps 80 (not run)"]
    for axes in figure.axes:
        (row,) = hatched(axes)
        assert row.get_y() == pytest.approx(2.55)
    markers = [line.get_marker() for line in figure.axes[0].lines if len(line.get_xdata()) == 1]
    assert markers.count("o") == 4 and markers.count("X") == 1, "a dot per seed, a cross for the one that diverged"
    ratios = [line for line in figure.axes[-1].lines if line.get_marker() == "o"]
    assert [line.get_markerfacecolor() == "white" for line in ratios] == [False, False, True, False]
    figure.savefig(tmp_path / "figure.png", dpi=60)
    plt.close(figure)


def test_every_point_has_a_row_and_shares_a_network_with_others(rows, tmp_path):
    points = [{"capacity": k, "sigma_g": 0.4, "condition": name} for k, name in enumerate(("a", "a", "b"))]
    found = at_points({"points": points}, table_of(tmp_path, ("a", 0, rows[0]), ("a", 1, rows[0])))
    assert found["capacity"].tolist() == [0, 0, 1, 1, 2]
    assert found["seed"].isna().tolist() == [False] * 4 + [True] and not found["diverged"].any()
