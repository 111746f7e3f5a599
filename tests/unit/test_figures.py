"""Figures of networks that grew nothing, or too much."""

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr

from examples import ARENA, grid_of, hexagonal, smooth_noise
from sslgrid.commands.measure_tuning import measure, summarise
from sslgrid.datasets.generalisation import VARIABLES, read_generalisation, write_generalisation
from sslgrid.datasets.ratemaps import read_ratemaps, write_ratemaps
from sslgrid.datasets.tuning import read_tuning, write_tuning
from sslgrid.figures import fig2, fig3_generalisation, supp_ratemaps
from sslgrid.spatial.ratemap import RateMaps

POINTS = grid_of(2.0, 0.04)
FACTS = {"code_hash": "0123"}


def many_modules():
    lattices = [(0.25 * 1.35**k, 13.0 * k) for k in range(6)]
    return np.stack([0.3 * hexagonal(POINTS, *lattice) for lattice in lattices for _ in range(8)])


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
    columns = measure(maps, np.random.default_rng(0), draws=3)
    write_ratemaps(tmp_path / "maps.nc", maps, FACTS)
    write_tuning(tmp_path / "tuning.nc", columns, FACTS)
    maps, tuning = read_ratemaps(tmp_path / "maps.nc")[0], read_tuning(tmp_path / "tuning.nc")
    for draw in (fig2.draw, supp_ratemaps.draw):
        figure = draw([0, 1], [maps, maps], [tuning, tuning])
        figure.savefig(tmp_path / "figure.png")
        plt.close(figure)
    modules = int(columns["module"].max()) + 1
    assert modules == {"unvisited corner": 1, "many modules": modules}.get(network, 0)
    assert network != "many modules" or modules >= 5
    if network in ("dead", "constant"):
        assert "0 hexagonal, 0 square (0 % on a lattice), 0 significant; modules: none" in summarise(columns)


def generalisation(folder, modules, arenas):
    """A file of one network with as many modules in as many arenas; the last arena is not covered."""
    sizes = {
        "arena": len(arenas), "unit": 6, "module": modules, "window": 4, "trajectory": 5, "axis": 2, "radius": 7,
        "distance": 8,
    }  # fmt: skip
    values = {name: np.full([sizes[dim] for dim in dims.split()], 0.5) for name, (dims, _, _) in VARIABLES.items()}
    for name in ("correlation", "correlation_low", "correlation_high"):
        values[name][-1] = np.nan
    path = folder / "generalisation.nc"
    write_generalisation(path, arenas, np.arange(1, 6), np.arange(8.0), np.linspace(0, 1, 9), values, FACTS)
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
