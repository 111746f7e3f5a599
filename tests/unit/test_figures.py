"""Figures of networks that grew nothing, or too much."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from examples import grid_of, hexagonal, smooth_noise
from sslgrid.commands.measure_tuning import measure, summarise
from sslgrid.datasets.ratemaps import read_ratemaps, write_ratemaps
from sslgrid.datasets.tuning import read_tuning, write_tuning
from sslgrid.figures import fig2, supp_ratemaps
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
