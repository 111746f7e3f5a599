"""Sweeps on the tiny study: ambiguities and the phase diagram, whole and in part."""

import shutil

import pandas as pd
import pytest

from checkouts import Pipeline

SWEEPS = ("ambiguities", "phase_diagram")
OTHER = "phase-capacity0-sigma_g0.2"  # a network of the phase diagram that is no condition's


@pytest.fixture(scope="module")
def swept(tmp_path_factory) -> tuple[Pipeline, str]:
    """Both sweeps, run to the end, and what was said meanwhile."""
    pipeline = Pipeline.from_repository(tmp_path_factory.mktemp("swept"))
    done = pipeline.snakemake(*SWEEPS)
    assert done.returncode == 0, done.stdout
    return pipeline, done.stdout


@pytest.fixture
def checkout(swept, tmp_path) -> Pipeline:
    shutil.copytree(swept[0].folder, tmp_path / "copy", symlinks=True)
    return Pipeline(tmp_path / "copy")


def test_sweeps_are_ordinary_networks(swept):
    pipeline, said = swept
    made = pipeline.files("results/**/*.*")
    for name in SWEEPS:
        assert {f"results/figures/{name}.{suffix}" for suffix in ("pdf", "png", "svg")} <= made.keys()
        assert f"results/{name}/cost.csv" in made
    tables = {name: pd.read_csv(pipeline.folder / f"results/{name}/networks.csv") for name in SWEEPS}
    assert tables["ambiguities"]["condition"].tolist() == ["full", "ambiguity-duration-t10"]
    assert set(tables["phase_diagram"]["condition"]) == {"full", "no_capacity", OTHER, "phase-capacity0.5-sigma_g0.2"}
    assert f"results/networks/{OTHER}/seed0/weights.safetensors" in made
    assert f"{OTHER}: 1 networks, 0 diverged; modules " in said
    assert pipeline.would_run(*SWEEPS) == {}


def test_cost_is_told_before_it_is_paid(swept):
    said = swept[1]
    for words in ("ambiguities: 2 networks to train, ", "phase_diagram: 4 networks to train, "):
        assert -1 < said.find(words) < said.find("training on cpu")


def test_edited_alternative_reruns_that_alternative(checkout):
    checkout.edit("config.yaml", "t10: {trajectories: {steps: 10}}", "t10: {trajectories: {steps: 12}}")
    assert checkout.would_run(*SWEEPS) == {
        "write_condition": 1, "write_sweep": 1, "estimate_cost": 1, "train_network": 1, "map_rates": 1,
        "measure_tuning": 1, "measure_modules": 1, "compare_ambiguities": 1, "ambiguities": 1,
    }  # fmt: skip


def test_partial_results_are_drawn_without_training(checkout):
    for stage in ("networks", "ratemaps", "tuning", "modules"):
        shutil.rmtree(checkout.folder / f"results/{stage}/{OTHER}")
    checkout.edit("config.yaml", "capacity: [0.0, 0.5]", "capacity: [0.0, 0.5, 1.0]")
    figures = []
    for _ in range(2):
        done = checkout.snakemake("phase_diagram_so_far")
        assert done.returncode == 0, done.stdout
        assert "phase_diagram_so_far" in done.stdout and "train_network" not in done.stdout
        table = pd.read_csv(checkout.folder / "results/phase_diagram/networks_so_far.csv")
        figures.append(checkout.files("results/figures/phase_diagram_so_far.*"))
        assert len(figures[-1]) == 3
        if len(table) == 3:
            shutil.rmtree(checkout.folder / "results/modules/no_capacity")
    assert len(table) == 2, "it looks again every time"
    assert figures[0] != figures[1]
    assert not (checkout.folder / f"results/networks/{OTHER}").exists()
    assert checkout.would_run("phase_diagram")["train_network"] == 3, "what is missing is still to do"


def test_networks_of_an_older_config_are_not_drawn(checkout):
    checkout.edit("config.yaml", "steps: 40, warmup", "steps: 41, warmup")
    done = checkout.snakemake("ambiguities_so_far")
    assert done.returncode == 1
    assert "full seed0: left out, since it was trained with another config" in done.stdout


@pytest.mark.parametrize("target", [*SWEEPS, *(f"{name}_so_far" for name in SWEEPS)])
def test_a_study_without_a_sweep_says_what_to_fill(checkout, target):
    text = (checkout.folder / "config.yaml").read_text()
    (checkout.folder / "config.yaml").write_text(text[: text.index("ambiguities:")])
    done = checkout.snakemake(target)
    assert done.returncode == 1
    name = target.removesuffix("_so_far")
    assert f"{name} has nothing to compare; section {name} of config.yaml says what" in done.stdout
    assert "Traceback (most recent call last)" not in done.stdout
    assert checkout.snakemake("-n", "all").returncode == 0
