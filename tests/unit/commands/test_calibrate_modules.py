"""Networks that were hardly trained, as negatives for the search for modules."""

from dataclasses import replace

import numpy as np

from examples import ARENA, MODEL, grid_of, hexagonal
from sslgrid.commands.calibrate_modules import describe, hardly_trained, summarise
from sslgrid.datasets.module_calibration import MODULE_CALIBRATION
from sslgrid.sic.step import start
from sslgrid.sic.walking import WalkedSIC
from sslgrid.spatial.ratemap import RateMaps, accumulate
from sslgrid.training.weights import weights
from sslgrid.walks.activity import follow
from sslgrid.walks.sampling import sample_walks

LARGER = replace(MODEL, network=replace(MODEL.network, units=24, hidden_units=16))
DRAWS = 60


def test_hardly_trained_networks_have_no_modules():
    walks = sample_walks(replace(ARENA, bin=0.05, smoothing=0.05))
    for seed in range(2):
        network = hardly_trained(LARGER, seed)
        before = WalkedSIC(LARGER.network, {k: v.numpy() for k, v in weights(start(LARGER, seed).network).items()})
        assert (network.rest(1) != before.rest(1)).any()
        maps = accumulate(replace(ARENA, bin=0.05, smoothing=0.05), follow(network, walks))
        found = describe(maps, DRAWS, np.random.default_rng(seed))
        assert found["modules"] == 0 and found["founders"] < 12, found


def test_grid_cells_would_be_found_by_the_same_search():
    points, rng = grid_of(2.0, 0.05), np.random.default_rng(0)
    rates = np.stack([hexagonal(points, 0.6, 10.0, rng.uniform(-0.6, 0.6, 2)) for _ in range(10)])
    maps = RateMaps(rates.astype(np.float32), np.ones(rates.shape[1:]), points[0, :, 0])
    found = describe(maps, DRAWS, rng)
    assert (found["modules"], found["tentative_modules"], found["significant"]) == (1, 0, 10)
    columns = {name: np.array([number, 0]) for name, number in found.items()} | {"steps": np.array(50)}
    words = summarise(MODULE_CALIBRATION.dataset(columns))
    assert words == "1 of 2 networks of 50 steps have a module (at most 5 % may); 0 have a tentative one"
