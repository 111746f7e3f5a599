"""Surroundings, caches, programs and inputs of other people's machines: docs/notes/strangers.md."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
import xarray as xr
import yaml

from checkouts import ROOT, STUDY
from comparing import lost_files
from sslgrid.basics.errors import InputError
from sslgrid.config.study import resolve_study
from sslgrid.datasets import netcdf
from sslgrid.geometry.homology import persistence
from sslgrid.kernels import compiled
from sslgrid.machine import programs
from sslgrid.spatial import autocorrelogram
from triple import DAMAGES, make_triple


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", ["nbi", "nbc"])
def test_damaged_compiled_code(kind, damage, tmp_path, monkeypatch, capfd, fault):
    monkeypatch.setattr(compiled, "_TOLD", set())
    monkeypatch.setattr(compiled.caching.config, "CACHE_DIR", "")
    assert make_triple(tmp_path)(2.0) == 6.0
    (file,) = tmp_path.rglob(f"*.{kind}")
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    with fault("damaged compiled code"):
        assert make_triple(tmp_path)(2.0) == 6.0
        assert capfd.readouterr().err.count("is made anew") == 1


PROGRAMS = {
    "hangs": "exec sleep 60",
    "hangs after a line": "echo 'GPU 0'; exec sleep 60",
    "fails": "exit 9",
    "fails after an answer": "echo 'GPU 0'; exit 15",
    "is killed": "kill -9 $$",
    "crashes": "kill -SEGV $$",
    "asks": "read answer; exit 1",
    "is of another machine": None,
}


@pytest.mark.parametrize("trouble", PROGRAMS)
@pytest.mark.parametrize("name", ["nvidia-smi", "docker", "git"])
def test_programs_that_lie_or_hang(name, trouble, tmp_path, monkeypatch, fault):
    program = tmp_path / name
    script = PROGRAMS[trouble]
    program.write_bytes(b"\x7fELF\x02\x09" if script is None else f"#!/bin/sh\n{script}\n".encode())
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with fault("a program that lies or hangs"):
        assert programs.answer_of(name, "-L", seconds=0.5) is None


STATES = {
    "none": np.zeros((0, 6)),
    "one": np.ones((1, 6)),
    "fewer than neighbours": np.random.default_rng(0).normal(size=(15, 6)),
    "all the same": np.zeros((200, 6)),
    "two points": np.repeat(np.eye(2), 100, axis=0),
    "one apart": np.vstack([np.zeros((199, 2)), np.ones((1, 2))]),
    "not a number": np.full((200, 6), np.nan),
    "infinite": np.full((200, 6), np.inf),
}


@pytest.mark.parametrize("states", STATES)
def test_states_without_a_shape_get_one_line(states, fault):
    with fault("states without a shape"), pytest.raises(InputError, match="states"):
        persistence(STATES[states])


CLOUDS = {
    "on a line": np.linspace(0, 1, 200)[:, None],
    "equidistant": np.eye(40),
}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_degenerate_clouds_end(cloud, fault):
    with fault("a degenerate cloud"):
        bars = persistence(CLOUDS[cloud])
        assert len(bars) == 3 and all(np.isfinite(each).all() for each in bars)


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 1, 9), (1, 9, 1), (1, 2, 2), (1, 60, 80), (300, 7, 5)])
def test_maps_of_any_shape_are_correlated(shape, fault):
    with fault("a map of an odd shape"):
        found = autocorrelogram.autocorrelograms(np.random.default_rng(1).random(shape).astype("f4"))
        assert found.shape == (shape[0], 2 * shape[1] - 1, 2 * shape[2] - 1)


FOREIGN_FILES = {
    "xarray's own": lambda path: xr.Dataset({"ratemap": ("x", np.ones(3))}).to_netcdf(path),
    "empty": lambda path: path.touch(),
    "text": lambda path: path.write_text("ratemap"),
    "a folder": lambda path: path.mkdir(),
    "a broken link": lambda path: path.symlink_to("nowhere"),
    "a circle of links": lambda path: path.symlink_to(path),
}


@pytest.mark.parametrize("kind", FOREIGN_FILES)
def test_foreign_files_are_refused_and_stay(kind, tmp_path, fault):
    path = tmp_path / "it's a file (ü).nc"
    FOREIGN_FILES[kind](path)
    with fault("a foreign file") as harm:
        with pytest.raises(InputError, match=r"ratemap|cannot be read|is missing"):
            netcdf.read(path, "ratemap")
        harm.lost = [] if os.path.lexists(path) else [path]


SURROUNDINGS = {
    "backend not installed": {"MPLBACKEND": "module://not_installed.backend"},
    "backend unknown": {"MPLBACKEND": "nonsense"},
    "backend of a screen": {"MPLBACKEND": "TkAgg", "DISPLAY": ":99"},
    "locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "no such locale": {"LC_ALL": "xx_YY", "LANG": "xx_YY"},
    "hash seed": {"PYTHONHASHSEED": "7"},
    "threads": {"OMP_NUM_THREADS": "3", "MKL_NUM_THREADS": "5", "OPENBLAS_NUM_THREADS": "2", "NUMBA_NUM_THREADS": "2"},
    "home": {"HOME": "/proc/nowhere"},
    "temporary folder": {"TMPDIR": "/nowhere"},
    "optimised": {"PYTHONOPTIMIZE": "2"},
    "time zone": {"TZ": "Asia/Kolkata", "SOURCE_DATE_EPOCH": "12"},
    "rc file": {"rc": "savefig.bbox: tight\nfont.size: 30\ntext.usetex: True\n"},
    "rc file with mistakes": {"rc": "nonsense\nfont.size: many\n"},
}


@pytest.fixture(scope="module")
def figure(tmp_path_factory):
    """Draws figure 1 under an environment in a folder of its own; returns its bytes."""
    config = tmp_path_factory.mktemp("config") / "full.json"
    study = resolve_study(yaml.safe_load(STUDY.read_text()), ROOT / "workflow/schemas/config.schema.yaml")
    config.write_text(json.dumps(study.models["full"], sort_keys=True))

    def draw(surrounding: dict) -> list[bytes]:
        folder = tmp_path_factory.mktemp("figure")
        if "rc" in surrounding:
            (folder / "matplotlibrc").write_text(surrounding["rc"])
        command = [
            sys.executable,
            "-m",
            "sslgrid.figures.fig1",
            "--model",
            config,
            "--seed",
            "0",
            "--figure",
            "fig1.png",
        ]
        subprocess.run(command, cwd=folder, env=python_of(surrounding), check=True, capture_output=True)
        return [(folder / f"fig1.{suffix}").read_bytes() for suffix in ("png", "pdf", "svg")]

    return draw


def python_of(surrounding: dict) -> dict:
    return os.environ | {"PYTHONPATH": str(ROOT / "src")} | {k: v for k, v in surrounding.items() if k != "rc"}


@pytest.fixture(scope="module")
def clean(figure):
    return figure({})


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_surroundings_decide_no_figure(name, figure, clean, fault):
    with fault("a hostile surrounding") as harm:
        harm.lost = [k for k, (a, b) in enumerate(zip(figure(SURROUNDINGS[name]), clean, strict=True)) if a != b]


# One of each kind of them, none in the other's way.
TOGETHER = (
    "backend not installed", "locale", "hash seed", "threads", "home", "temporary folder", "optimised", "time zone",
)  # fmt: skip
ALSO = {
    "NUMBA_OPT": "0", "NUMBA_BOUNDSCHECK": "1", "OPENBLAS_CORETYPE": "Nehalem", "ATEN_CPU_CAPABILITY": "default",
    "PYTHONSTARTUP": "/nowhere/start.py", "DISPLAY": ":99",
}  # fmt: skip
SHADOWS = ("random.py", "queue.py", "types.py", "numpy.py")  # in the folder that the pipeline works in


def test_a_dozen_surroundings_at_once_decide_no_result(finished, checkout, monkeypatch, fault):
    """From walks to tuning and a figure, by the pipeline: the bytes of the clean run."""
    for name in ("networks", "ratemaps", "tuning", "figures"):
        for path in (checkout.folder / "results" / name).rglob("*"):
            if path.is_file() and ("full/seed0" in str(path) or path.stem == "fig1"):
                path.unlink()
    surroundings = [ALSO, *(SURROUNDINGS[name] for name in TOGETHER)]
    variables = [pair for surrounding in surroundings for pair in surrounding.items()]
    assert len(dict(variables)) == len(variables), "no variable takes another's place"
    for variable, value in variables:
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("XDG_CACHE_HOME", str(checkout.folder / "cache"))  # as make does without a home
    (checkout.folder / "matplotlibrc").write_text(SURROUNDINGS["rc file"]["rc"])
    for name in SHADOWS:
        (checkout.folder / name).write_text("raise SystemExit('the wrong module')")
    with fault("a dozen surroundings at once") as harm:
        done = checkout.snakemake("all")
        assert done.returncode == 0, done.stdout
        harm.lost = lost_files(checkout, finished)
