"""The paper's presets on the tiny study: each in a folder of its own, wherever its jobs run."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from checkouts import Pipeline
from sslgrid.commands import carry


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory) -> Pipeline:
    return Pipeline.from_repository(tmp_path_factory.mktemp("presets"))


PAPER = ("--directory", "paper", "--config", "preset=paper")
PAPER_FAST = ("--directory", "paper_fast", "--config", "preset=paper_fast")


def test_a_preset_works_in_a_folder_of_its_own(pipeline):
    runs = pipeline.would_run(*PAPER)
    assert runs["train_network"] == 4 and runs["estimate_preset"] == 1
    assert "estimate_preset" not in pipeline.would_run("figures")
    refused = pipeline.snakemake("-n", "--config", "preset=paper")
    assert refused.returncode == 1 and "add `--directory paper`, or say `make paper`" in refused.stdout


@pytest.mark.parametrize("preset", ["paper", "paper_fast"])
def test_make_has_a_door_for_each_preset(pipeline, preset):
    said = subprocess.check_output(["make", "-n", "-o", "setup", preset, "ARGS=-n"], cwd=pipeline.folder, text=True)
    door = next(line for line in said.splitlines() if "snakemake" in line).split()[1:]
    assert pipeline.would_run(*door)["estimate_preset"] == 1


def test_its_cost_is_told_before_it_is_paid_and_the_laptops_results_are_left_alone(pipeline):
    cost, weights = "results/preset/cost.csv", "results/networks/full/seed0/weights.safetensors"
    done = pipeline.snakemake(*PAPER_FAST, "--", cost, weights)
    assert done.returncode == 0, done.stdout
    assert -1 < done.stdout.find("preset: 4 networks to train, ") < done.stdout.find("training from step")
    assert "160 steps at " in done.stdout and " GB on disk" in done.stdout
    assert (pipeline.folder / "paper_fast" / weights).exists()
    assert not (pipeline.folder / weights).exists()
    config = json.loads((pipeline.folder / "paper_fast/results/config/full.json").read_text())
    assert config["network"]["units"] == 16, "what config.yaml says counts"
    assert config["losses"]["sigma_g"] == 0.4


def test_networks_from_another_machine_are_taken_as_they_are(pipeline, tmp_path):
    """What `scripts/piece.sh` brings back, unpacked among the results, is not trained again."""
    network = pipeline.folder / "paper_fast/results/networks/full/seed0"
    weights = "results/networks/full/seed0/weights.safetensors"
    assert pipeline.snakemake(*PAPER_FAST, "--", weights).returncode == 0  # there, or made now
    shutil.copytree(network, tmp_path / "there/networks/full/seed0")
    carry.pack(tmp_path / "there", tmp_path / "state")
    shutil.rmtree(network)
    shutil.rmtree(pipeline.folder / "paper_fast/.snakemake")  # which remembers what was trained here
    assert pipeline.would_run(*PAPER_FAST)["train_network"] == 4
    carry.unpack(pipeline.folder / "paper_fast/results", tmp_path / "state")
    assert pipeline.snakemake(*PAPER_FAST, "--touch", "--force", "--", weights).returncode == 0
    (pipeline.folder / "src/sslgrid/sic/step.py").touch()
    assert pipeline.would_run(*PAPER_FAST)["train_network"] == 3


def test_jobs_of_a_scheduler_are_told(pipeline, tmp_path):
    submit = tmp_path / "submit"
    submit.write_text('#!/bin/sh\nsh "$1" > "$1.log" 2>&1 &\necho $!\n')
    submit.chmod(0o755)
    done = pipeline.snakemake(
        *PAPER, "device=cpu", "--executor", "cluster-generic", "--cluster-generic-submit-cmd", str(submit),
        "--jobs", "2", "--until", "sample_walks", "write_condition",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "Submitted job" in done.stdout
    assert len(pipeline.files("paper/results/trajectories/*.nc")) == 2
    config = json.loads((pipeline.folder / "paper/results/config/full.json").read_text())
    assert config["network"]["activation"] == "relu" and config["training"]["schedule"] == "plateau"


def test_a_container_sees_the_image_and_the_repository(pipeline, tmp_path):
    """From the preset's folder too, and results behind a link. Apptainer is a script that notes what it is asked."""
    (tmp_path / "elsewhere").mkdir()
    (pipeline.folder / "paper").mkdir(exist_ok=True)
    shutil.rmtree(pipeline.folder / "paper/results", ignore_errors=True)
    (pipeline.folder / "paper/results").symlink_to(tmp_path / "elsewhere")
    (pipeline.folder / "sslgrid.sif").touch()
    apptainer, asked = tmp_path / "apptainer", tmp_path / "asked"
    apptainer.write_text(
        f"#!/bin/sh\n[ $1 != --version ] || exec echo apptainer version 1.3.0\n"
        f'pwd >> {asked}; echo "BIND=$APPTAINER_BIND $@" >> {asked}\n'
        'while [ $# -gt 2 ]; do shift; done\nexec bash "$@"\n'
    )
    apptainer.chmod(0o755)
    done = subprocess.run(
        pipeline.command(
            "--profile", "profiles/apptainer", "results/config/full.json", "--forceall", *PAPER
        ),
        cwd=pipeline.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**pipeline.environment(), "PATH": f"{tmp_path}:{os.environ['PATH']}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    place, words = asked.read_text().split("\n", 1)
    image = next(word for word in words.split() if word.endswith(".sif"))
    assert Path(place, image).resolve() == pipeline.folder / "sslgrid.sif"
    assert place == str(pipeline.folder / "paper") and f"BIND={pipeline.folder},{tmp_path}/elsewhere" in words


def test_released_networks_are_found_from_a_presets_folder(pipeline):
    """Of the laptop preset they are not what is asked for here, but none is missing."""
    done = pipeline.snakemake("-n", "review", *PAPER, "released=released")
    assert "manifest.json cannot be read" not in done.stdout
    missing = pipeline.snakemake("-n", "review", *PAPER, "released=elsewhere")
    assert "elsewhere/manifest.json cannot be read" in missing.stdout
