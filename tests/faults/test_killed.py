"""kill -9 at any moment, and a second pipeline in the same folder."""

import os
import random
import re
import signal
import subprocess
import time

from checkouts import Pipeline
from comparing import results, wrong_files

KILLS = 20


def start(pipeline: Pipeline, *arguments: str, output: int = subprocess.DEVNULL) -> subprocess.Popen:
    return subprocess.Popen(
        pipeline.command(*arguments), cwd=pipeline.folder, env=pipeline.environment(), start_new_session=True,
        text=True, stdout=output, stderr=subprocess.STDOUT,
    )  # fmt: skip


def test_killed_at_random_moments(finished, tmp_path, fault):
    """Snakemake and all its jobs, at twenty moments of a run: each file that is there is whole, and right."""
    pipeline, chance, stages = Pipeline.from_repository(tmp_path), random.Random(7), set()
    for _ in range(KILLS):
        with fault("kill -9 at a random moment") as harm:
            running = start(pipeline, "all")
            while not at_work(running.pid) and running.poll() is None:
                time.sleep(0.1)
            time.sleep(chance.uniform(0, 10))
            stages |= at_work(running.pid)
            ended = running.poll() is not None
            if not ended:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()
            harm.lost = wrong_files(pipeline, finished)
        if ended:
            take_away(pipeline, chance)
    done = pipeline.snakemake("all")
    assert done.returncode == 0, done.stdout
    assert not wrong_files(pipeline, finished)
    assert results(pipeline).keys() == results(finished).keys()
    assert len(stages) > 5, f"killed only while these were at work: {stages}"


def at_work(session: int) -> set[str]:
    """The commands that run in a session."""
    listed = subprocess.run(["ps", "-s", str(session), "-o", "args="], capture_output=True, text=True).stdout
    return set(re.findall(r"^\S*python -m sslgrid\.(?:commands|figures)\.(\w+)", listed, re.MULTILINE))


def take_away(pipeline: Pipeline, chance: random.Random) -> None:
    """Half of the results, for there to be work again."""
    files = sorted(pipeline.folder.glob("results/*/*/*/*.*"))
    for path in chance.sample(files, len(files) // 2):
        path.unlink()


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
