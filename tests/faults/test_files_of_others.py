"""Files that are not ours alone: other users, rights, and names that shells and programs take apart."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from checkouts import ROOT, Pipeline
from comparing import lost_files, results
from examples import MODEL, TRAINING

NOBODY = 65534
# Root without its privileges: a user like any other, to whom the files of `nobody` are another's.
AS_USER = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
OF_THE_REPOSITORY = "results/README.md"  # no result
STRANGE = "it's Müller's (ü) grid"
SOME = ("networks/full/seed0", "trajectories", "ratemaps/full", "tuning/full", "figures")  # folders of results


@pytest.fixture
def theirs(checkout, tmp_path_factory) -> Pipeline:
    """The finished run, in a folder of another user's that everyone may read."""
    if os.geteuid() or shutil.which("setpriv") is None:
        pytest.skip("being two users takes root and setpriv")
    for path in (checkout.folder, *checkout.folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    return checkout


def run(pipeline: Pipeline, *arguments: str, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess:
    """Snakemake in the pipeline's folder, started by the words `before`."""
    return subprocess.run(
        [*before, *pipeline.command(*arguments)], cwd=pipeline.folder, env=pipeline.environment(), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


@pytest.mark.parametrize("umask", ["077", "000", "027"])
def test_a_umask_decides_who_may_read_and_nothing_else(umask, checkout, finished, fault):
    for name in SOME:
        shutil.rmtree(checkout.folder / "results" / name)
    with fault("a umask") as harm:
        done = run(checkout, "all", before=("sh", "-c", f'umask {umask}; exec "$@"', "sh"))
        assert done.returncode == 0, done.stdout
        harm.lost = lost_files(checkout, finished)
        for name in ("networks/full/seed0/weights.safetensors", "tuning/full/seed0/box2m.nc", "figures/fig2.png"):
            mode = (checkout.folder / "results" / name).stat().st_mode
            assert mode & 0o777 == 0o666 & ~int(umask, 8), name


@pytest.mark.parametrize("words", [("fig2",), ("-n", "fig2"), ("estimate",)])
@pytest.mark.parametrize("rights", ["none", "those of a group", "no run yet"])
def test_the_folder_of_another_user_is_left_alone(rights, words, theirs, fault):
    """One line names the owner, also where a group may write: snakemake's own notes are readable for one user alone."""
    if rights == "those of a group":
        subprocess.run(["chmod", "-R", "a+rwX", theirs.folder], check=True)
        subprocess.run(["chmod", "-R", "go-r", theirs.folder / ".snakemake/metadata"], check=True)
        (theirs.folder / ".snakemake/metadata").chmod(0o777)
    elif rights == "no run yet":
        shutil.rmtree(theirs.folder / ".snakemake")
    before = results(theirs)
    with fault("the folder of another user") as harm:
        done = run(theirs, *words, before=AS_USER)
        assert done.returncode != 0 and "Traceback" not in done.stdout, done.stdout
        assert done.stdout.count("it belongs to nobody; work in a folder of your own") == 1, done.stdout
        harm.lost = sorted(before.items() ^ results(theirs).items())


def test_the_source_of_another_user_makes_the_same_results_elsewhere(theirs, finished, tmp_path, fault):
    """Neither the code nor its compiled code can be written, and the results are the first user's to the byte."""
    mine = Pipeline(tmp_path / STRANGE)
    mine.folder.mkdir()
    shutil.copy(theirs.folder / "config.yaml", mine.folder)
    with fault("the source of another user") as harm:
        snakefile = ("--snakefile", str(theirs.folder / "Snakefile"), "--cores", "2", "--config", "study=config.yaml")
        done = run(mine, *snakefile, "--", "all", before=AS_USER)
        assert done.returncode == 0, done.stdout
        harm.lost = [name for name in lost_files(mine, finished) if name != OF_THE_REPOSITORY]


def test_results_that_may_not_be_read_get_one_line(theirs, fault):
    weights = theirs.folder / "results/networks/full/seed0/weights.safetensors"
    weights.chmod(0o600)
    command = [sys.executable, "-m", "sslgrid.commands.provenance", str(weights)]
    with fault("results that may not be read"):
        done = subprocess.run([*AS_USER, *command], capture_output=True, text=True)
        assert done.returncode == 1 and done.stderr.count("\n") == 1 and str(weights) in done.stderr, done.stderr


def test_the_doors_work_in_a_folder_of_any_name(finished, tmp_path, fault):
    pipeline = Pipeline.from_repository(tmp_path / STRANGE)
    environment = pipeline.environment()
    for variable in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL"):
        environment.pop(variable, None)
    door = ["make", "--assume-old=setup", f"VENV={Path(sys.executable).parents[1]}", "ARGS=all", "figures"]
    with fault("a folder of any name") as harm:
        done = subprocess.run(door, cwd=pipeline.folder, env=environment, text=True, capture_output=True)
        assert done.returncode == 0, done.stderr
        harm.lost = lost_files(pipeline, finished)


def test_a_piece_trains_in_a_folder_of_any_name(tmp_path, fault):
    """The script, the state, the config and the place for temporary files are all in such folders."""
    home = tmp_path / STRANGE
    shutil.copytree(ROOT / "scripts", home / "scripts")
    shutil.copytree(ROOT / "src", home / "src")
    (home / "my condition.json").write_text(json.dumps(asdict(replace(MODEL, training=replace(TRAINING, steps=5)))))
    environment = Pipeline.environment() | {"PYTHON": sys.executable, "DEVICE": "cpu", "TMPDIR": str(home)}
    with fault("a folder of any name"):
        done = subprocess.run(
            ["bash", home / "scripts/piece.sh", home / "a state", "0", home / "my condition.json", "0", "1"],
            env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert done.returncode == 0 and "packed" in done.stdout, done.stdout
