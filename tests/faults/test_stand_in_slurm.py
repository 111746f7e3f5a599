"""A cluster that is none: how the SLURM profile submits, counts tries, and forgets an outer job's variables.

`make test-cluster` runs a real SLURM. Here its commands are stand-ins that start each job at once (stand_in_slurm.py).
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from checkouts import Pipeline

STAND_IN = Path(__file__).with_name("stand_in_slurm.py")
COMMANDS = ("sbatch", "squeue", "srun", "scontrol", "sinfo", "scancel", "sacct", "sacctmgr")
PROFILE = (
    "--workflow-profile", "profiles/slurm", "--config", "device=cpu", "--latency-wait", "2",
    "--slurm-init-seconds-before-status-checks", "1", "--seconds-between-status-checks", "1",
)  # fmt: skip
OUTER_JOB = {
    "SLURM_JOB_ID": "77", "SLURM_JOBID": "77", "SLURM_NTASKS": "64", "SLURM_CPUS_PER_TASK": "9",
    "SLURM_MEM_PER_NODE": "1", "SLURM_JOB_NODELIST": "node[1-4]", "SLURM_ARRAY_TASK_ID": "3",
}  # fmt: skip
WALKS = "results/trajectories/box2m.nc"
TRIES = 3


@pytest.fixture
def cluster(tmp_path, monkeypatch) -> Path:
    """The stand-ins come first on the PATH; the folder in which they note each job."""
    jobs, programs = tmp_path / "jobs", tmp_path / "programs"
    for folder in (jobs, programs):
        folder.mkdir()
    for name in COMMANDS:
        (programs / name).symlink_to(STAND_IN)
    monkeypatch.setenv("STAND_IN_SLURM", str(jobs))
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    return jobs


def run(pipeline: Pipeline, *arguments: str, **variables: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        pipeline.command(*arguments), cwd=pipeline.folder, env=pipeline.environment() | variables, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def test_a_job_that_fails_is_tried_again_by_a_new_job_alone(cluster, tmp_path, fault):
    """Each of SLURM's jobs starts the training once: retries within a job would waste its time limit."""
    pipeline = Pipeline.from_repository(tmp_path / "checkout")
    command = '"python -m sslgrid.commands.train --model'
    pipeline.edit("workflow/rules/training.smk", command, command.replace('"', '"echo start >> starts; exit 1; '))
    with fault("retries within a job"):
        weights = "results/networks/full/seed0/weights.safetensors"
        done = run(pipeline, *PROFILE, "--retries", str(TRIES - 1), "--", weights)
        assert done.returncode != 0
        states = [state.read_text() for state in cluster.glob("*.state")]
        assert states == ["FAILED"] * TRIES
        assert (pipeline.folder / "starts").read_text().count("start") == TRIES


@pytest.mark.parametrize("profile", [PROFILE, ()], ids=["submitted", "on this machine"])
def test_an_outer_job_decides_nothing(profile, cluster, tmp_path, fault):
    """In a folder whose name has to be quoted; a submitted job gets none of the outer job's variables."""
    made = []
    for name, variables in (("plain", {}), ("it's Müller's (ü) grid", OUTER_JOB)):
        pipeline = Pipeline.from_repository(tmp_path / name)
        done = run(pipeline, *profile, "--", WALKS, **variables)
        assert done.returncode == 0, done.stdout
        made.append((pipeline.folder / WALKS).read_bytes())
    with fault("variables of an outer job") as harm:
        harm.lost = [] if made[0] == made[1] else [WALKS]
        for job in cluster.glob("*.environment"):
            assert not OUTER_JOB.keys() & json.loads(job.read_text()).keys()
        assert len(list(cluster.glob("*.environment"))) == (2 if profile else 0)
