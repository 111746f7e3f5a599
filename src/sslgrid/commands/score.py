"""Score recordings, rate maps and networks of others: `python -m sslgrid.commands.score FILE... [options]`.

Each file gets a folder with ratemaps.nc, tuning.nc, modules.nc, units.csv and a page with pictures, index.html. Reads
MATLAB recordings of the public Trondheim data, NWB, npz, NetCDF and CSV; docs/real-cells.md says what a file must hold.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from sslgrid.basics.errors import InputError
from sslgrid.basics.streams import stream
from sslgrid.cells import maps, shifts, tracking
from sslgrid.cells.page import page
from sslgrid.cells.readers import read
from sslgrid.cells.scoring import Scored, Settings, score
from sslgrid.cells.table import as_csv, in_words, summary, table, too_few_draws
from sslgrid.cli import run
from sslgrid.datasets.modules import MODULES_AND_PAIRS
from sslgrid.datasets.ratemaps import write_ratemaps
from sslgrid.datasets.tuning import TUNING
from sslgrid.figures import style
from sslgrid.figures.scored_page import draw_pages
from sslgrid.modules.fitting import measure_modules
from sslgrid.spatial.classes import ELLIPTIC
from sslgrid.spatial.gridness import LARGEST_CORRECTION
from sslgrid.store.facts import provenance
from sslgrid.store.files import whole_file


def main(arguments: argparse.Namespace) -> None:
    """Score every file; a file that cannot be scored is told at the end, after the others are done."""
    settings = settings_of(arguments)
    summaries, failures = [], []
    for path in arguments.files:
        try:
            found = read(path, arguments.units, arguments.bin, arguments.series)
            scored = score(found, settings, report(arguments.json))
            write(scored, folder_of(path, arguments), arguments, path)
        except InputError as error:
            failures.append(str(error))
            continue
        summaries.append(summary(scored))
        if not arguments.json:
            lines = (in_words(scored), too_few_draws(len(scored.units), arguments.draws))
            print(*filter(None, lines), sep="\n")
            print(f"  written to {folder_of(path, arguments)}")
    if arguments.json:
        print(json.dumps(summaries, indent=1, allow_nan=False))
    if failures:
        raise InputError("\n".join(failures))


def settings_of(arguments: argparse.Namespace) -> Settings:
    """The options as settings. Raises InputError for one that is out of range."""
    for name, least in (
        ("bin", 0),
        ("smoothing", -1e-12),
        ("slowest", -1e-12),
        ("least_shift", 0),
        ("draws", 0),
        ("sheared_from", 1),
    ):
        value = getattr(arguments, name)
        if value is not None and not value > least:
            raise InputError(
                f"--{name.replace('_', '-')} is {value:g}; expected a number greater than {max(least, 0):g}"
            )
    return Settings(
        bin_size=maps.BIN if arguments.bin is None else arguments.bin,
        smoothing=arguments.smoothing,
        slowest=arguments.slowest,
        longest_missed=arguments.longest_missed,
        least_shift=arguments.least_shift,
        draws=arguments.draws,
        elliptic=arguments.sheared_from,
        strict=arguments.strict,
        seed=arguments.seed,
        corners=None if arguments.arena is None else corners_of(arguments.arena),
    )


def corners_of(text: str) -> np.ndarray:
    """Corners (corner, 2) m of "x,y x,y x,y ...". Raises InputError for anything else."""
    try:
        return np.array([[float(number) for number in corner.split(",")] for corner in text.split()]).reshape(-1, 2)
    except ValueError:
        raise InputError(f"--arena is {text!r}; expected the corners in metres, as '0,0 1,0 1,1 0,1'") from None


def report(quiet: bool):
    """Progress on standard error, one line that is written over on a terminal; nothing with --json."""
    end = "\r" if sys.stderr.isatty() else "\n"
    return lambda line: None if quiet else print(line, end=end, file=sys.stderr, flush=True)


def folder_of(path: Path, arguments: argparse.Namespace) -> Path:
    """Where the results of a file go."""
    return arguments.out / path.stem


def write(scored: Scored, folder: Path, arguments: argparse.Namespace, source: Path) -> None:
    """The files of one scored file. Equal inputs and options give equal bytes."""
    options = {name: str(value) for name, value in sorted(vars(arguments).items()) if name not in ("files", "out")}
    facts = provenance(__spec__.name, [source], seed=str(arguments.seed), null=scored.null, options=json.dumps(options))
    write_ratemaps(folder / "ratemaps.nc", scored.maps, facts)
    tuning = TUNING.dataset(scored.columns)
    TUNING.write(folder / "tuning.nc", tuning, facts)
    modules = measure_modules(tuning, stream(arguments.seed, "score"))
    MODULES_AND_PAIRS.write(folder / "modules.nc", modules, facts)
    with whole_file(folder / "units.csv") as temporary:
        temporary.write_text(as_csv(table(scored)), encoding="utf-8")
    pictures = []
    for number, figure in enumerate(draw_pages(scored), start=1):
        with whole_file(folder / f"page{number}.png") as temporary:
            figure.savefig(temporary, format="png", metadata=style.DATELESS["png"])
        pictures.append((folder / f"page{number}.png").read_bytes())
    with whole_file(folder / "index.html") as temporary:
        temporary.write_text(page(scored, pictures), encoding="utf-8")


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = made.add_argument
    add("files", nargs="+", type=Path, metavar="FILE", help="recording, rate maps or activity: .mat .npz .nwb .nc .csv")
    add("--units", choices=("cm", "m"), help="unit of length of files that do not state theirs, as MATLAB files do not")
    add("--out", type=Path, default=Path("scores"), metavar="FOLDER", help="folder for the results (default scores)")
    add("--json", action="store_true", help="print one JSON document to standard output, and no progress")
    add("--bin", type=float, help=f"side of a bin, m (default {maps.BIN:g}); of a bare rate map, its own")
    add("--smoothing", type=float, default=maps.SMOOTHING, help="width of the Gaussian, m (default %(default)g)")
    add("--slowest", type=float, default=tracking.SLOWEST, help="slowest speed that counts, m/s (default %(default)g)")
    add("--longest-missed", type=float, default=tracking.LONGEST_MISSED,
        help="longest gap of the tracking that a straight line bridges, s (default %(default)g)")  # fmt: skip
    add("--least-shift", type=float, default=shifts.LEAST_SHIFT,
        help="shortest circular shift of the spike times, s (default %(default)g)")  # fmt: skip
    add("--draws", type=int, default=200,
        help="shifts, or random maps, for each unit (default 200); the least p-value is 1 / (draws + 1)")  # fmt: skip
    add("--strict", action="store_true",
        help="a recorded cell must also have p <= 0.05 against random maps, or be in a module")  # fmt: skip
    add("--arena", help="corners of the arena in metres, as '0,0 1,0 1,1 0,1' (default: found from the path)")
    add("--sheared-from", type=float, metavar="ELLIPTICITY",
        help=f"ellipticity from which a lattice is sheared (default {LARGEST_CORRECTION:g} for recordings, else "
        f"{ELLIPTIC:g}; give {LARGEST_CORRECTION:g} for rate maps of recorded cells)")  # fmt: skip
    add("--series", help="name of the SpatialSeries of an NWB file with several")
    add("--seed", type=int, default=0, help="seed of the random numbers (default 0)")
    return made


if __name__ == "__main__":
    run(main, parser())
