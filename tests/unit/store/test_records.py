"""From a figure back to the seed: every file says how it was made, and whether that still holds is found out."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest
import xarray as xr

import sslgrid
from examples import MODEL
from sslgrid.basics.errors import InputError
from sslgrid.commands import provenance as command
from sslgrid.datasets import netcdf
from sslgrid.datasets.tables import write_table
from sslgrid.figures import style
from sslgrid.sic.step import start
from sslgrid.store.facts import made_by, provenance, summary_provenance
from sslgrid.store.records import mixed, record_of
from sslgrid.store.releases import releases_of
from sslgrid.training.weights import save_network


@pytest.fixture
def chain(tmp_path, monkeypatch):
    """A network, its maps, a table of them, and a figure: each made from the one before."""
    monkeypatch.chdir(tmp_path)
    network = {"network": "velocity_rnn", "config": MODEL.to_json(), "config_hash": "cfg", "seed": "3"}
    save_network(Path("weights.safetensors"), start(MODEL, 3).network, made_by("sslgrid.commands.train") | network)
    facts = provenance("sslgrid.commands.map_rates", [Path("weights.safetensors")], seed="3", network_config_hash="cfg")
    netcdf.write(Path("maps.nc"), xr.Dataset({"rate": ("unit", [0.5, 0.25])}, attrs=facts))
    table = pd.DataFrame({"claim": ["a"], "value": [0.5]})
    write_table(Path("claims.csv"), table, 4, summary_provenance("sslgrid.commands.check_claims", [Path("maps.nc")]))
    figure = plt.figure(figsize=(1, 1))
    style.save_figure(figure, Path("claims.png"), summary_provenance("sslgrid.figures.claims", [Path("claims.csv")]))
    plt.close(figure)
    return tmp_path


def ask(*files):
    return subprocess.run([sys.executable, "-m", "sslgrid.commands.provenance", *files], capture_output=True, text=True)


@pytest.mark.parametrize("suffix", ["png", "pdf", "svg"])
def test_a_figure_leads_back_to_the_seed(chain, suffix):
    done = ask(f"claims.{suffix}")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line.strip() for line in done.stdout.splitlines()]
    files = [line for line in lines if line.endswith((suffix, "unchanged"))]
    assert files == [
        f"claims.{suffix}",
        "claims.csv: unchanged",
        "maps.nc: unchanged",
        "weights.safetensors: unchanged",
    ]
    assert "seed 3, config_hash cfg" in lines
    assert lines[2] == "seeds 3, config_hashes cfg"


def test_figures_and_tables_carry_seeds_configs_code_and_versions(chain):
    for name in ("claims.png", "claims.svg", "claims.csv"):
        record = record_of(Path(name))
        assert (record["seeds"], record["config_hashes"]) == ("3", "cfg")
        assert "torch 2." in record["versions"] and len(record["code_hash"]) == 16
        assert not mixed(record)


def test_what_has_changed_since_is_named(chain):
    with open("maps.nc", "r+b") as file:
        file.seek(-1, 2)
        file.write(b"!")
    done = ask("claims.png")
    assert done.returncode == 1
    assert "maps.nc: CHANGED SINCE" in done.stdout
    Path("maps.nc").unlink()
    done = ask("claims.png")
    assert done.returncode == 1 and "maps.nc: MISSING" in done.stdout


def test_other_code_is_named(chain, monkeypatch):
    monkeypatch.setattr(command, "code_hash", lambda module: "other")
    assert any("(NOW ANOTHER)" in line for line in command.chain(Path("claims.png"), set()))


def test_a_table_that_was_edited_is_not_believed(chain):
    Path("claims.csv").write_text("claim,value\na,1.0\n")
    with pytest.raises(InputError, match=r"claims\.provenance\.json is of another content"):
        record_of(Path("claims.csv"))


def test_a_mix_of_two_versions_of_the_code_is_said(chain, capsys):
    other = provenance("sslgrid.commands.map_rates", [], seed="4") | {"code_hash": "0" * 16}
    netcdf.write(Path("other.nc"), xr.Dataset({"rate": ("unit", [0.5])}, attrs=other))
    record = summary_provenance("sslgrid.figures.fig2", [Path("maps.nc"), Path("other.nc")])
    assert mixed(record) == ["python -m sslgrid.commands.map_rates"]
    assert "map_rates` are of different versions of the code" in capsys.readouterr().out
    assert record["seeds"] == "3 4"


def test_a_file_of_another_kind_is_refused_with_one_line(tmp_path):
    (tmp_path / "a.nc").write_text("no")
    (tmp_path / "b.png").write_bytes(b"no")
    for name, words in (("a.nc", "does not say how it was made"), ("b.png", "does not say"), ("c.nc", "is missing")):
        done = ask(tmp_path / name)
        assert done.returncode == 1 and words in done.stderr and done.stderr.count("\n") == 1


def test_a_file_without_a_record_says_so_and_ends_with_2(tmp_path, capsys):
    page = tmp_path / "claims.md"
    page.write_text("# Claims\n")
    with pytest.raises(SystemExit) as ended:
        command.main(argparse.Namespace(files=[page], page=None))
    assert ended.value.code == 2 and "no record of how it was made" in capsys.readouterr().err


def test_a_reader_that_has_had_enough_is_no_error(chain):
    """As of `provenance FILE | head -1`: the pipe is closed before anything is written."""
    reading, writing = os.pipe()
    os.close(reading)
    call = [sys.executable, "-m", "sslgrid.commands.provenance", "claims.csv"]
    done = subprocess.run(call, stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert "Error" not in done.stderr and done.returncode in (0, 1), done.stderr


def test_the_releases_behind_results_are_found(chain):
    older = Path("older.nc")
    netcdf.write(older, xr.Dataset({"rate": ("unit", [0.5])}, attrs={"versions": "sslgrid 0.1.0 numpy 2.1"}))
    damaged = Path("damaged.nc")
    damaged.write_bytes(b"CDF")
    files = [older, damaged, Path("missing.nc"), *map(Path, ("weights.safetensors", "claims.csv", "claims.png"))]
    assert releases_of(files) == ["0.1.0", sslgrid.__version__]
