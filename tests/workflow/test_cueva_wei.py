"""The localisers' part of the pipeline, on networks that are trained in seconds."""

import shutil

import pytest
import xarray as xr

from checkouts import ROOT, Pipeline


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Pipeline:
    pipeline = Pipeline.from_repository(tmp_path_factory.mktemp("localisers"))
    shutil.copy(ROOT / "tests/workflow/localisers.yaml", pipeline.folder / "config.yaml")
    done = pipeline.snakemake("cw_figures", "cw_fields")
    assert done.returncode == 0, done.stdout
    return pipeline


def test_each_localiser_is_walked_in_the_arena_it_names(finished):
    made = finished.files("results/**/*.*")
    for condition, seed, arena in (
        ("cw_proper", 0, "square"),
        ("cw_proper", 1, "square"),
        ("cw_triangle", 0, "triangle"),
    ):
        for stage in ("ratemaps", "tuning", "modules"):
            assert f"results/{stage}/{condition}/seed{seed}/{arena}.nc" in made
        assert f"results/localisation/{condition}/seed{seed}.nc" in made
        assert f"results/development/{condition}/seed{seed}.nc" in made
    figures = (*(f"cw_fig{number}" for number in range(1, 7)), "fig_compare", "cw_claims")
    for figure in (*figures, "supp_ratemaps_cw_proper", "supp_ratemaps_cw_triangle"):
        assert {f"results/figures/{figure}.{suffix}" for suffix in ("pdf", "png", "svg")} <= made.keys()
    assert "results/figures/cw_paper_claims.png" not in made, "this study has no network of the paper's recipe"
    assert "results/decoding/cw_proper/seed1/box3m.nc" in made and "results/decoding/full/seed0/box2m.nc" in made
    assert not any("networks/other" in name for name in made), "only SIC networks that are compared are a part of this"
    with xr.open_dataset(finished.folder / "results/localisation/cw_proper/seed0.nc") as localisation:
        assert localisation["window"].max() > 50, "the tracked condition has the longer paths"
    with xr.open_dataset(finished.folder / "results/development/cw_proper/seed1.nc") as development:
        assert development["step"].values.tolist() == [0, 6, 12]
        assert development["embedding"].sizes == {"step": 3, "unit": 10, "axis": 2}
    assert finished.would_run("cw_figures") == {}
    cost = (finished.folder / "results/localisers_cost.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in cost] == ["condition", "cw_proper", "cw_triangle"]
    said = (finished.folder / "logs/localisers_cost.log").read_text()
    assert "3 networks to train" in said and "on cpu" in said
    with xr.open_dataset(finished.folder / "results/networks/cw_proper/seed0/training.nc") as history:
        assert list(history["step"].values) == [2, 4, 6, 8, 10, 12]
        assert history.attrs["network"] == "rate_rnn"
    with xr.open_dataset(finished.folder / "results/ratemaps/cw_triangle/seed0/triangle.nc") as maps:
        assert maps.sizes["corner"] == 3
        assert maps["ratemap"].isnull().mean() > 0.5, "most of the square about a triangle is outside"


def test_what_maps_are_made_of_is_a_row_per_network_beside_its_mixtures(finished):
    rows = (finished.folder / "results/spectra/networks.csv").read_text().splitlines()
    assert [row.split(",")[:2] for row in rows[1:]] == [["cw_proper", "0"], ["cw_proper", "1"], ["cw_triangle", "0"]]
    assert (finished.folder / "results/figures/cw_spectra.png").exists()
    claims = (finished.folder / "results/cw_fields_claims.csv").read_text().splitlines()[1:]
    assert claims and all("not tested" in claim for claim in claims), "this study has none of their conditions"
    with xr.open_dataset(finished.folder / "results/spectra/cw_triangle/seed0.nc") as spectra:
        assert spectra["modes_used"].isnull().all() and spectra["order"].notnull().any()
        assert spectra.sizes["mixture"] == 3


def test_a_review_of_released_localisers_trains_nothing(finished, tmp_path):
    shutil.copytree(finished.folder, tmp_path / "copy", symlinks=True)
    theirs = Pipeline(tmp_path / "copy")
    done = theirs.snakemake("release_localisers")
    assert done.returncode == 0, done.stdout
    assert "3 networks, " in done.stdout
    reviewed = "--directory", "reviewed", "--config", f"released={theirs.folder}/released_localisers"
    done = theirs.snakemake(*reviewed, "--", "review_localisers")
    assert done.returncode == 0, done.stdout
    assert "numbers and words are identical." in done.stdout and "training from step" not in done.stdout
    rebuilt = Pipeline(theirs.folder / "reviewed")
    for pattern in ("results/spectra/**/*.nc", "results/development/**/*.nc", "results/figures/cw_*", "results/cw_*"):
        made = rebuilt.files(pattern)
        assert made and made.items() <= theirs.files(pattern).items(), pattern


def test_an_edited_condition_or_optimiser_trains_no_sic_network(finished, tmp_path):
    shutil.copytree(finished.folder, tmp_path / "copy", symlinks=True)
    checkout = Pipeline(tmp_path / "copy")
    checkout.edit("config.yaml", "side: 3.0}}", "side: 2.5}}")
    assert checkout.would_run("cw_figures")["train_localiser"] == 1
    checkout.edit("src/sslgrid/localiser/hessian_free.py", "SUFFICIENT = 1e-2", "SUFFICIENT = 2e-2")
    assert checkout.would_run("cw_figures")["train_localiser"] == 3
    assert checkout.would_run("results/networks/full/seed0/weights.safetensors") == {}


def test_a_study_without_localisers_says_what_is_missing(tmp_path):
    checkout = Pipeline.from_repository(tmp_path)
    (checkout.folder / "config.yaml").write_text("conditions: {full: {}}")
    stopped = checkout.snakemake("-n", "cw_figures")
    assert stopped.returncode != 0 and "a condition in config.yaml with `model: localiser` is one" in stopped.stdout
    assert "Traceback (most recent call last)" not in stopped.stdout
