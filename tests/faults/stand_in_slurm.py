#!/usr/bin/env python3
"""Stands in for SLURM's commands in tests, by the name it is called by; jobs start at once, on this machine.

STAND_IN_SLURM names a folder. It gets a file for each job with the environment it was submitted in, and one with its
state: RUNNING, COMPLETED or FAILED.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

HOME = Path(os.environ["STAND_IN_SLURM"])


def sbatch() -> None:
    """Start the wrapped command and print the job's number."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--wrap", required=True)
    parser.add_argument("--output", required=True)
    given, _ = parser.parse_known_args()
    job = str(1 + len(list(HOME.glob("*.state"))))
    (HOME / f"{job}.state").write_text("RUNNING")
    (HOME / f"{job}.environment").write_text(json.dumps(dict(os.environ)))
    outcome = f'if {{ {given.wrap}\n}}; then s=COMPLETED; else s=FAILED; fi; printf $s > "$STAND_IN_SLURM/{job}.state"'
    with open(given.output.replace("%j", job), "w") as log:
        subprocess.Popen(
            ["sh", "-c", outcome], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            env=os.environ | {"SLURM_JOB_ID": job, "SLURM_CPUS_PER_TASK": "1"},
        )  # fmt: skip
    print(job)


def squeue() -> None:
    """Every job with its state."""
    for state in HOME.glob("*.state"):
        print(f"{state.stem}|{state.read_text()}")


def srun() -> None:
    """Run a step of this job: what follows the options."""
    words = sys.argv[1:]
    while words[0].startswith("-"):
        words.pop(0)
    os.execvp(words[0], words)


def scontrol() -> None:
    """The one setting that the plugin asks for."""
    print("MinJobAge = 3600 sec")


def sinfo() -> None:
    """The one partition, which is the default."""
    print("main*")


COMMANDS = {each.__name__: each for each in (sbatch, squeue, srun, scontrol, sinfo)}
if __name__ == "__main__":
    COMMANDS.get(Path(sys.argv[0]).name, lambda: None)()
