"""Modules of a network and how they fit together: `python -m sslgrid.commands.measure_modules --tuning T.nc ...`."""

import argparse
from itertools import combinations

import numpy as np
import xarray as xr

from sslgrid.cli import input_argument, inputs_of, output_argument, run
from sslgrid.datasets.modules import write_modules
from sslgrid.datasets.tuning import read_tuning
from sslgrid.modules.commensurability import Lattice, compare
from sslgrid.modules.table import describe_modules
from sslgrid.spatial.gridness import KINDS
from sslgrid.store.facts import provenance

DRAWS = 10_000  # of the null and of the bootstraps
INHERITED = ("seed", "network_config_hash", "network_code_hash", "ratemaps_code_hash")


def compare_all(tuning: xr.Dataset, kinds: np.ndarray, rng: np.random.Generator) -> list[dict]:
    """A row for each pair of modules, the finer one first."""
    module = tuning["module"].values
    lattices = [
        Lattice(int(kind), tuning["spacing"].values[module == name], tuning["orientation"].values[module == name])
        for name, kind in enumerate(kinds)
    ]
    return [
        {"fine": fine, "coarse": coarse} | compare(lattices[fine], lattices[coarse], DRAWS, rng)
        for fine, coarse in combinations(range(len(lattices)), 2)
    ]


def summarise(modules: dict[str, np.ndarray], pairs: list[dict]) -> str:
    """A line for each module and for each pair of one kind."""
    lines = [
        f"  module {name}: {units} {KINDS[int(kind)]} units of {spacing:.3f} m at {orientation:.1f} deg, "
        f"ellipticity {ellipticity:.2f}"
        for name, (units, kind, spacing, orientation, ellipticity) in enumerate(
            zip(*(modules[key] for key in ("units", "kind", "spacing", "orientation", "ellipticity")), strict=True)
        )
    ]
    lines += [
        f"  modules {row['fine']} and {row['coarse']}: ratio {row['ratio']:.3f} ({row['ratio_low']:.3f} to "
        f"{row['ratio_high']:.3f}), turn {row['turn']:.1f} deg; {row['mismatch']:.3f} from the superlattice of index "
        f"{row['index']:.0f}, p = {row['p_value']:.2g}"
        for row in pairs
        if np.isfinite(row["mismatch"])
    ]
    return "\n".join(lines) if lines else "  no modules"


def main(arguments: argparse.Namespace) -> None:
    """Describe, compare, write and summarise."""
    tuning = read_tuning(arguments.tuning)
    modules = describe_modules(tuning)
    pairs = compare_all(tuning, modules["kind"], np.random.default_rng([int(tuning.attrs["seed"])]))
    inherited = {name: tuning.attrs[name] for name in INHERITED}
    facts = provenance(__spec__.name, inputs_of(arguments), tuning_code_hash=tuning.attrs["code_hash"], **inherited)
    write_modules(arguments.modules, modules, pairs, facts)
    print(f"{'/'.join(arguments.modules.with_suffix('').parts[-3:])}:\n{summarise(modules, pairs)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    input_argument(parser, "tuning", help="tuning of one network")
    output_argument(parser, "modules", help="NetCDF file to write")
    run(main, parser)
