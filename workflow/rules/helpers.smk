# Which files and which numbers a job gets.
import functools

from sslgrid.machine.programs import has_nvidia_gpu, torch_has_cuda


def code_of(module):
    """What the source files that a module depends on do, as a short hash: a rule's parameter `code`.

    An edit reruns what it can change. A reworded comment, docstring or help text reruns nothing.
    """
    return code_hash(module)


@functools.cache
def gpus_for_training():
    """GPUs that a training asks for; "auto" asks for one if this machine has one that the installed torch can use."""
    if DEVICE != "auto":
        return int(DEVICE == "cuda")
    return int(has_nvidia_gpu() and (IN_CONTAINER or torch_has_cuda()))


def from_here(path):
    """A file of this workflow, relative to the working folder: a checkout that is moved makes nothing again."""
    return os.path.relpath(HERE / path)


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


def points_of(name):
    """The file with a sweep's points; who asks for a sweep without any is told what to fill in."""
    if SWEEPS[name].points:
        return f"results/config/sweeps/{name}.json"
    return refuse(f"{name} has nothing to compare; section {name} of config.yaml says what (docs/ambiguities.md)")


def on_disk(sweep):
    """The seeds, by condition, of a sweep's networks whose files are all there."""

    measured = NETWORK["history"], rules.measure_tuning.output, rules.measure_modules.output

    def is_there(condition, seed):
        files = [of_networks(stage, {condition: [seed]}, arena=sweep.arena) for stage in measured]
        return all(os.path.exists(file) for of_stage in files for file in of_stage)

    return {condition: [seed for seed in sweep.seeds if is_there(condition, seed)] for condition in sweep.names}


def histories_so_far(ended):
    """Of the shown condition: training.nc of the networks whose training has ended, or training.csv of the others."""
    of_seeds = {seed: expand(NETWORK["history"], condition=SHOWN["condition"], seed=seed)[0] for seed in SEEDS}
    rows = {seed: f"checkpoints/{SHOWN['condition']}/seed{seed}/training.csv" for seed in SEEDS}
    there = [seed for seed in SEEDS if os.path.exists(of_seeds[seed])]
    if ended:
        return [of_seeds[seed] for seed in there]
    return [rows[seed] for seed in SEEDS if seed not in there and os.path.exists(rows[seed])]


NO_LOCALISER = refuse("this study has no localisers; a condition in config.yaml with `model: localiser` is one")
