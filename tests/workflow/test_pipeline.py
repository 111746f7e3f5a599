"""The real pipeline on a tiny study: what it makes, what makes it run again, and what stops it."""

import os
import re
import signal
import subprocess
import time

import pytest
import xarray as xr

import sslgrid
from checkouts import Pipeline

FIGURES = (
    "fig1", "fig2", "fig3_generalisation", "fig4_module", "fig5_ablations", "coding", "emergence", "calibration",
    "training_curves", "claims",
)  # fmt: skip


def test_one_run_makes_everything(finished):
    made = finished.files("results/**/*.*")
    for condition in ("full", "no_capacity"):
        for seed in (0, 1):
            assert f"results/networks/{condition}/seed{seed}/weights.safetensors" in made
            assert f"results/networks/{condition}/seed{seed}/training.nc" in made
            assert f"results/modules/{condition}/seed{seed}/box2m.nc" in made
            for arena in ("box2m", "box2m_iid"):
                assert f"results/ratemaps/{condition}/seed{seed}/{arena}.nc" in made
                assert f"results/tuning/{condition}/seed{seed}/{arena}.nc" in made
        for suffix in ("pdf", "png", "svg"):
            assert f"results/figures/supp_ratemaps_{condition}.{suffix}" in made
        assert f"results/geometry/{condition}/seed0.nc" in made
    assert {f"results/{stage}/full/seed1.nc" for stage in ("coding", "generalisation")} <= made.keys()
    for name in FIGURES:
        assert {f"results/figures/{name}.{suffix}" for suffix in ("pdf", "png", "svg")} <= made.keys()
    assert {"results/figures/emergence_animation.gif", "results/claims.csv", "results/claims.md"} <= made.keys()
    assert finished.would_run() == {}
    with xr.open_dataset(finished.folder / "results/networks/full/seed0/training.nc") as history:
        assert list(history["step"].values) == list(range(5, 41, 5))
        assert (history["seconds"].diff("step") > 0).all()


def test_figures_of_the_shown_condition_come_first(tmp_path):
    """On one core no other condition's training starts before they are drawn, also if it comes first in the config."""
    pipeline = Pipeline.from_repository(tmp_path)
    pipeline.edit("config.yaml", "  full: {}\n", "")
    pipeline.edit("config.yaml", "{capacity: 0.0}}", "{capacity: 0.0}}\n  full: {}")
    run = subprocess.Popen(
        pipeline.command("--cores", "1", "fig5_ablations", "fig2", "training_curves"), cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=pipeline.environment(), start_new_session=True,
    )  # fmt: skip
    trained = []
    for line in run.stdout:
        trained += re.findall(r"^(\w+ seed\d): training on", line)
        if any(name.startswith("no_capacity") for name in trained):
            os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    assert trained[:2] == ["full seed0", "full seed1"] or trained[:2] == ["full seed1", "full seed0"]
    drawn = {path.stem for path in (tmp_path / "results/figures").glob("*.png")}
    assert drawn == {"fig2", "training_curves"}


def test_recipes_are_compared(checkout):
    done = checkout.snakemake("recipes")
    assert done.returncode == 0, done.stdout
    for condition in ("full", "no_capacity"):
        assert re.search(rf"^{condition} +\d of 2 seeds with modules, median after", done.stdout, re.MULTILINE)
    with xr.open_dataset(checkout.folder / "results/emergence/full/seed1/box2m.nc") as emergence:
        assert list(emergence["step"].values) == [0, 7, 13, 20, 27, 33, 40]
        assert emergence["ratemap"].dims == ("step", "unit", "y", "x")
    rows = (checkout.folder / "results/emergence/recipes.csv").read_text().splitlines()
    assert [row.split(",")[:2] for row in rows[1:]] == [[c, s] for c in ("full", "no_capacity") for s in "01"]


def test_training_shows_its_progress(finished):
    log = (finished.folder / "logs/training/full/seed0.log").read_text()
    assert "full seed0: training from step 1 to 40" in log
    assert re.search(r"full seed0: step 40/40, loss .* separation .* steps/s, 0:00:00 left", log)


def test_same_study_same_networks(finished, tmp_path):
    """To the byte, in another folder. What is measured and drawn of them is compared where a review rebuilds it."""
    again = Pipeline.from_repository(tmp_path)
    made = finished.files("results/networks/**/*.safetensors") | finished.files("results/emergence/**/*.nc")
    assert len(made) == 8 + 2
    done = again.snakemake(*made)
    assert done.returncode == 0, done.stdout
    assert all((again.folder / name).read_bytes() == content for name, content in made.items())


def test_edited_plot_reruns_that_plot(checkout):
    checkout.edit("src/sslgrid/figures/fig2.py", "UNITS = 9", "UNITS = 8")
    assert checkout.would_run() == {"fig2": 1, "results_page": 1, "trace_figures": 1}


def test_edited_measure_reruns_no_training(checkout):
    checkout.edit("src/sslgrid/spatial/gridness.py", "LATTICE_THRESHOLD = 0.3", "LATTICE_THRESHOLD = 0.35")
    runs = checkout.would_run()
    assert runs["measure_tuning"] == 8 and "train_network" not in runs and "map_rates" not in runs


def test_edited_loss_retrains(checkout):
    checkout.edit("src/sslgrid/sic/losses.py", "def capacity(g: Tensor)", "def capacity(g: Tensor, *, unused=0)")
    assert checkout.would_run()["train_network"] == 4


def test_results_of_another_release_are_told_and_can_be_kept(checkout):
    """As after an upgrade: one line says what is made again; `snakemake --touch` takes what is there as it is."""
    before = checkout.files("results/**/*")
    checkout.edit("src/sslgrid/figures/fig2.py", "UNITS = 9", "UNITS = 8")
    kept = checkout.snakemake("--touch", "all")
    assert kept.returncode == 0, kept.stdout
    assert checkout.would_run() == {} and checkout.files("results/**/*") == before
    checkout.edit("src/sslgrid/figures/fig2.py", "UNITS = 8", "UNITS = 7")
    told = checkout.snakemake("fig2").stdout
    assert told.count(f"have changed since they were made (by sslgrid {sslgrid.__version__})") == 1, told


def test_reworded_code_reruns_nothing(checkout):
    """Comments, docstrings and help texts are for people."""
    checkout.edit("src/sslgrid/sic/losses.py", "def capacity(", "# The smaller the better.\ndef capacity(")
    checkout.edit("src/sslgrid/spatial/gridness.py", '"""Gridness: how', '"""In other words: how')
    checkout.edit("src/sslgrid/training/command.py", "where to keep checkpoints", "a folder for checkpoints")
    assert checkout.would_run() == {}


def test_edited_condition_reruns_that_condition(checkout):
    checkout.edit("config.yaml", "capacity: 0.0", "capacity: 0.1")
    assert checkout.would_run() == {
        "write_condition": 1, "train_network": 2, "map_rates": 4, "measure_tuning": 4, "measure_modules": 2,
        "supp_ratemaps_no_capacity": 1, "fig5_ablations": 1, "measure_geometry": 2, "fig4_module": 1,
        "compare_conditions": 1, "check_claims": 1, "claims": 1, "list_units": 1, "results_page": 1,
        "trace_figures": 1,
    }  # fmt: skip


def test_added_condition_runs_alone_and_shows(checkout):
    """Three lines of the config, and it is in every table and figure about conditions; with seeds of its own."""
    checkout.edit("config.yaml", "  full: {}", "  full: {}\n  one_more:\n    seeds: [5]\n    training: {steps: 0}")
    runs = checkout.would_run()
    assert runs.pop("supp_ratemaps_one_more") == runs.pop("fig5_ablations") == 1
    assert runs == {
        "write_condition": 1, "train_network": 1, "map_rates": 2, "measure_tuning": 2, "measure_modules": 1,
        "compare_conditions": 1, "check_claims": 1, "claims": 1, "list_units": 1, "results_page": 1,
        "trace_figures": 1,
    }  # fmt: skip
    done = checkout.snakemake("supp_ratemaps_one_more", "fig5_ablations", "recipes", "results/conditions.csv")
    assert done.returncode == 0, done.stdout
    shown = (checkout.folder / "results/figures/fig5_ablations.svg").read_text()
    assert "one_more" in shown and "training.steps 0" in shown
    assert "seed 5" in (checkout.folder / "results/figures/supp_ratemaps_one_more.svg").read_text()
    for table in ("conditions", "emergence/recipes"):
        assert "\none_more,5," in (checkout.folder / f"results/{table}.csv").read_text()


def test_edited_arena_reruns_that_arena(checkout):
    checkout.edit("config.yaml", "box2m_iid: {motion: iid, walks: 20", "box2m_iid: {motion: iid, walks: 21")
    assert checkout.would_run() == {
        "write_arena": 1, "sample_walks": 1, "map_rates": 4, "measure_tuning": 4, "measure_coding": 2, "coding": 1,
        "measure_generalisation": 2, "fig3_generalisation": 1, "measure_one_torus": 2, "one_torus": 1,
        "check_claims": 1, "claims": 1, "results_page": 1, "trace_figures": 1,
    }  # fmt: skip


def test_touched_files_rerun_nothing(checkout):
    for path in checkout.folder.glob("**/*"):
        if path.is_file() and ".git/" not in str(path) and ".snakemake/" not in str(path):
            os.utime(path)
            time.sleep(0.001)  # in an order that has nothing to do with who made whom
    assert checkout.would_run() == {}


def test_switching_branches_and_back_reruns_nothing(checkout):
    checkout.git("switch", "--quiet", "--create", "other")
    checkout.edit("src/sslgrid/sic/losses.py", "def capacity(g: Tensor)", "def capacity(g: Tensor, *, unused=0)")
    checkout.edit("config.yaml", "steps: 40, warmup", "steps: 41, warmup")
    checkout.git("commit", "--quiet", "--all", "--message", "other")
    assert checkout.would_run()["train_network"] == 4
    checkout.git("switch", "--quiet", "main")
    assert checkout.would_run() == {}


def test_killed_pipeline_goes_on_where_it_was(tmp_path):
    """kill -9 of snakemake and its jobs while they train; the same command resumes and ends with the same networks."""
    networks = [f"results/networks/full/seed{seed}/weights.safetensors" for seed in (0, 1)]
    killed, alone = (Pipeline.from_repository(tmp_path / name) for name in ("killed", "alone"))
    for pipeline in (killed, alone):
        pipeline.edit("config.yaml", "steps: 40, warmup", "steps: 1000, warmup")
        pipeline.edit(
            "workflow/rules/training.smk", "--threads {threads}", "--checkpoint-seconds 0.2 --threads {threads}"
        )
    running = subprocess.Popen(
        killed.command(*networks), cwd=killed.folder, start_new_session=True, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env=killed.environment(),
    )  # fmt: skip
    while not (kept := list(killed.folder.glob("checkpoints/full/seed*/[!.]*.ckpt"))):  # of the first that has one
        assert running.poll() is None
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    for pipeline in (killed, alone):
        done = pipeline.snakemake(*networks)
        assert done.returncode == 0, done.stdout
    log = (killed.folder / f"logs/training/full/{kept[0].parent.name}.log").read_text()
    assert int(re.search(r"training from step (\d+) to 1000", log).group(1)) > 1, "it resumed"
    assert killed.files("results/networks/**/*.safetensors") == alone.files("results/networks/**/*.safetensors")


def test_diverged_training_is_a_result(tmp_path):
    """It says so in its own words, goes on with its last sound network, and stops nothing.

    Such a decay turns the weights into numbers that float32 does not hold.
    """
    pipeline = Pipeline.from_repository(tmp_path)
    pipeline.edit("config.yaml", "seeds: [0, 1]", "seeds: [0]")
    pipeline.edit("config.yaml", "{losses: {capacity: 0.0}}", "{training: {weight_decay: 1.0e+30}}")
    done = pipeline.snakemake("supp_ratemaps_no_capacity", "fig5_ablations")
    assert done.returncode == 0, done.stdout
    found = re.search(r"no_capacity seed0: (diverged at step \d+: [^;]+); its network is", done.stdout)
    assert found, done.stdout
    with xr.open_dataset(tmp_path / "results/networks/no_capacity/seed0/training.nc") as history:
        assert history.attrs["outcome"] == found.group(1)
    assert found.group(1) in (tmp_path / "results/figures/supp_ratemaps_no_capacity.svg").read_text()
    assert f"seed 0 {found.group(1).split(':')[0]}" in (tmp_path / "results/figures/fig5_ablations.svg").read_text()


def test_one_pipeline_at_a_time(tmp_path):
    pipeline, tuning = Pipeline.from_repository(tmp_path), "results/tuning/full/seed0/box2m.nc"
    first = subprocess.Popen(
        pipeline.command(tuning), cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=pipeline.environment(),
    )  # fmt: skip
    for line in first.stdout:
        if "steps to do" in line:
            break
    second = pipeline.snakemake(tuning)
    assert second.returncode == 1
    assert "another snakemake is at work in this folder" in second.stdout
    assert pipeline.snakemake("-n").returncode == 0, "looking is allowed"
    first.communicate()
    assert first.returncode == 0


@pytest.mark.parametrize(
    "old, new, line",
    [
        ("seeds: [0, 1]", "seeds: [0, 0]", "config: seeds is [0, 0]; expected each only once"),
        ("batch: 4", "batches: 4", "config: model.trajectories.batches is not a key; did you mean batch?"),
        (
            "batch: 4, steps: 20",
            "batch: 4, steps: 0",
            "config: model.trajectories.steps is 0; expected a whole number >= 1",
        ),
        (
            "no_capacity: {losses",
            "no/capacity: {losses",
            "config: conditions.no/capacity is not a valid name; expected small letters, digits and _",
        ),
        (
            "{capacity: 0.0}",
            "{capcity: 0.0}",
            "config: conditions.no_capacity.losses.capcity is not a key; did you mean capacity?",
        ),
        (
            "{capacity: 0.0}",
            "{capacity: 0.5}",
            "config: conditions.no_capacity.losses.capacity is 0.5; expected a value that differs",
        ),
    ],
)
def test_bad_config_stops_before_anything_runs(checkout, old, new, line):
    before = checkout.files("results/**/*.nc")
    checkout.edit("config.yaml", old, new)
    done = checkout.snakemake("all")
    assert done.returncode == 1
    assert line in done.stdout
    assert "Traceback" not in done.stdout
    assert checkout.files("results/**/*.nc") == before


def test_device_is_a_run_setting(checkout):
    """It is checked before anything runs, and networks that are there stay, wherever they were trained."""
    done = checkout.snakemake("all", "--config", "device=gpu")
    assert done.returncode == 1
    assert "device is 'gpu'; expected one of: auto, cpu, cuda" in done.stdout
    done = checkout.snakemake("-n", "all", "--config", "device=cuda")
    assert "Nothing to be done" in done.stdout


def test_jobs_of_any_scheduler(finished, tmp_path):
    """With a command to submit a script, here a shell in the background, the same rules make the same files."""
    pipeline, submit = Pipeline.from_repository(tmp_path / "cluster"), tmp_path / "submit"
    submit.write_text('#!/bin/sh\nsh "$1" > "$1.log" 2>&1 &\necho $!\n')
    submit.chmod(0o755)
    walks = "results/trajectories/box2m.nc"
    done = pipeline.snakemake(
        "--executor", "cluster-generic", "--cluster-generic-submit-cmd", str(submit), "--jobs", "2", "--config",
        "device=cpu", "--", walks,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "Submitted job" in done.stdout
    assert pipeline.files(walks) == finished.files(walks)


def test_report(checkout):
    done = checkout.snakemake("--report", "report.html")
    assert done.returncode == 0, done.stdout
    report = (checkout.folder / "report.html").read_text()
    assert "Several modules of grid cells" in report
    for name in (*(f"{figure}.png" for figure in FIGURES), "emergence_animation.gif", "supp_ratemaps_full.png"):
        assert name in report, name
    assert "emergence_animation.gif" in report and "provenance.txt" in report
    traced = (checkout.folder / "results/provenance.txt").read_text()
    assert "results/figures/fig2.png\n  python -m sslgrid.figures.fig2, code " in traced
    assert "python -m sslgrid.commands.train, code " in traced and "seed 1, config_hash " in traced
    assert "CHANGED" not in traced and "MISSING" not in traced and "NOW ANOTHER" not in traced


def test_lint(finished):
    done = finished.snakemake("--lint")
    assert done.returncode == 0, done.stdout
