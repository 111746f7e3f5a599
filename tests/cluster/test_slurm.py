"""The pipeline on a real SLURM: one node, two GPUs that are none, and what happens to jobs there.

`make test-cluster`. One run: trainings that are longer than their time limit, one cancelled, one killed without
warning, and the controller away for a while.
"""

import itertools
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from checkouts import Pipeline
from trainings import pieces, trainings, wait_for, watched

NODE = Path(__file__).with_name("one_node.sh")
SEEDS = (0, 1, 2)
ALONE = 55  # s that a training would take by itself here, of a limit that leaves it 40
MEASURED = "results/tuning/full/seed0/box2m.nc"  # of one network: the others' would be more of the same, for a minute
CHECKPOINTS = 15  # s between them: of the job that is cancelled before, there is none but its last
LOGS = ".snakemake/slurm_logs"
# The profile as it is, but for what this machine is: no real GPU, little memory; and a limit shorter than the training.
ON_THIS_MACHINE = [
    "--workflow-profile", "profiles/slurm", "--config", "device=cpu",
    "--set-resources", "train_network:gpu=1", "train_network:mem_mb=1000", "train_network:runtime=1",
    "--slurm-init-seconds-before-status-checks", "2", "--seconds-between-status-checks", "2",
    "--slurm-keep-successful-logs", "--latency-wait", "5",
]  # fmt: skip


@pytest.fixture(scope="module")
def cluster():
    subprocess.run(["bash", NODE, "start"], check=True)
    yield
    subprocess.run(["bash", NODE, "stop"], check=True)


def measured_steps(folder: Path) -> int:
    """How many steps this machine takes in the time that a training is to last."""
    pipeline, config = Pipeline.from_repository(folder), "results/config/full.json"
    assert pipeline.snakemake(config).returncode == 0
    command = [sys.executable, "-m", "sslgrid.commands.benchmark", "--alone", "--model", config]
    return round(ALONE * float(subprocess.check_output(command, cwd=folder, text=True)))


def prepared(folder: Path, steps: int) -> Pipeline:
    """The tiny study with three networks that train longer than a minute's limit allows."""
    pipeline = Pipeline.from_repository(folder)
    pipeline.edit("config.yaml", "seeds: [0, 1]", f"seeds: {list(SEEDS)}")
    pipeline.edit("config.yaml", "steps: 40, warmup", f"steps: {steps}, warmup")
    keep = f"--checkpoint-seconds {CHECKPOINTS} "
    pipeline.edit("workflow/rules/training.smk", "--threads {threads}", keep + "--threads {threads}")
    return pipeline


def weights_of(seed: int) -> str:
    return f"results/networks/full/seed{seed}/weights.safetensors"


def job_of(seed: int) -> str | None:
    """The running SLURM job that trains a network."""
    listed = subprocess.run(
        ["squeue", "--noheader", "--states=RUNNING", "--format=%i %k"], capture_output=True, text=True
    ).stdout
    found = re.search(rf"^(\d+) rule_train_network_wildcards_full_{seed}$", listed, re.MULTILINE)
    return found and found.group(1)


def trained_by(pipeline: Pipeline, but_not: str = "", kept: bool = False) -> tuple[int, str]:
    """Seed and job of a training that takes steps, once there is one; with `kept`, that has written a checkpoint."""

    def find() -> tuple[int, str] | None:
        for seen in trainings():
            job = job_of(seen.seed)
            log = pipeline.folder / LOGS / f"rule_train_network/full_{seen.seed}/{job}.log"
            if job in (None, but_not) or not log.exists() or "training from step" not in log.read_text():
                continue
            checkpoints = pipeline.folder.glob(f"checkpoints/full/seed{seen.seed}/[!.]*.ckpt")
            if not kept or any(path.stat().st_mtime > seen.began for path in checkpoints):
                return seen.seed, job
        return None

    return wait_for(find, "a training at work")


def disturb(pipeline: Pipeline) -> tuple[int, int]:
    """Cancel one training and kill another without warning, whose seeds are returned; take the controller away."""
    first, cancelled = trained_by(pipeline)
    time.sleep(3)
    subprocess.run(["scancel", cancelled], check=True)
    second, killed = trained_by(pipeline, but_not=cancelled, kept=True)
    subprocess.run(["scancel", "--signal=KILL", "--full", killed], check=True)
    trained_by(pipeline, but_not=killed)
    subprocess.run(["bash", NODE, "restart_controller", "5"], check=True)
    return first, second


def test_nothing_is_lost_and_nothing_done_twice(cluster, tmp_path):
    began, steps = time.monotonic(), measured_steps(tmp_path / "speed")
    pipeline = prepared(tmp_path / "cluster", steps)
    targets = [MEASURED, *(weights_of(seed) for seed in SEEDS)]
    output = tmp_path / "snakemake.log"
    with watched() as sightings, open(output, "w") as log:
        running = subprocess.Popen(
            pipeline.command(*ON_THIS_MACHINE, "--", *targets), cwd=pipeline.folder, stdout=log, stderr=log,
            env=pipeline.environment(),
        )  # fmt: skip
        try:
            disturbed = disturb(pipeline)
            code = running.wait(timeout=600)
        finally:
            running.kill()
    assert code == 0, output.read_text()[-5000:]
    assert all((pipeline.folder / target).exists() for target in targets)

    in_pieces = {seed: pieces(pipeline.folder / LOGS, seed) for seed in SEEDS}
    for seed, of_seed in in_pieces.items():
        for (_, last), (first, _) in itertools.pairwise(of_seed):
            assert first == last + 1 if last else first > 1, f"seed {seed}: {in_pieces}"
        jobs = list((pipeline.folder / LOGS / f"rule_train_network/full_{seed}").glob("*.log"))
        assert len(jobs) == len(of_seed), "every job of a training is a piece of it"
    ends = [last for of_seed in in_pieces.values() for _, last in of_seed[:-1]]
    assert None in ends and any(ends), f"one was killed, some stopped themselves in time: {in_pieces}"
    assert sightings.most_at_once == 2, "both GPUs were in use at once"
    assert not sightings.shared, f"never one for two: {sightings.shared[:3]}"

    alone = prepared(tmp_path / "alone", steps)
    weights = [weights_of(seed) for seed in disturbed]
    done = alone.snakemake(*weights)
    assert done.returncode == 0, done.stdout
    for name in weights:
        assert pipeline.files(name) == alone.files(name), name
    jobs = len(list(pipeline.folder.glob(f"{LOGS}/**/*.log")))
    print(
        f"\nSLURM: {jobs} jobs; {len(SEEDS)} networks trained in {sum(map(len, in_pieces.values()))} pieces, 1 job "
        f"cancelled, 1 killed, the controller restarted once; at most {sightings.most_at_once} GPUs at once, "
        f"never one for two; weights that differ from an uninterrupted run's: 0; {time.monotonic() - began:.0f} s"
    )
