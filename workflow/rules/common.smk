# What the rules share: the validated study and a few helpers.
import json
import os
import shlex
import sys

from snakemake.settings.types import DeploymentMethod

SOURCE = HERE / "src"
sys.path.insert(0, str(SOURCE))

from sslgrid.config.layers import typed
from sslgrid.config.presets import LAPTOP
from sslgrid.config.study import resolve_study
from sslgrid.config.sweeps import sizes_of
from sslgrid.basics.errors import InputError
from sslgrid.store.folder import refuse_folder_of_others
from sslgrid.store.provenance import code_hash
from sslgrid.store.released import MAPS, WEIGHTS, conditions_of

# Snakemake hands on `--config seeds=[0]` as text.
config.update(typed(config, dict(workflow.config_settings.config)))

# Where to train is a run setting: `--config device=cuda`, or `config: [device=cuda]` in a profile.
ASKED_DEVICE = config.pop("device", None)
DEVICE = ASKED_DEVICE or "auto"
if DEVICE not in ("auto", "cpu", "cuda"):
    raise WorkflowError(f"device is {DEVICE!r}; expected one of: auto, cpu, cuda")

# Whether `snakemake prune` removes what it lists: `--config remove=true`.
REMOVE = config.pop("remove", False)
if not isinstance(REMOVE, bool):
    raise WorkflowError(f"remove is {REMOVE!r}; expected true or false")

# Released networks instead of trained ones, from a folder: `--config released=released`.
RELEASED = named(config.pop("released", None))

if config.get("preset", LAPTOP) != LAPTOP and os.path.samefile(os.curdir, HERE):
    raise WorkflowError(
        f"the networks of preset {config['preset']} would take the place of the laptop preset's in results/; "
        f"add `--directory {config['preset']}`, or say `make {config['preset']}`"
    )

try:
    refuse_folder_of_others()
    STUDY = resolve_study(config, HERE / "workflow/schemas/config.schema.yaml")
    TAKEN, TAKEN_AS_MAPS = (conditions_of(RELEASED, file) for file in (WEIGHTS, MAPS))
except InputError as error:
    raise WorkflowError(str(error)) from None

SHOWN = STUDY.figures  # the condition and the arenas that the figures show


def seeds_of(conditions):
    """The seeds of each condition, by name."""
    return {condition: STUDY.seeds[condition] for condition in conditions}


SEEDS = STUDY.seeds[SHOWN["condition"]]
SHOWN_NETWORKS = {SHOWN["condition"]: SEEDS}
# Whom the claims are about and the other conditions are compared with, whatever is shown. Figures about another shown
# condition lie in a folder of their own, so that they do not replace this one's.
MAIN = "full" if "full" in STUDY.conditions else SHOWN["condition"]
MAIN_NETWORKS = seeds_of([MAIN])
SHOWN_FOLDER = "results/figures" if SHOWN["condition"] == MAIN else f"results/figures/{SHOWN['condition']}"
SHOWN_RESULTS = "results" if SHOWN["condition"] == MAIN else SHOWN_FOLDER  # of the page and of the provenance
# The seeds of every condition, the main one first: the others are described by how they differ from it.
NETWORKS = seeds_of([MAIN, *STUDY.conditions])
FIRST_OF_EACH = {condition: seeds[:1] for condition, seeds in NETWORKS.items()}
ALL_CONTROLS = seeds_of(SHOWN["controls"])
CONTROLS = {name: seeds for name, seeds in ALL_CONTROLS.items() if name != SHOWN["condition"]}
RECIPES = seeds_of(STUDY.recipes)
LOCALISERS = seeds_of(STUDY.cueva_wei["conditions"])
TRACKED = seeds_of([STUDY.cueva_wei["tracked"]] if LOCALISERS else [])
EXAMPLES = seeds_of(STUDY.cueva_wei["examples"])
DEVELOPING = seeds_of(STUDY.cueva_wei["development"])
COMPARED_KINDS = seeds_of(STUDY.cueva_wei["compared"])
ALL_UNITS = {condition: seeds[:1] for condition, seeds in seeds_of(STUDY.cueva_wei["all_units"]).items()}
# The ledgers of their claims, and the condition that each is about first of all.
LEDGERS = {"cw": "cw_proper", "cw_paper": "cw_paper", "cw_fields": "cwf_tanh"}
LEDGERS_OF_STUDY = [ledger for ledger, condition in LEDGERS.items() if condition in LOCALISERS]
CLAIMS_OF_LOCALISERS = [f"{ledger}_claims" for ledger in LEDGERS_OF_STUDY if ledger != "cw_fields"]  # figures
LOCALISER_SIZES = [
    {"condition": condition, "model": STUDY.localisers[condition], "networks": len(seeds)}
    for condition, seeds in LOCALISERS.items()
]
SWEEPS = {"ambiguities": STUDY.ambiguities, "phase_diagram": STUDY.phase_diagram}

# The files of a network, which a training writes, or which released networks are taken for.
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
# UTF-8 in any locale. What a user's shell says of Python, numba, and the processor's instructions decides no result. A
# file of the working directory, such as random.py, takes no module's place. BASH_ENV, which clusters set, may have left the
# working directory before a job's first word.
# A prefix of our own replaces snakemake's, which stops at the first failure, in a pipe too.
INTERPRETER = "" if IN_CONTAINER else f"PATH={shlex.quote(os.path.dirname(sys.executable))}:$PATH "
FOREIGN = (
    "PYTHONHOME PYTHONSTARTUP PYTHONWARNINGS PYTHONOPTIMIZE PYTHONINSPECT NUMBA_DISABLE_JIT NUMBA_DEBUG NUMBA_OPT "
    "NUMBA_BOUNDSCHECK NUMBA_CAPTURED_ERRORS NUMBA_CACHE_LOCATOR_CLASSES OPENBLAS_CORETYPE MKL_CBWR "
    "MKL_ENABLE_INSTRUCTIONS ATEN_CPU_CAPABILITY NPY_DISABLE_CPU_FEATURES NPY_ENABLE_CPU_FEATURES"
)
shell.prefix(
    f"set -euo pipefail; cd {shlex.quote(os.getcwd())}; unset {FOREIGN}; export {INTERPRETER}PYTHONUTF8=1 PYTHONNOUSERSITE=1 PYTHONSAFEPATH=1 "
    f"PYTHONPATH={shlex.quote(str(SOURCE))}; "
)


wildcard_constraints:
    condition=any_of(STUDY.models),
    arena=any_of(STUDY.arenas),
    seed=r"\d+",
    sweep=any_of(SWEEPS),
