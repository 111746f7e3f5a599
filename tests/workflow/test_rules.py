"""What holds of all rules: which go to a cluster, what comes first, use from another workflow, what a run is told."""

import fcntl
import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
import torch
import yaml

from checkouts import ROOT, Pipeline
from sslgrid.datasets.rows import head_of, lines_of

RULES = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "workflow/rules").glob("*.smk")))
SENT = {  # all others take seconds, and run where snakemake does
    "sample_walks", "train_network", "train_localiser", "map_rates", "measure_spectra", "measure_tuning",
    "measure_modules",
    "measure_emergence", "measure_generalisation", "measure_geometry", "measure_coding", "measure_one_torus",
    "calibrate_measures", "calibrate_modules",
    "estimate_cost", "estimate_localisers", "estimate_preset", "measure_localisation", "measure_development",
    "measure_decoding", "measure_brain", "calibrate_recordings", "measure_engine",
    "measure_localiser_engine",
}  # fmt: skip


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Pipeline:
    """A checkout in which nothing has run."""
    return Pipeline.from_repository(tmp_path_factory.mktemp("tiny"))


def test_what_takes_seconds_is_not_sent_to_a_cluster():
    blocks = re.split(r"^ *rule\b", RULES + (ROOT / "Snakefile").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    sent = {block.split(":")[0].strip() for block in blocks if "localrule: True" not in block}
    assert sent == SENT


def test_each_path_of_a_network_is_written_once():
    for name in ("weights.safetensors", "training.nc", "snapshots.safetensors"):
        assert RULES.count(f"seed{{seed}}/{name}") == 1


def test_another_workflow_uses_the_rules_from_its_own_folder(tiny, tmp_path):
    """As `snakedeploy deploy-workflow` writes it: with the importer's config, and with other names."""
    (tmp_path / "Snakefile").write_text(
        f'configfile: "config.yaml"\nmodule sslgrid:\n    snakefile: "{tiny.folder}/Snakefile"\n    config: config\n'
        "use rule * from sslgrid as grid_*\n"
    )
    shutil.copy(ROOT / "tests/workflow/tiny.yaml", tmp_path / "config.yaml")
    importer = Pipeline(tmp_path)
    runs = importer.would_run("--cores", "1")
    assert runs["grid_train_network"] == 4 and runs["grid_fig2"] == 1
    done = importer.snakemake("--cores", "1", "--", "results/trajectories/box2m.nc")
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "results/trajectories/box2m.nc").exists()
    assert not (tiny.folder / "results/trajectories").exists()


def test_recorded_cells_are_compared_where_a_study_names_recordings(tiny):
    given = ("--config", "recordings=[config.yaml]", "recordings_units=cm")
    runs = tiny.would_run("brain", "claims", *given)
    assert runs["measure_brain"] == 2 and runs["brain"] == 1
    without = tiny.snakemake("-n", "brain")
    assert without.returncode and "list files under `recordings:`" in without.stdout


def test_a_study_stands_alone(tiny, tmp_path):
    study = tmp_path / "mine.yaml"
    study.write_text("seeds: [7]\nconditions: {full: {}}\nmodel: {training: {steps: 30}}\n")
    assert tiny.would_run("fig2", "--config", f"study={study}")["train_network"] == 1
    assert tiny.would_run("fig2", "--config", "study=studies/first.yaml")["train_network"] == 1
    missing = tiny.snakemake("-n", "--config", "study=nowhere.yaml")
    assert missing.returncode == 1 and "study nowhere.yaml is not there; expected a YAML file" in missing.stdout


def test_numbers_and_dotted_keys_on_the_command_line(tiny):
    runs = tiny.would_run("fig2", "--config", "seeds=[0]", "model={training.steps: 30}")
    assert runs["train_network"] == 1
    wrong = tiny.snakemake("-n", "--config", "model={training.steps: 0.5}")
    assert "config: model.training.steps is 0.5; expected a whole number" in wrong.stdout


def test_jobs_for_other_machines_need_a_device(tiny):
    sent = ("--executor", "cluster-generic", "--cluster-generic-submit-cmd", "sh", "--jobs", "1")
    done = tiny.snakemake(*sent, "--", "results/trajectories/box2m.nc")
    assert done.returncode == 1 and "add device=cuda" in done.stdout


def test_slurm_without_sbatch_is_told_at_once(tiny):
    if shutil.which("sbatch"):
        pytest.skip("SLURM is here")
    done = tiny.snakemake("--workflow-profile", "profiles/slurm", "--", "results/trajectories/box2m.nc")
    assert done.returncode == 1 and "sbatch is not on the PATH" in done.stdout
    assert "Traceback (most recent call last)" not in done.stdout


def submissions(dry: str) -> dict[str, int]:
    """What a dry run with `--quiet host` would submit: groups of jobs by their name, other jobs by their rule."""
    rules = [
        rule for rule in re.findall(r"^rule (\w+):", dry, re.MULTILINE) if rule in SENT
    ]  # those of groups are indented
    return dict(Counter(re.findall(r"Group job (\w+)", dry) + rules))


def test_jobs_of_seconds_are_submitted_together(tiny):
    """As docs/cluster.md counts them for the shipped study."""
    door = "-n", "--quiet", "host", "--workflow-profile", "profiles/slurm"
    dry = tiny.snakemake(*door, "--config", "device=cuda", f"study={ROOT / 'config.yaml'}")
    sent = submissions(dry.stdout)
    assert sent == {"preparation": 1, "evaluation": 6, "train_network": 26}
    page = (ROOT / "docs/cluster.md").read_text(encoding="utf-8")
    assert f"{sum(sent.values())} submissions: {sent['train_network']} trainings" in " ".join(page.split())
    profile = yaml.safe_load((ROOT / "profiles/slurm/config.yaml").read_text(encoding="utf-8"))
    trainings = {name for name in SENT if name.startswith(("train_", "estimate_"))}
    on_request = {"calibrate_recordings", "measure_engine", "measure_localiser_engine"}
    assert set(profile["groups"]) == SENT - trainings - on_request


def test_the_cost_of_a_study_is_told_each_time(tiny):
    for _ in range(2):
        done = tiny.snakemake("estimate")
        assert done.returncode == 0, done.stdout
        assert "milliseconds_per_step,hours,gigabytes" in done.stdout
    assert "estimate" in tiny.would_run("estimate")
    assert not list((tiny.folder / "results").glob("networks/*"))


def test_another_shown_condition_leaves_the_studys_figures_and_claims(tiny):
    dry = tiny.snakemake("-n", "--quiet", "host", "--config", "figures={condition: no_capacity}")
    assert dry.returncode == 0, dry.stdout
    written = set(
        re.findall(r"results/\S+?\.(?:png|gif|html|txt|csv)", " ".join(re.findall(r"output: (.*)", dry.stdout)))
    )
    assert {f"results/figures/no_capacity/{name}" for name in ("fig2.png", "index.html", "provenance.txt")} <= written
    assert "results/figures/fig5_ablations.png" in written, "it is about all conditions"
    assert not written & {"results/figures/fig2.png", "results/index.html", "results/figures/emergence_animation.gif"}
    (read,) = re.findall(r"rule check_claims:\n +input: (.*)", dry.stdout)
    assert "results/coding/full/seed0.nc" in read and "results/coding/no_capacity" not in read


def test_pruning_lists_first_and_removes_on_request(tiny):
    old, kept = (tiny.folder / f"results/geometry/{name}/seed0.nc" for name in ("old", "full"))
    for path in (old, kept):
        path.parent.mkdir(parents=True)
        path.touch()
    listed = tiny.snakemake("prune")
    assert listed.returncode == 0 and old.exists(), listed.stdout
    assert "results/geometry/old: 1 files" in listed.stdout
    assert "nothing is removed; to remove them, add --config remove=true" in listed.stdout
    removed = tiny.snakemake("prune", "--config", "remove=true")
    assert removed.returncode == 0 and not old.exists() and kept.exists(), removed.stdout
    kept.unlink()


def test_a_training_is_drawn_while_a_run_goes_on(tiny):
    """Another run holds the folder; only what looks at it may start."""
    rows = tiny.folder / "checkpoints/full/seed0/training.csv"
    rows.parent.mkdir(parents=True)
    columns = {"loss": ("1", "total"), "separation": ("1", "separation loss"), "gradient_norm": ("1", "norm")}
    rows.write_text(head_of(columns) + lines_of([5, 10], [[2.0, 1.0, 0.5], [1.5, 0.8, 0.4]]))
    lock = tiny.folder / ".snakemake/sslgrid.lock"
    lock.parent.mkdir(exist_ok=True)
    with open(lock, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        drawn = tiny.snakemake("training_curves_so_far")
        refused = tiny.snakemake("results/trajectories/box2m.nc")
    assert drawn.returncode == 0, drawn.stdout
    assert (tiny.folder / "results/figures/training_curves_so_far.png").exists()
    assert refused.returncode == 1 and "another snakemake is at work in this folder" in refused.stdout


def test_a_gpu_that_hangs_or_that_torch_cannot_use_is_not_asked_for(tiny, tmp_path):
    """Neither stops a dry run, and a training asks for no GPU then."""
    smi = tmp_path / "nvidia-smi"
    smi.write_text("#!/bin/sh\necho 'GPU 0: NVIDIA H100'\n")
    smi.chmod(0o755)
    dry = subprocess.run(
        tiny.command("-n", "--quiet", "host", "--", "results/networks/full/seed0/weights.safetensors"),
        cwd=tiny.folder, text=True, capture_output=True,
        env={**tiny.environment(), "PATH": f"{tmp_path}:{os.environ['PATH']}"},
    )  # fmt: skip
    asked = re.search(r"rule train_network:.*?resources: ([^\n]*)", dry.stdout + dry.stderr, re.DOTALL)
    assert f"gpu={int(torch.version.cuda is not None)}" in asked.group(1)


def test_figure_2s_first_network_goes_before_all_others(tiny):
    dry = tiny.snakemake("-n", "--quiet", "host", "--", "fig2", "fig5_ablations")
    jobs = re.findall(r"^rule (\w+):\n(.*?)(?=^\[|\Z)", dry.stdout, re.MULTILINE | re.DOTALL)
    priority = {}
    for rule, words in jobs:
        wildcards = re.search(r"wildcards: (.*)", words)
        number = re.search(r"priority: (\d+)", words)
        priority[rule, wildcards.group(1) if wildcards else ""] = int(number.group(1)) if number else 0
    trained = {key: value for key, value in priority.items() if key[0] == "train_network"}
    assert max(trained, key=trained.get)[1] == "condition=full, seed=0"
    first = [value for (rule, words), value in priority.items() if "condition=full, seed=0" in words]
    others = [
        value for (rule, words), value in priority.items() if "seed=" in words and "condition=full, seed=0" not in words
    ]
    assert len(first) == 4 and min(first) > max(others)


def test_a_shell_that_starts_elsewhere_stops_no_job(tiny, tmp_path):
    (tmp_path / "env.sh").write_text("cd /\n")
    done = subprocess.run(
        tiny.command("--forceall", "results/config/arenas/box2m.json"), cwd=tiny.folder, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=tiny.environment() | {"BASH_ENV": str(tmp_path / "env.sh")},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("cores, told", [("2", True), ("1", False)])
def test_a_container_that_grants_fewer_cores_is_told(tiny, cores, told):
    """joblib reads affinities and control groups, and this variable, which a test can set."""
    done = subprocess.run(
        tiny.command("--cores", cores, "--forceall", "results/config/arenas/box2m.json"), cwd=tiny.folder, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=tiny.environment() | {"LOKY_MAX_CPU_COUNT": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert ("2 cores are to be used and 1 are granted" in done.stdout) == told


def test_a_run_is_told_in_one_line_a_step(finished):
    log = max((finished.folder / ".snakemake/log").glob("*.log"), key=lambda path: path.stat().st_size)
    said = log.read_text(encoding="utf-8")
    assert "Select jobs to execute" not in said and "Finished jobid" not in said
    assert len(re.findall(r"^\[\d+ of \d+\] ", said, re.MULTILINE)) > 50
    assert re.search(r"^\[\d+ of \d+\] train_network full seed0 \(\d+ s\)", said, re.MULTILINE)


def test_a_locale_without_utf_8_stops_no_stage(checkout):
    (checkout.folder / "results/claims.md").unlink()
    done = subprocess.run(
        checkout.command("claims", "--forcerun", "check_claims"), cwd=checkout.folder, text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**checkout.environment(), "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "≥" in Path(checkout.folder / "results/claims.md").read_text(encoding="utf-8")
