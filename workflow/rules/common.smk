# What the rules share: the validated study and a few helpers.
import fcntl
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from snakemake.cli import get_argument_parser
from snakemake.common import dict_to_key_value_args
from snakemake.settings.types import DeploymentMethod

SOURCE = Path(workflow.basedir) / "src"
sys.path.insert(0, str(SOURCE))

from sslgrid.config.presets import LAPTOP
from sslgrid.config.study import resolve_study
from sslgrid.config.sweeps import sizes_of
from sslgrid.errors import InputError
from sslgrid.store.files import remove_partial_files
from sslgrid.store.provenance import code_hash
from sslgrid.store.released import conditions_of

# Where to train is a run setting: `--config device=cuda`, or `config: [device=cuda]` in a profile.
DEVICE = config.pop("device", "auto")
if DEVICE not in ("auto", "cpu", "cuda"):
    raise WorkflowError(f"device is {DEVICE!r}; expected one of: auto, cpu, cuda")

# Whether each job runs in the image of the Dockerfile: `--software-deployment-method apptainer`.
IN_CONTAINER = DeploymentMethod.APPTAINER in workflow.deployment_settings.deployment_method

# Released networks instead of trained ones, from a folder: `--config released=released`.
RELEASED = config.pop("released", None)

# Presets with a folder of their own: its networks have the same names. `snakemake paper` is short for
# `snakemake --config preset=paper -- paper`, which jobs on other machines have to be told.
PRESETS = ("paper", "paper_fast")
# (A Snakefile is read before snakemake hands its targets on, so they are read off the command line once more.)
targets = get_argument_parser().parse_args(sys.argv[1:]).targets
asked = [name for name in PRESETS if name in targets]
if asked and len({*asked, config.setdefault("preset", asked[0])}) > 1:
    raise WorkflowError(f"targets {', '.join(asked)} with preset {config['preset']}; expected one and the same")
if asked:
    given = workflow.config_settings
    given.config_args = dict_to_key_value_args({**given.config, "preset": asked[0]}, repr_obj=True)
if config.get("preset") in PRESETS:

    workdir: config["preset"]

    # What is named as seen from the repository is seen from there now, and a container is shown the repository.
    RELEASED = RELEASED and os.path.relpath(os.path.join(workflow.basedir, RELEASED))
    binding = f" --bind {shlex.quote(str(workflow.basedir))}"
    if binding not in workflow.deployment_settings.apptainer_args:  # jobs of a scheduler are told the arguments
        workflow.deployment_settings.apptainer_args += binding


try:
    STUDY = resolve_study(config, Path(workflow.basedir) / "workflow/schemas/config.schema.yaml")
except InputError as error:
    raise WorkflowError(str(error)) from None

try:
    TAKEN = conditions_of(RELEASED)
except InputError as error:
    raise WorkflowError(str(error)) from None

SHOWN = STUDY.figures  # the condition and the arenas that the figures show
SEEDS = STUDY.seeds[SHOWN["condition"]]
# The seeds of every condition, the shown one first: the others are described by how they differ from it.
NETWORKS = {condition: STUDY.seeds[condition] for condition in (SHOWN["condition"], *STUDY.conditions)}
LOCALISERS = {condition: STUDY.seeds[condition] for condition in STUDY.cueva_wei["conditions"]}
CONTROLS = {condition: STUDY.seeds[condition] for condition in SHOWN["controls"]}
RECIPES = {condition: STUDY.seeds[condition] for condition in STUDY.recipes}
SWEEPS = {"ambiguities": STUDY.ambiguities, "phase_diagram": STUDY.phase_diagram}
FIRST_OF_EACH = {condition: seeds[:1] for condition, seeds in NETWORKS.items()}
# Jobs of higher priority start first. What the shown condition needs goes before the others, so that its figures come
# early; within it, and then among the others, what most waits for goes first, so that no core is idle at the end.
SHOWN_FIRST = 10
NOTHING = "(?!)"  # the pattern that no name fits
AT_ONCE = 20  # jobs of seconds, that others or the reader wait for


# Every command runs this checkout's source with the interpreter that runs snakemake, or with a container's. A prefix of
# our own replaces snakemake's, which stops at the first failure, in a pipe too.
INTERPRETER = "" if IN_CONTAINER else f"PATH={shlex.quote(os.path.dirname(sys.executable))}:$PATH "
shell.prefix(f"set -euo pipefail; export {INTERPRETER}PYTHONPATH={shlex.quote(str(SOURCE))}; ")


wildcard_constraints:
    condition="|".join(map(re.escape, STUDY.models)),
    arena="|".join(STUDY.arenas),
    seed=r"\d+",
    sweep="|".join(SWEEPS),


def code_of(module):
    """What the source files that a module depends on do, as a short hash: a rule's parameter `code`.

    An edit reruns what it can change; a reworded comment, docstring or help text, nothing.
    """
    return code_hash(module)


def gpus_for_training():
    """GPUs that a training asks for; "auto" asks for one if this machine has one."""
    if DEVICE != "auto":
        return int(DEVICE == "cuda")
    if shutil.which("nvidia-smi") is None:
        return 0
    return int(subprocess.run(["nvidia-smi", "-L"], capture_output=True).returncode == 0)


def all_cores():
    """The cores that a run has; on a cluster, where it has no such number, as many as any node has."""
    try:
        return workflow.cores
    except WorkflowError:
        return 4


def of_networks(files, seeds, **wildcards):
    """A rule's output for every network; seeds: those of each condition."""
    return [
        file
        for condition, of_condition in seeds.items()
        for file in collect(files, condition=condition, seed=of_condition, **wildcards)
    ]


def shown_first(priority):
    """A rule's priority, higher for the networks of the shown condition."""

    def of_job(wildcards):
        return priority + SHOWN_FIRST * (wildcards.condition == SHOWN["condition"])

    return of_job


def in_arena(files, arena):
    """The pattern of a rule's output, with the arena filled in."""
    return expand(files, arena=arena, allow_missing=True)


def of_localisers(files, seeds):
    """A rule's output for localisers, each in the arena that is its home, other networks where figures show them."""
    return [
        file
        for condition, of_condition in seeds.items()
        for file in of_networks(files, {condition: of_condition}, arena=STUDY.homes.get(condition, SHOWN["arena"]))
    ]


def condition_json(wildcards):
    return json.dumps(STUDY.models[wildcards.condition], sort_keys=True)


def arena_json(wildcards):
    return json.dumps(STUDY.arenas[wildcards.arena], sort_keys=True)


def sweep_json(wildcards):
    return json.dumps(SWEEPS[wildcards.sweep].described(STUDY.models))


def localisers_json(wildcards):
    sizes = [
        {"condition": condition, "model": STUDY.localisers[condition], "networks": len(seeds)}
        for condition, seeds in LOCALISERS.items()
    ]
    return json.dumps(sizes)


def sizes_json(wildcards):
    return json.dumps(SWEEPS[wildcards.sweep].sizes(STUDY.models))


def preset_sizes_json(wildcards):
    return json.dumps(sizes_of((STUDY.conditions[name], len(NETWORKS[name])) for name in STUDY.conditions))


def of_sweep(files, sweep):
    """A rule's output for every network of a sweep."""
    return of_networks(files, dict.fromkeys(sweep.names, sweep.seeds), arena=sweep.arena)


def file_of_sweep(name):
    """Its points; of a sweep without any a file that snakemake will miss, and say so, before anything runs."""
    if SWEEPS[name].points:
        return f"results/config/sweeps/{name}.json"
    return f"config.yaml whose section {name} says what to compare"


def finished(sweep, *stages):
    """The seeds, by condition, of the networks of a sweep for which the files of all these rules are on disk."""

    def is_there(condition, seed):
        files = (of_networks(stage, {condition: [seed]}, arena=sweep.arena) for stage in stages)
        return all(os.path.exists(file) for of_stage in files for file in of_stage)

    return {condition: [seed for seed in sweep.seeds if is_there(condition, seed)] for condition in sweep.names}


def further_tests(wildcards):
    """Scores besides gridness that get p-values: of localisers those of band and border units, which the paper reports."""
    return ["band", "border"] if wildcards.condition in STUDY.localisers else []


def dissected_population(wildcards):
    """Whose states to look at: the largest module, or all tuned units of a negative control."""
    return "tuned_units" if wildcards.condition in SHOWN["controls"] else "largest_module"


def hold_folder():
    """Let one pipeline at a time work here, where it can. Unlike snakemake's own lock, this one dies with its process."""
    os.makedirs(".snakemake", exist_ok=True)
    hold_folder.file = open(".snakemake/sslgrid.lock", "w")
    try:
        fcntl.flock(hold_folder.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise WorkflowError("another snakemake is at work in this folder; wait for it to end, or stop it") from None
    os.makedirs("results", exist_ok=True)
    try:
        remove_partial_files("results")
        tempfile.TemporaryFile(dir="results").close()
    except OSError as error:  # snakemake's own words for it are a traceback
        raise WorkflowError(f"results/ cannot be written to: {error.strerror}") from None
