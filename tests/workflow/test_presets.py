"""`snakemake paper` on the tiny study: another preset, in a folder of its own, wherever its jobs run."""

import json

import pytest

from checkouts import Pipeline


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory) -> Pipeline:
    return Pipeline.from_repository(tmp_path_factory.mktemp("presets"))


def test_the_target_alone_chooses_the_preset_and_its_folder(pipeline):
    runs = pipeline.would_run("paper")
    assert runs["train_network"] == 4 and runs["estimate_preset"] == 1
    assert runs == pipeline.would_run("paper", "--config", "preset=paper")
    assert not (pipeline.folder / "results/networks").exists()


def test_its_cost_is_told_before_it_is_paid_and_the_laptops_results_are_left_alone(pipeline):
    cost, weights = "results/preset/cost.csv", "results/networks/full/seed0/weights.safetensors"
    done = pipeline.snakemake("--config", "preset=paper_fast", "--", cost, weights)
    assert done.returncode == 0, done.stdout
    assert -1 < done.stdout.find("preset: 4 networks to train, ") < done.stdout.find("training from step")
    assert "160 steps at " in done.stdout and " GB on disk" in done.stdout
    assert (pipeline.folder / "paper_fast" / weights).exists()
    assert not (pipeline.folder / weights).exists()
    config = json.loads((pipeline.folder / "paper_fast/results/config/full.json").read_text())
    assert config["network"]["units"] == 16, "what config.yaml says counts"
    assert config["losses"]["sigma_g"] == 0.4


def test_jobs_of_a_scheduler_are_told(pipeline, tmp_path):
    submit = tmp_path / "submit"
    submit.write_text('#!/bin/sh\nsh "$1" > "$1.log" 2>&1 &\necho $!\n')
    submit.chmod(0o755)
    done = pipeline.snakemake(
        "paper", "--executor", "cluster-generic", "--cluster-generic-submit-cmd", str(submit), "--jobs", "2",
        "--until", "sample_walks", "write_condition",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "Submitted job" in done.stdout
    assert len(pipeline.files("paper/results/trajectories/*.nc")) == 2
    config = json.loads((pipeline.folder / "paper/results/config/full.json").read_text())
    assert config["network"]["activation"] == "relu" and config["training"]["schedule"] == "plateau"


def test_two_presets_at_once_are_refused(pipeline):
    for words in (("paper", "paper_fast"), ("paper", "--config", "preset=paper_fast")):
        done = pipeline.snakemake("-n", *words)
        assert done.returncode == 1 and "expected one and the same" in done.stdout
        assert "Traceback" not in done.stdout
