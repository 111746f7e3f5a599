"""kill -9 at any moment, and a second pipeline in the same folder."""

import os
import random
import re
import shutil
import signal
import subprocess
import time

from checkouts import Pipeline
from comparing import lost_files, wrong_files

KILLS = 20
# The folders of results, the last of a run first: what a kill leaves undone comes after what is taken away next.
STAGES = (
    "calibration", "coding", "generalisation", "geometry", "emergence", "modules", "tuning", "ratemaps", "trajectories",
    "networks",
)  # fmt: skip


def start(pipeline: Pipeline, *arguments: str, output: int = subprocess.DEVNULL) -> subprocess.Popen:
    return subprocess.Popen(
        pipeline.command(*arguments), cwd=pipeline.folder, env=pipeline.environment(), start_new_session=True,
        text=True, stdout=output, stderr=subprocess.STDOUT,
    )  # fmt: skip


def test_killed_in_a_run_from_nothing(finished, tmp_path, fault):
    """Snakemake and all its jobs, at ten moments: each file that is there is whole, and right."""
    pipeline, chance = Pipeline.from_repository(tmp_path), random.Random(7)
    for _ in range(KILLS - len(STAGES)):
        kill_at_work(pipeline, finished, chance.uniform(0, 12), fault)
    ends_as(pipeline, finished)


def test_killed_at_every_stage(finished, checkout, fault):
    """At ten moments more, each time of a run that lacks the files of one stage, and the figures made of them."""
    chance, at_work = random.Random(7), set()
    for stage in STAGES:
        for folder in (stage, "figures"):
            shutil.rmtree(checkout.folder / "results" / folder, ignore_errors=True)
        at_work |= kill_at_work(checkout, finished, chance.uniform(0, 6), fault)
    ends_as(checkout, finished)
    assert len(at_work) > 5, f"killed only while these were at work: {at_work}"


def kill_at_work(pipeline: Pipeline, reference: Pipeline, seconds: float, fault) -> set[str]:
    """Start, kill so long after a job began, and look at what is there. Returns the commands that were at work."""
    with fault("kill -9 at a random moment") as harm:
        running = start(pipeline, "all")
        while not commands_of(running.pid):
            assert running.poll() is None, "nothing to do"
            time.sleep(0.1)
        time.sleep(seconds)
        stages = commands_of(running.pid)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        harm.lost = wrong_files(pipeline, reference)
    return stages


def ends_as(pipeline: Pipeline, reference: Pipeline) -> None:
    """Left alone it ends with all files of the reference."""
    done = pipeline.snakemake("all")
    assert done.returncode == 0, done.stdout
    assert not lost_files(pipeline, reference)


def commands_of(session: int) -> set[str]:
    """The commands that run in a session."""
    listed = subprocess.run(["ps", "-s", str(session), "-o", "args="], capture_output=True, text=True).stdout
    return set(re.findall(r"^\S*python -m sslgrid\.(?:commands|figures)\.(\w+)", listed, re.MULTILINE))


def test_second_pipeline_in_the_folder(finished, tmp_path, fault):
    """It goes away with one line, and the first does not notice."""
    pipeline = Pipeline.from_repository(tmp_path)
    with fault("a second pipeline in the folder") as harm:
        first = start(pipeline, "fig2", output=subprocess.PIPE)
        while not pipeline.files("results/networks/**/*.safetensors"):
            assert first.poll() is None
            time.sleep(0.1)
        second = pipeline.snakemake("fig2")
        assert second.returncode != 0
        assert "another snakemake is at work in this folder" in second.stdout
        assert "Traceback" not in second.stdout
        told, _ = first.communicate()
        assert first.returncode == 0, told
        harm.lost = wrong_files(pipeline, finished)
