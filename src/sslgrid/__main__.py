"""One stage from the shell: `sslgrid STAGE ...` is short for `python -m sslgrid.commands.STAGE ...`."""

import ast
import runpy
import signal
import sys
from importlib.util import find_spec
from pathlib import Path

from sslgrid import __version__

# In the order of the pipeline. A test holds this list to the files of `sslgrid/commands/`.
STAGES = {
    "Train": ("train", "train_localiser", "take_network"),
    "Walk": ("sample_walks", "map_rates"),
    "Measure": (
        "measure_tuning", "measure_modules", "measure_emergence", "measure_geometry", "measure_generalisation",
        "measure_coding", "measure_one_torus", "measure_localisation", "measure_development", "measure_decoding",
        "measure_spectra",
        "calibrate", "calibrate_modules", "calibrate_recordings",
    ),
    "Compare networks": (
        "compare_networks", "list_units", "compare_recipes", "compare_one_torus", "compare_drift",
        "compare_spectra", "check_claims",
    ),
    "Score recordings and other networks": ("score", "measure_brain"),
    "Trace and release": ("provenance", "release", "review", "crate", "prune"),
    "Cost and speed": ("estimate_cost", "estimate_localisers", "benchmark", "benchmark_localiser"),
    "Train on a borrowed machine": ("state_size", "check_engine", "carry"),
}  # fmt: skip
COMMANDS = Path(__file__).parent / "commands"


def usage() -> str:
    """The stages, with what each does: the first words of its module."""
    names = [name for group in STAGES.values() for name in group]
    width = max(map(len, names))
    lines = [
        "usage: sslgrid STAGE [--help] ...",
        "",
        "Runs one stage of the pipeline. Snakemake calls the same commands.",
    ]
    for title, group in STAGES.items():
        lines += ["", f"{title}:", *(f"  {name:{width}}  {summary_of(name)}" for name in group)]
    return "\n".join([*lines, "", "`sslgrid STAGE --help` lists the arguments of a stage."])


def summary_of(stage: str) -> str:
    """What a stage does, from the docstring of its module; nothing is imported."""
    doc = ast.get_docstring(ast.parse((COMMANDS / f"{stage}.py").read_bytes())) or ""
    return " ".join(doc.split("`python -m")[0].split("\n\n")[0].split()).rstrip(":. ")


def main() -> None:
    """Run the stage that the command line names."""
    name, *arguments = sys.argv[1:] or ["--help"]
    if name in ("-h", "--help"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` may have read enough
        print(usage())
    elif name == "--version":
        print(f"sslgrid {__version__}")
    elif name.isidentifier() and find_spec(f"sslgrid.commands.{name}"):
        sys.argv = [f"sslgrid {name}", *arguments]
        runpy.run_module(f"sslgrid.commands.{name}", run_name="__main__")
    else:
        sys.exit(f"sslgrid: no stage is called {name!r}; `sslgrid --help` lists the stages")


if __name__ == "__main__":
    main()
