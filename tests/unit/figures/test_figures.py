"""Figures of networks that grew nothing, or too much."""

import importlib.util
import warnings
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.text import Text
from PIL import Image, ImageSequence

import claimed
from examples import ARENA, MODEL, grid_of, hexagonal, smooth_noise
from sslgrid.claims.report import read_table, table_of
from sslgrid.claims.sic import CLAIMS
from sslgrid.claims.verdicts import judge
from sslgrid.commands.measure_tuning import summarise
from sslgrid.datasets import netcdf
from sslgrid.datasets.emergence import COLUMNS, EMERGENCE, read_emergence
from sslgrid.datasets.generalisation import GENERALISATION, read_generalisation
from sslgrid.datasets.modules import read_modules
from sslgrid.datasets.outcomes import terms_of
from sslgrid.datasets.ratemaps import read_ratemaps, write_ratemaps
from sslgrid.datasets.tuning import read_tuning
from sslgrid.emergence.modules import first_modules
from sslgrid.emergence.snapshots import summarise as summarise_emergence
from sslgrid.figures import (
    claims,
    emergence,
    emergence_animation,
    fig1,
    fig2,
    fig3_generalisation,
    fig5_ablations,
    style,
    supp_ratemaps,
    training_curves,
)
from sslgrid.figures.emergence_animation import FRAMES_PER_SECOND, LAST
from sslgrid.figures.fig1 import crossings
from sslgrid.figures.fig5_ablations import Condition, in_words
from sslgrid.figures.networks import ShownNetwork
from sslgrid.modules.lattices import lattice_columns, score_lattices
from sslgrid.modules.table import describe_modules
from sslgrid.modules.tuning import measure_tuning
from sslgrid.sic.batches import sample_batch
from sslgrid.sic.columns import SIC_COLUMNS as HISTORY
from sslgrid.spatial.ratemap import RateMaps
from written import filled, generalisation_of, write_modules, write_training, write_tuning

ROOT = Path(__file__).resolve().parents[3]

POINTS = grid_of(2.0, 0.04)
FACTS = {"code_hash": "0123"}
RECORD = {"source": "python -m sslgrid.figures.fig2", "code_hash": "0123"}


def many_modules():
    lattices = [(0.25 * 1.35**k, 13.0 * k) for k in range(6)]
    return np.stack([0.3 * hexagonal(POINTS, *lattice) for lattice in lattices for _ in range(8)])


def network_of(folder, columns, maps, seed=0):
    """A network, by way of its files; columns: of its tuning."""
    write_ratemaps(folder / "maps.nc", maps, FACTS)
    write_tuning(folder / "tuning.nc", columns, FACTS)
    write_modules(folder / "modules.nc", describe_modules(columns), [], FACTS)
    tuning, modules = read_tuning(folder / "tuning.nc"), read_modules(folder / "modules.nc")
    return ShownNetwork("full", seed, tuning, modules, maps=read_ratemaps(folder / "maps.nc")[0])


NETWORKS = {
    "dead": np.zeros((6, 50, 50)),
    "constant": 0.3 + 1e-5 * smooth_noise(np.random.default_rng(0), (6, 50, 50), 3.0),
    "unvisited corner": np.where(POINTS.min(axis=-1) > 0, np.nan, 0.3 * hexagonal(POINTS, 0.5))[None].repeat(6, axis=0),
    "too few for a module": 0.3 * hexagonal(POINTS, 0.5)[None].repeat(3, axis=0),
    "many modules": many_modules(),
}


@pytest.mark.parametrize("network", NETWORKS)
def test_figures_draw_whatever_grew(network, tmp_path):
    rates = NETWORKS[network].astype(np.float32)
    maps = RateMaps(rates, np.isfinite(rates[0]).astype(float), POINTS[0, :, 0])
    columns = measure_tuning(maps, np.random.default_rng(0), draws=25)
    one, other, third = (network_of(tmp_path, columns, maps, seed) for seed in range(3))
    conditions = [Condition("full", "", [one, other, third]), Condition("other", "losses.capacity 0", [one])]
    for figure in (fig2.draw([one, other]), supp_ratemaps.draw([one, other]), fig5_ablations.draw(conditions)):
        figure.savefig(tmp_path / "figure.png", dpi=60)
        plt.close(figure)
    modules = int(columns["module"].max()) + 1
    assert modules in {"unvisited corner": {1}, "many modules": {5, 6}}.get(network, {0})
    if network in ("dead", "constant"):
        said = summarise(columns)
        assert "0 hexagonal, 0 square (0 % on a lattice), 0 significant" in said and said.endswith("modules: none")


def generalisation(folder, modules, arenas):
    """A file of one network with as many modules in as many arenas; the last arena is not covered."""
    sizes = {
        "arena": len(arenas), "unit": 6, "module": modules, "window": 4, "trajectory": 5, "axis": 2, "radius": 7,
        "distance": 8,
    }  # fmt: skip
    values = filled(GENERALISATION, sizes, 0.5)
    for name in ("correlation", "correlation_low", "correlation_high"):
        values[name][-1] = np.nan
    path = folder / "generalisation.nc"
    GENERALISATION.write(path, generalisation_of(values, arenas), FACTS)
    return read_generalisation(path)


@pytest.mark.parametrize("others", [0, 1, 2])
@pytest.mark.parametrize("modules", [0, 2])
def test_generalisation_is_drawn_or_says_why_not(others, modules, tmp_path):
    arenas = [ARENA, *[replace(ARENA, side=3.0), replace(ARENA, side=4.0, motion="tanni")][:others]]
    rates = 0.3 * np.stack([hexagonal(POINTS, 0.5, phase=(0.1 * unit, 0)) for unit in range(6)]).astype(np.float32)
    maps = [RateMaps(rates, np.ones((50, 50)), POINTS[0, :, 0] * arena.side / 2) for arena in arenas]
    module = np.arange(6) % modules if modules else np.full(6, -1)
    tuning = xr.Dataset({name: ("unit", np.full(6, 0.5)) for name in ("gridness60", "gridness90", "spacing")})
    data = generalisation(tmp_path, modules, [f"arena{k}" for k in range(len(arenas))])
    figure = fig3_generalisation.draw([0, 3], arenas, maps, tuning.assign(module=("unit", module)), [data, data])
    figure.savefig(tmp_path / "figure.png")
    words = " ".join(text.get_text() for panel in figure.axes for text in panel.texts)
    said = [text.get_text() for part in figure.subfigs for text in part.texts]
    assert ("n/a: no module whose\nphase" in words) == (modules == 0)
    assert ("n/a: no other arenas" in words) == (others == 0)
    assert ("n/a: no module in arenas that the walks cover" in words) == (modules == 0 or others == 1)
    assert said == ([] if modules else ["n/a: no modules in the network of seed 0"])
    plt.close(figure)


def emergence_of(folder, *moments):
    """The emergence of one network, by way of its file; moments: the rate maps (unit, y, x) at each snapshot."""
    maps = [RateMaps(rates.astype(np.float32), np.ones(rates.shape[1:]), POINTS[0, :, 0]) for rates in moments]
    rng = np.random.default_rng(0)
    rows = [lattice_columns(each, score_lattices(each), rng) for each in maps]
    columns = {name: np.stack([row[name] for row in rows]) for name in COLUMNS}
    steps = np.arange(len(maps)) * 1000
    values = summarise_emergence(columns) | columns | {"ratemap": np.stack([each.rates for each in maps])}
    axes = {"step": steps, "y": maps[0].centres, "x": maps[0].centres}
    EMERGENCE.write(folder / "emergence.nc", EMERGENCE.dataset(values, axes), FACTS)
    return read_emergence(folder / "emergence.nc")


def history_of(folder, rows):
    values = np.random.default_rng(0).uniform(0.1, 1, (rows, len(HISTORY)))
    write_training(folder / "training.nc", np.arange(rows) + 1, values, HISTORY, FACTS)
    return netcdf.read(folder / "training.nc")


GROWING = [0.3 + 1e-2 * smooth_noise(np.random.default_rng(0), (48, 50, 50), 8.0), many_modules(), many_modules()]
TRAININGS = {
    "growing": (GROWING, 20),
    "no gradient steps": (GROWING[:1], 0),
    "dying": ([GROWING[0], np.zeros((48, 50, 50))], 20),
}


@pytest.mark.parametrize("training", TRAININGS)
def test_emergence_is_drawn_whatever_happens(training, tmp_path):
    moments, rows = TRAININGS[training]
    network, history = emergence_of(tmp_path, *moments), history_of(tmp_path, rows)
    if training == "growing":
        assert first_modules(network) == 1
        assert network["hexagonal_modules"].values[0] == 0 and network["hexagonal_modules"].values[1] >= 5
        assert network["lattice_share"].values[1] == 1
    assert np.isnan(network["lattice_share"].values[-1]) == (training == "dying")
    figure = emergence.draw([0, 1], [history, history], [network, network])
    figure.savefig(tmp_path / "figure.png", dpi=60)
    plt.close(figure)
    emergence_animation.animate(network, tmp_path / "maps.gif", RECORD)
    with Image.open(tmp_path / "maps.gif") as animation:
        shown = sum(animation.info["duration"] for _ in ImageSequence.Iterator(animation)) / 1000
    assert shown == pytest.approx(len(moments) / FRAMES_PER_SECOND + LAST, abs=0.1)


def test_curves_of_a_training_without_steps(tmp_path):
    history = history_of(tmp_path, 0)
    rows = history.to_dataframe().reset_index().assign(seed="0")
    figure = training_curves.draw(rows, ["0"], terms_of(history))
    assert "n/a: no gradient step was recorded" in [text.get_text() for text in figure.axes[0].texts]
    plt.close(figure)


@pytest.mark.parametrize("value", [0.0, 0.3, np.nan])
def test_curves_of_a_training_of_one_step(tmp_path, value):
    """Every term is the same all the time, and a trajectory of one step may leave a term without a value."""
    write_training(tmp_path / "training.nc", np.array([1]), np.full((1, len(HISTORY)), value), HISTORY, FACTS)
    history = netcdf.read(tmp_path / "training.nc")
    rows = history.to_dataframe().reset_index().assign(seed="0")
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        figure = training_curves.draw(rows, ["0"], terms_of(history))
    figure.canvas.draw()
    plt.close(figure)


def test_a_fifth_loss_gets_a_panel_of_its_own(tmp_path):
    columns = HISTORY | {"sparsity": ("m-1", "sparsity loss")}
    values = np.random.default_rng(0).uniform(0.1, 1, (20, len(columns)))
    write_training(tmp_path / "training.nc", np.arange(20) + 1, values, columns, FACTS)
    history = netcdf.read(tmp_path / "training.nc")
    rows = history.to_dataframe().reset_index().assign(seed="0")
    figure = training_curves.draw(rows, ["0"], terms_of(history))
    assert [axes.get_ylabel() for axes in figure.axes] == [
        "total loss", "separation", "path invariance", "capacity", "conformal isometry (m$^{-2}$)",
        "sparsity (m$^{-1}$)", "gradient norm",
    ]  # fmt: skip
    plt.close(figure)


def test_a_training_that_diverged_at_once_is_in_the_legend(tmp_path):
    history = history_of(tmp_path, 20)
    rows = history.to_dataframe().reset_index().assign(seed="0")
    figure = training_curves.draw(rows, ["0", "1, diverged at step 3"], terms_of(history))
    assert [text.get_text() for text in figure.legends[0].texts] == ["0", "1, diverged at step 3"]
    plt.close(figure)


def test_a_diverged_network_is_named_crossed_and_counted(tmp_path):
    """Its cross is where the others have dots, and it is part of the mean."""
    maps = RateMaps(many_modules().astype(np.float32), np.ones((50, 50)), POINTS[0, :, 0])
    grown = network_of(tmp_path, measure_tuning(maps, np.random.default_rng(0), draws=25), maps)
    failed = replace(
        grown, seed=7, tuning=grown.tuning.assign(significant=0 * grown.tuning["significant"]),
        modules=grown.modules.isel(module=slice(0)), diverged="diverged at step 3: loss is nan",
    )  # fmt: skip
    figure = fig5_ablations.draw([Condition("full", "", [grown, grown, failed])])
    share, modules = figure.subfigs[1].axes[5:7]
    count = grown.modules.sizes["module"]
    for axes, whole in ((share, float(grown.tuning["significant"].mean())), (modules, count)):
        dots, cross = axes.collections
        assert list(dots.get_offsets()[:, 0]) == [whole, whole] and list(cross.get_offsets()[:, 0]) == [0]
        means = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "|"]
        np.testing.assert_allclose(means, 2 / 3 * whole)
    assert "seed 7 diverged at step 3" in [text.get_text() for text in figure.subfigs[0].axes[0].texts]
    assert "a seed whose training diverged" in [text.get_text() for text in figure.subfigs[1].legends[0].texts]
    plt.close(figure)


def test_equal_data_give_equal_figures(tmp_path):
    """To the byte, in every format."""
    moments = [rates[:8] for rates in GROWING]
    maps = RateMaps(moments[-1].astype(np.float32), np.ones((50, 50)), POINTS[0, :, 0])
    grown = network_of(tmp_path, measure_tuning(maps, np.random.default_rng(0), draws=3), maps)
    network, history = emergence_of(tmp_path, *moments), history_of(tmp_path, 20)

    def draw_all(folder):
        figures = {
            "fig1": fig1.draw(MODEL, sample_batch(MODEL.trajectories, 0, 0)),
            "fig5": fig5_ablations.draw([Condition("full", "", [grown] * 3)]),
            "emergence": emergence.draw([0], [history], [network]),
        }
        mpl.rcParams["savefig.dpi"] = 60
        for name, figure in figures.items():
            style.save_figure(figure, folder / f"{name}.png", RECORD)
            plt.close(figure)
        emergence_animation.animate(network, folder / "maps.gif", RECORD)
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}

    one, other = draw_all(tmp_path / "one"), draw_all(tmp_path / "other")
    assert len(one) == 10
    for name, content in one.items():
        assert other[name] == content, name


def test_conditions_are_told_by_what_differs():
    losses = replace(MODEL.losses, sigma_g=0.2, capacity=0.0)
    trajectories = replace(MODEL.trajectories, permute=False)
    other = replace(MODEL, losses=losses, trajectories=trajectories)
    assert in_words(other, MODEL) == "losses.sigma_g 0.2, losses.capacity 0, trajectories.permute false"
    assert in_words(MODEL, MODEL) == ""


def test_trajectories_cross_where_two_are_near():
    straight = np.stack([np.linspace(0, 1, 11), np.zeros(11)], axis=1)
    detour = straight + np.array([0, 0.3]) * np.array([0, 1, 1, 1, 1, 0.1, 1, 1, 1, 1, 0])[:, None]
    np.testing.assert_allclose(crossings(np.stack([straight, detour]), sigma_x=0.05), [[0.5, 0.015]])
    assert len(crossings(straight[None], sigma_x=0.5)) == 0, "a trajectory does not cross itself"


def words_of(figure) -> str:
    """Everything that a figure says in its panels, their parts and legends."""
    return " ".join(text.get_text() for text in figure.findobj(Text))


def test_figures_explain_their_colours_and_dots(tmp_path):
    rates = np.stack([0.3 * hexagonal(POINTS, 0.5, phase=(0.1 * unit, 0)) for unit in range(8)]).astype(np.float32)
    maps = RateMaps(rates, np.ones((50, 50)), POINTS[0, :, 0])
    one = network_of(tmp_path, measure_tuning(maps, np.random.default_rng(0), draws=25), maps)
    conditions = [Condition("no capacity loss", "losses.capacity 0", [one], "#aa2211"), Condition("b", "", [one])]
    for figure in (fig2.draw([one]), fig5_ablations.draw(conditions)):
        assert "rate of a unit, from 0 to its highest, which is the number above its map" in words_of(figure)
        assert "0.5 m" in words_of(figure)
    assert "a module of 50 units" in words_of(figure) and "no capacity loss" in words_of(figure)
    bodies = figure.findobj(PolyCollection)
    red = [body for body in bodies if to_hex(body.get_facecolor()[0]) == "#aa2211"]
    assert red and len(red) == len(bodies) / 2
    plt.close("all")


def test_the_axis_of_a_claim_tells_its_ends(tmp_path):
    networks = {"full": [claimed.network_of("full", seed) for seed in range(3)]}
    table_of([judge(CLAIMS[0], networks, np.random.default_rng(0))]).to_csv(tmp_path / "claims.csv", index=False)
    figure = claims.draw(read_table(tmp_path / "claims.csv"))
    ends = {text.get_text(): text for text in figure.axes[1].texts if text.get_text() in ("0", "1")}
    assert ends.keys() == {"0", "1"}
    assert ends["0"].get_position()[0] < -1 and ends["0"].get_ha() == "right", "no mark lies on it"
    assert ends["1"].get_position()[0] > 1 and ends["1"].get_ha() == "left", "no mark lies on it"
    plt.close(figure)


def test_a_small_copy_keeps_a_rare_colour():
    """A few orange dots stay orange, however many greens and greys there are."""
    spec = importlib.util.spec_from_file_location("small_figures", ROOT / "scripts/small_figures.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    across, down = np.meshgrid(np.linspace(0, 1, 1100), np.linspace(0, 1, 600))
    figure = (255 * style.RATE_COLOURS(across * (0.5 + 0.5 * down))[..., :3]).astype(np.uint8)
    figure[:300, ::3] = (255 * down[:300, ::3])[..., None].astype(np.uint8)
    orange = np.array([222, 143, 5], np.uint8)
    figure[400:404, 100:104] = orange
    small = np.asarray(script.small_copy(Image.fromarray(figure)).convert("RGB"))
    assert small.shape == figure.shape
    assert np.abs(small[400:404, 100:104].astype(int) - orange).max() < 25
