"""The dissection from maps to figure 4: of modules, and of networks that have none."""

import argparse
import json
from dataclasses import asdict

import matplotlib.pyplot as plt
import numpy as np
import pytest

from examples import ARENA, MODEL, grid_of, hexagonal, smooth_noise, square
from sslgrid.basics.errors import InputError
from sslgrid.commands import measure_geometry
from sslgrid.datasets.geometry import GEOMETRY, read_geometry
from sslgrid.datasets.ratemaps import write_ratemaps
from sslgrid.datasets.tuning import TUNING, read_tuning
from sslgrid.datasets.walks import write_walks
from sslgrid.figures import fig4_module
from sslgrid.geometry import dissection, homology
from sslgrid.modules.tuning import measure_tuning
from sslgrid.sic.step import start
from sslgrid.spatial.ratemap import RateMaps
from sslgrid.training.weights import save_network
from sslgrid.walks.walks import Walks

POINTS = grid_of(2.0, 0.05)
FACTS = {"code_hash": "0123", "seed": "0"}
OFFSETS = np.random.default_rng(0).uniform(-0.5, 0.5, (14, 2))


def module(kind, units, spacing=0.7):
    return np.stack([0.3 * kind(POINTS, spacing, 10.0, offset) for offset in OFFSETS[:units]])


NETWORKS = {  # rate maps, and what the file says of the torus
    "square": (module(square, 14), "measured"),
    "few units": (module(hexagonal, 6), "n/a: the largest module has 6 tuned units; a torus takes at least 8"),
    "two modules": (np.concatenate([module(hexagonal, 12), module(hexagonal, 5, 0.4)]), "measured"),
    "no module": (
        0.1 + 0.02 * smooth_noise(np.random.default_rng(0), (8, 40, 40), 4.0),
        "n/a: the network has no module",
    ),
}


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(homology, "LANDMARKS", 40)
    monkeypatch.setattr(dissection, "UNIFORM_DRAWS", 200)


def dissect(rates, population, folder):
    """A network's files, its states being its maps; returns its geometry and tuning."""
    maps = RateMaps(rates.astype(np.float32), np.ones((40, 40)), POINTS[0, :, 0])
    TUNING.write(folder / "tuning.nc", measure_tuning(maps, np.random.default_rng(0), draws=25), FACTS)
    tuning = read_tuning(folder / "tuning.nc")
    rng = np.random.default_rng(0)
    measures, wave_numbers = dissection.measure_waves(maps, tuning, rng)
    member, torus = dissection.choose_population(maps, tuning["module"].values, population)
    if torus == dissection.MEASURED:
        states, positions = maps.rates[member].reshape(member.sum(), -1).T, POINTS.reshape(-1, 2)
        measures |= {"position": positions, **dissection.measure_states(states, np.arange(len(states)), 2, rng)}
        if population == dissection.LARGEST_MODULE:
            waves = measures["wave_vector"][tuning["module"].values[member][0]]
            measures |= dissection.measure_rings(states, positions, measures["phase"][member], waves)
    axes = {"kx": wave_numbers, "ky": wave_numbers} if "power" in measures else {}
    dataset = GEOMETRY.dataset({"member": member.astype(np.int8), **measures}, axes, torus=torus)
    GEOMETRY.write(folder / "geometry.nc", dataset, FACTS)
    return read_geometry(folder / "geometry.nc"), tuning


@pytest.mark.parametrize("name", NETWORKS)
def test_what_can_be_drawn_is_drawn(name, tmp_path, quick):
    rates, torus = NETWORKS[name]
    geometry, tuning = dissect(rates, dissection.LARGEST_MODULE, tmp_path)
    assert geometry.attrs["torus"] == torus
    control = dissect(rates, dissection.TUNED_UNITS, tmp_path)[0]
    assert ("betti" in geometry) == (torus == "measured")
    assert "ring_x" not in control
    network = fig4_module.Dissected("full", 0, geometry, tuning)
    figure = fig4_module.draw([network], [fig4_module.Dissected("untrained", 0, control)])
    words = " ".join(" ".join(text.get_text().split()) for panel in figure.findobj(plt.Axes) for text in panel.texts)
    assert (torus in words) == (torus != "measured")
    assert ("square lattice has two waves" in words) == (name == "square")
    figure.savefig(tmp_path / "figure.png", dpi=40)
    plt.close(figure)
    if name == "two modules":
        assert geometry["module"].size == 2 and network.module == 1
        np.testing.assert_allclose(np.linalg.norm(geometry["wave_vector"], axis=2), [[2.9] * 3, [1.65] * 3], atol=0.05)
        assert geometry["member"].sum() == 12 and np.isfinite(geometry["phase"]).all()
        assert (geometry["wave_share"] > 0.99).all()


def run_command(folder, units, population=dissection.LARGEST_MODULE):
    """On a network of 8 units that stays where it starts."""
    maps = RateMaps(NETWORKS["no module"][0][:units].astype(np.float32), np.ones((40, 40)), POINTS[0, :, 0])
    write_ratemaps(folder / "ratemaps.nc", maps, FACTS)
    TUNING.write(folder / "tuning.nc", measure_tuning(maps, np.random.default_rng(0), draws=25), FACTS)
    write_walks(folder / "walks.nc", Walks(np.zeros((3, 5, 2)), np.zeros((3, 5))), FACTS)
    (folder / "arena.json").write_text(json.dumps(asdict(ARENA)))
    header = {"network": "velocity_rnn", "config": MODEL.to_json(), "seed": "0", "config_hash": "1", "code_hash": "2"}
    save_network(folder / "weights.safetensors", start(MODEL, 0).network, header)
    files = {name: folder / f"{name}.nc" for name in ("ratemaps", "tuning", "walks", "geometry")}
    files |= {"arena": folder / "arena.json", "weights": folder / "weights.safetensors"}
    measure_geometry.main(
        argparse.Namespace(
            **files,
            threads=1,
            draws=5,
            population=population,
            inputs=("weights", "ratemaps", "tuning", "walks", "arena"),
        )
    )


def test_a_network_without_modules_gets_a_file_that_says_so(tmp_path, capsys):
    run_command(tmp_path, units=8)
    geometry = read_geometry(tmp_path / "geometry.nc")
    assert geometry.attrs["torus"] == "n/a: the network has no module" and geometry.attrs["network_code_hash"] == "2"
    assert geometry["member"].sum() == 0 and set(geometry.data_vars) == {"member"}
    assert "modules: none; states: n/a: the network has no module" in capsys.readouterr().out


def test_walks_that_go_nowhere_are_named(tmp_path):
    run_command(tmp_path, units=8, population=dissection.TUNED_UNITS)
    geometry = read_geometry(tmp_path / "geometry.nc")
    assert geometry.attrs["torus"] == "n/a: the walks give 1 states; a torus takes at least 150"
    assert geometry["member"].sum() == 8 and "betti" not in geometry


def test_files_of_different_networks_are_told_apart(tmp_path):
    with pytest.raises(InputError, match=r"\.nc holds 5 units; expected the 8 of .*: are both of one network\?"):
        run_command(tmp_path, units=5)
