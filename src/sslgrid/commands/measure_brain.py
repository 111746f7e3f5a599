"""Recorded cells beside a network's units with Poisson spikes along the same paths.

`python -m sslgrid.commands.measure_brain --recordings FILE... --units cm --ratemaps R.nc --tuning T.nc --brain OUT.nc`
"""

import argparse
from pathlib import Path

import numpy as np

from sslgrid.basics.errors import InputError
from sslgrid.basics.streams import stream
from sslgrid.cells.brain import FEATURES, NETWORK, RECORDED, Network, compare, maps_on_one_grid, tell_apart
from sslgrid.cells.readers import read
from sslgrid.cells.recording import Recording
from sslgrid.cells.scoring import Settings
from sslgrid.cli import draws_argument, input_argument, inputs_of, output_argument, run
from sslgrid.datasets.brain import BRAIN, MEASURES
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.tuning import TUNING
from sslgrid.spatial.ratemap import RateMaps, upright
from sslgrid.store.facts import provenance

EQUAL, OWN = "equal", "own"  # spacings of the units: those of recorded cells, or their own
STATED = "stated"  # each file states its unit of length
MOST_UNITS = 20  # of a network: a comparison with a few cells needs no more
LABELLINGS = 100  # random ones, for the null of the classifier: they cost more than the draws for each unit
SEED = 0


def recording_in(path: Path, units: str) -> Recording:
    """The recording in a file; units: "cm", "m", or "stated" by the file. Raises InputError for anything else."""
    if not path.exists():
        raise InputError(f"{path} of `recordings` is missing: check the path in the config")
    found = read(path, None if units == STATED else units, None, None)
    if not isinstance(found, Recording):
        raise InputError(f"{path} holds no recording; `recordings` of the config expects paths with spike times")
    return found


def units_of_modules(ratemaps: Path, tuning: Path, rng: np.random.Generator) -> Network:
    """Up to `MOST_UNITS` units of a network's modules, drawn at random.

    ratemaps and tuning may be of two arenas: lattices are known best where the network was trained, wide maps are
    needed to shrink.
    """
    maps = upright(read_ratemaps(ratemaps)[0])
    tuned = TUNING.read(tuning)
    members = np.flatnonzero(tuned["module"].values >= 0)
    chosen = np.sort(rng.choice(members, min(MOST_UNITS, len(members)), replace=False))
    of_chosen = RateMaps(maps.rates[chosen], maps.occupancy, maps.centres, corners=maps.corners)
    return Network(of_chosen, tuned["spacing"].values[chosen], tuned["module"].values[chosen])


def main(arguments: argparse.Namespace) -> None:
    """Read recordings and network, compare, write, and say how well they are told apart."""
    recordings = [recording_in(path, arguments.units) for path in arguments.recordings]
    network = units_of_modules(arguments.ratemaps, arguments.tuning, stream(SEED, "brain units"))
    networks = [network] if len(network.spacing) else []
    settings, equal = Settings(draws=arguments.draws), arguments.spacings == EQUAL
    rows, scored = compare(recordings, networks, settings, stream(SEED, "brain"), equal)
    told = tell_apart(rows, LABELLINGS)
    names = [recording.name for recording in recordings]
    rates, centres = maps_on_one_grid(scored)
    columns = {
        name: rows[name].to_numpy() for name in dict.fromkeys((*FEATURES, *MEASURES, "own_spacing", "own_module"))
    }
    values = columns | {
        "source": rows["source"].map({RECORDED: 0, NETWORK: 1}).to_numpy(np.int8),
        "recording": rows["recording"].map(names.index).to_numpy(np.int16),
        "ratemap": rates,
        "null_accuracy": told.null,
        "accuracy": told.accuracy,
        "accuracy_low": told.interval[0],
        "accuracy_high": told.interval[1],
        "p_value": told.p,
    }
    facts = provenance(__spec__.name, inputs_of(arguments), seed=str(SEED), recordings=" ".join(names),
        spacings=arguments.spacings)  # fmt: skip
    BRAIN.write(arguments.brain, BRAIN.dataset(values, {"y": centres, "x": centres}), facts)
    on_lattice = rows[rows["significant"] == 1]["source"]
    low, high = told.interval
    print(
        f"brain: {(on_lattice == RECORDED).sum()} recorded cells and {(on_lattice == NETWORK).sum()} network units on "
        f"a lattice, units at {arguments.spacings} spacings; balanced accuracy of a classifier {told.accuracy:.2f} "
        f"[{low:.2f}, {high:.2f}] (chance 0.5), p = {told.p:.3f}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "recordings", help="recordings of cells", several=True)
    parser.add_argument(
        "--units", choices=("cm", "m", STATED), default=STATED,
        help="unit of length of the recordings (default: each file states its own)",
    )  # fmt: skip
    input_argument(parser, "ratemaps", help="rate maps of a network, of a wide arena")
    input_argument(parser, "tuning", help="tuning of the same units, in any arena")
    parser.add_argument(
        "--spacings", choices=(EQUAL, OWN), default=EQUAL,
        help="equal: shrink or stretch each unit's map to the spacing of a recorded cell (default); own: leave it",
    )  # fmt: skip
    output_argument(parser, "brain", help="NetCDF file to write")
    draws_argument(parser)
    run(main, parser)
