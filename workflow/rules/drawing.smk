# How figures are declared; figures.smk makes their rules.
from dataclasses import dataclass


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
    return " ".join(f"--{name.replace('_', '-')} {shlex.join(files)}" for name, files in named_inputs)


def drawn(*names):
    """The files of figures."""
    return [file for name in names for file in FIGURES[name].files(name).values()]


def units(seeds, arena, maps_of=None):
    """What figures read that show units of networks. maps_of: the networks whose rate maps they show, if not all."""
    return {
        "tuning": of_networks(rules.measure_tuning.output, seeds, arena=arena),
        "modules": of_networks(rules.measure_modules.output, seeds, arena=arena),
        "histories": of_networks(NETWORK["history"], seeds),
        "ratemaps": of_networks(rules.map_rates.output, maps_of or seeds, arena=arena),
    }


def localiser_units(seeds, maps_of=None):
    """What figures read that show units of localisers. maps_of: the networks whose rate maps they show, if not all."""
    return {
        "tuning": of_localisers(rules.measure_tuning.output, seeds) or NO_LOCALISER,
        "modules": of_localisers(rules.measure_modules.output, seeds),
        "histories": of_networks(NETWORK["history"], seeds),
        "ratemaps": of_localisers(rules.map_rates.output, maps_of or seeds),
    }
