"""The localisers' part of the pipeline, on networks that are trained in seconds."""

import shutil

import pytest
import xarray as xr

from checkouts import ROOT, Pipeline


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Pipeline:
    pipeline = Pipeline.from_repository(tmp_path_factory.mktemp("localisers"))
    shutil.copy(ROOT / "tests/workflow/localisers.yaml", pipeline.folder / "config.yaml")
    done = pipeline.snakemake("cw_figures")
    assert done.returncode == 0, done.stdout
    return pipeline


def test_each_localiser_is_walked_in_the_arena_it_names(finished):
    made = finished.files("results/**/*.*")
    for condition, seed, arena in (("cw", 0, "square"), ("cw", 1, "square"), ("cw_triangle", 0, "triangle")):
        for stage in ("ratemaps", "tuning", "modules"):
            assert f"results/{stage}/{condition}/seed{seed}/{arena}.nc" in made
        assert f"results/localisation/{condition}/seed{seed}.nc" in made
    for figure in ("cw_fig1", "cw_fig2", "cw_fig5", "supp_ratemaps_cw", "supp_ratemaps_cw_triangle"):
        assert {f"results/figures/{figure}.{suffix}" for suffix in ("pdf", "png", "svg")} <= made.keys()
    assert not any("networks/full" in name for name in made), "SIC networks are no part of this"
    assert finished.would_run("cw_figures") == {}
    with xr.open_dataset(finished.folder / "results/networks/cw/seed0/training.nc") as history:
        assert list(history["step"].values) == [2, 4, 6, 8, 10, 12]
        assert history.attrs["network"] == "rate_rnn"
    with xr.open_dataset(finished.folder / "results/ratemaps/cw_triangle/seed0/triangle.nc") as maps:
        assert maps.sizes["corner"] == 3
        assert maps["ratemap"].isnull().mean() > 0.5, "most of the square about a triangle is outside"


def test_an_edited_condition_or_optimiser_trains_no_sic_network(finished, tmp_path):
    shutil.copytree(finished.folder, tmp_path / "copy", symlinks=True)
    checkout = Pipeline(tmp_path / "copy")
    checkout.edit("config.yaml", "side: 3.0}}", "side: 2.5}}")
    assert checkout.would_run("cw_figures")["train_localiser"] == 1
    checkout.edit("src/sslgrid/hessian_free.py", "DECAY = 0.95", "DECAY = 0.9")
    assert checkout.would_run("cw_figures")["train_localiser"] == 3
    before = checkout.would_run("results/networks/full/seed0/weights.safetensors")
    assert before == {"train_network": 1, "write_condition": 1}


def test_a_study_without_localisers_says_what_is_missing(tmp_path):
    checkout = Pipeline.from_repository(tmp_path)
    (checkout.folder / "config.yaml").write_text("conditions: {full: {}}")
    stopped = checkout.snakemake("-n", "cw_figures")
    assert stopped.returncode != 0 and "config.yaml that has a condition with `model: localiser`" in stopped.stdout
