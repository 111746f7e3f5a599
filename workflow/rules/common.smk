# What the rules share: the validated study and a few helpers.
import functools
import json
import os
import re
import shlex
import shutil
import sys
from collections import Counter
from dataclasses import dataclass

from snakemake.logging import logger
from snakemake.settings.types import DeploymentMethod

SOURCE = HERE / "src"
sys.path.insert(0, str(SOURCE))

from sslgrid.config.layers import typed
from sslgrid.config.presets import LAPTOP
from sslgrid.config.study import resolve_study
from sslgrid.config.sweeps import sizes_of
from sslgrid.errors import InputError
from sslgrid.machine.progress import Progress, bottom_line
from sslgrid.machine.programs import has_nvidia_gpu, torch_has_cuda
from sslgrid.store.folder import hold_folder
from sslgrid.store.provenance import code_files
from sslgrid.store.released import conditions_of

# Snakemake hands on `--config seeds=[0]` as text.
config.update(typed(config, dict(workflow.config_settings.config)))

# Where to train is a run setting: `--config device=cuda`, or `config: [device=cuda]` in a profile.
ASKED_DEVICE = config.pop("device", None)
DEVICE = ASKED_DEVICE or "auto"
if DEVICE not in ("auto", "cpu", "cuda"):
    raise WorkflowError(f"device is {DEVICE!r}; expected one of: auto, cpu, cuda")

# Released networks instead of trained ones, from a folder: `--config released=released`.
RELEASED = named(config.pop("released", None))

if config.get("preset", LAPTOP) != LAPTOP and os.path.samefile(os.curdir, HERE):
    raise WorkflowError(
        f"the networks of preset {config['preset']} would take the place of the laptop preset's in results/; "
        f"add `--directory {config['preset']}`, or say `make {config['preset']}`"
    )

try:
    STUDY = resolve_study(config, HERE / "workflow/schemas/config.schema.yaml")
    TAKEN = conditions_of(RELEASED)
except InputError as error:
    raise WorkflowError(str(error)) from None

SHOWN = STUDY.figures  # the condition and the arenas that the figures show


def seeds_of(conditions):
    """The seeds of each condition, by name."""
    return {condition: STUDY.seeds[condition] for condition in conditions}


SEEDS = STUDY.seeds[SHOWN["condition"]]
SHOWN_NETWORKS = {SHOWN["condition"]: SEEDS}
# The seeds of every condition, the shown one first: the others are described by how they differ from it.
NETWORKS = seeds_of([SHOWN["condition"], *STUDY.conditions])
FIRST_OF_EACH = {condition: seeds[:1] for condition, seeds in NETWORKS.items()}
CONTROLS = seeds_of(SHOWN["controls"])
RECIPES = seeds_of(STUDY.recipes)
LOCALISERS = seeds_of(STUDY.cueva_wei["conditions"])
SWEEPS = {"ambiguities": STUDY.ambiguities, "phase_diagram": STUDY.phase_diagram}

# The files of a network, whichever rule makes them: a training, or released networks that are taken instead.
NETWORK = {
    "weights": "results/networks/{condition}/seed{seed}/weights.safetensors",
    "history": "results/networks/{condition}/seed{seed}/training.nc",
    "snapshots": "results/networks/{condition}/seed{seed}/snapshots.safetensors",
}

# Jobs of higher priority start first. First of all the costs are told, then come jobs of seconds that others or the
# reader wait for. What figure 2 needs of its first network goes before the rest, then what else the shown condition
# needs, so that its figures come early. Within each group the job that most other jobs wait for starts first, so that no
# core is idle at the end.
COST_FIRST = 1000
AT_ONCE = 40
FIRST_NETWORK = 20
SHOWN_FIRST = 10

# Whether each job runs in the image of the Dockerfile: `--software-deployment-method apptainer`. A container sees the
# working directory; it is shown this workflow and what lies behind symbolic links, too.
IN_CONTAINER = DeploymentMethod.APPTAINER in workflow.deployment_settings.deployment_method
if IN_CONTAINER:
    links = [os.path.realpath(name) for name in ("results", "checkpoints", "logs") if os.path.islink(name)]
    for variable in ("APPTAINER_BIND", "SINGULARITY_BIND"):
        bound = os.environ.get(variable, "").split(",")
        os.environ[variable] = ",".join(dict.fromkeys(filter(None, [*bound, str(HERE), *links])))

# Every command runs this checkout's source with the interpreter that runs snakemake, or with a container's, and writes
# UTF-8 in any locale. A prefix of our own replaces snakemake's, which stops at the first failure, in a pipe too.
INTERPRETER = "" if IN_CONTAINER else f"PATH={shlex.quote(os.path.dirname(sys.executable))}:$PATH "
shell.prefix(f"set -euo pipefail; export {INTERPRETER}PYTHONUTF8=1 PYTHONPATH={shlex.quote(str(SOURCE))}; ")


wildcard_constraints:
    condition=any_of(STUDY.models),
    arena=any_of(STUDY.arenas),
    seed=r"\d+",
    sweep=any_of(SWEEPS),


def code_of(module):
    """The source files that a module depends on: a rule's `code` input, so an edit reruns what it can change."""
    return [os.path.relpath(path) for path in code_files(module)]


@functools.cache
def gpus_for_training():
    """GPUs that a training asks for; "auto" asks for one if this machine has one that the installed torch can use."""
    if DEVICE != "auto":
        return int(DEVICE == "cuda")
    return int(has_nvidia_gpu() and (IN_CONTAINER or torch_has_cuda()))


def all_cores():
    """The cores that a run has; on a cluster, where it has no such number, as many as any node has."""
    try:
        return workflow.cores
    except WorkflowError:
        return 4


def refuse(text):
    """An input function for what a study lacks: whoever asks for such a file is told what to do."""

    def of_job(wildcards):
        raise WorkflowError(text)

    return of_job


def of_networks(files, seeds, **wildcards):
    """A rule's output for every network; seeds: those of each condition."""
    return [
        file
        for condition, of_condition in seeds.items()
        for file in collect(files, condition=condition, seed=of_condition, **wildcards)
    ]


def of_localisers(files, seeds):
    """A rule's output for localisers, each in the arena that is its home, other networks where figures show them."""
    return [
        file
        for condition, of_condition in seeds.items()
        for file in of_networks(files, {condition: of_condition}, arena=STUDY.homes.get(condition, SHOWN["arena"]))
    ]


def of_sweep(files, sweep):
    """A rule's output for every network of a sweep."""
    return of_networks(files, dict.fromkeys(sweep.names, sweep.seeds), arena=sweep.arena)


def in_arena(files, arena):
    """The pattern of a rule's output, with the arena filled in."""
    return expand(files, arena=arena, allow_missing=True)


def shown_first(priority, for_figure_2=False):
    """A rule's priority, higher for the networks of the shown condition.

    for_figure_2: whether figure 2 needs the rule; then its jobs for the first network are higher still.
    """

    def of_job(wildcards):
        is_shown = wildcards.condition == SHOWN["condition"]
        is_first = is_shown and wildcards.seed == str(SEEDS[0])
        in_figure_2 = for_figure_2 and wildcards.get("arena", SHOWN["arena"]) == SHOWN["arena"]
        return priority + SHOWN_FIRST * is_shown + FIRST_NETWORK * (is_first and in_figure_2)

    return of_job


def as_json(entries):
    return json.dumps(entries, sort_keys=True)


@dataclass(frozen=True)
class Figure:
    """A figure, of which figures.smk makes a rule."""

    category: str  # of the report
    title: str  # in the report
    inputs: dict  # flag of its command -> files
    drawn_by: str  # module of sslgrid.figures
    caption: str  # in workflow/report/, without .rst
    options: str  # further arguments
    folder: str

    def files(self, name):
        return {suffix: f"{self.folder}/{name}.{suffix}" for suffix in ("pdf", "svg", "png")}


FIGURES = {}


def figure(name, category, title, inputs, drawn_by=None, caption=None, options="", folder="results/figures"):
    """Declare a figure. The module that draws it and its caption have its name unless others are given."""
    drawn_by = drawn_by or name
    FIGURES[name] = Figure(category, title, inputs, drawn_by, caption or drawn_by, options, folder)


def flags(wildcards, input):
    """The named inputs of a rule as the flags of its command."""
    named_inputs = ((name, [files] if isinstance(files, str) else files) for name, files in input.items())
    return " ".join(f"--{name} {shlex.join(files)}" for name, files in named_inputs if name != "code")


def drawn(*names):
    """The files of figures."""
    return [file for name in names for file in FIGURES[name].files(name).values()]


def start_work():
    """Before the first job: say in one line what would stop all of them."""
    if workflow.non_local_exec:
        if ASKED_DEVICE is None:
            raise WorkflowError(
                "jobs go to other machines, and device is not said; add device=cuda (each training asks for a GPU) or "
                "device=cpu to --config. A --config on the command line replaces that of the profile."
            )
        if workflow.executor_plugin.name == "slurm" and shutil.which("sbatch") is None:
            raise WorkflowError(
                "sbatch is not on the PATH, so no job can be submitted to SLURM; run this where jobs are submitted, or "
                "leave out `--workflow-profile profiles/slurm` to work on this machine"
            )
    try:
        start_work.held = hold_folder()
    except InputError as error:
        raise WorkflowError(str(error)) from None
    steps = Counter(job.rule.name for job in workflow.dag.needrun_jobs())
    logger.info(f"{steps.total()} steps to do. What each says is kept in logs/.")
    logger.addFilter(Progress(steps, bottom_line(sys.stderr)))
