"""Modules of a network and how they fit together: `python -m sslgrid.commands.measure_modules --tuning T.nc ...`."""

import argparse

import numpy as np
import xarray as xr

from sslgrid.basics.streams import stream
from sslgrid.cli import input_argument, inputs_of, output_argument, run
from sslgrid.datasets.modules import MODULES_AND_PAIRS
from sslgrid.datasets.tuning import read_tuning
from sslgrid.modules.fitting import measure_modules
from sslgrid.spatial.gridness import KINDS
from sslgrid.store.facts import inherited, provenance


def summarise(modules: xr.Dataset) -> str:
    """A line for each module and for each pair of one kind."""
    lines = [
        f"  module {row.Index}: {row.units:.0f} {KINDS[int(row.kind)]} units of {row.spacing:.3f} m at "
        f"{row.orientation:.1f} deg, ellipticity {row.ellipticity:.2f}"
        for row in modules.drop_dims("pair").to_dataframe().itertuples()
    ]
    lines += [
        f"  modules {row.fine} and {row.coarse}: ratio {row.ratio:.3f} ({row.ratio_low:.3f} to {row.ratio_high:.3f}), "
        f"turn {row.turn:.1f} deg; {row.mismatch:.3f} from the superlattice of index {row.index_:.0f}, "
        f"p = {row.p_value:.2g}"
        for row in modules.drop_dims("module").to_dataframe().rename(columns={"index": "index_"}).itertuples()
        if np.isfinite(row.mismatch)
    ]
    return "\n".join(lines) if lines else "  no modules"


def main(arguments: argparse.Namespace) -> None:
    """Measure, write and summarise."""
    tuning = read_tuning(arguments.tuning)
    modules = measure_modules(tuning, stream(int(tuning.attrs["seed"]), "modules"))
    facts = provenance(__spec__.name, inputs_of(arguments), **inherited(tuning.attrs, "tuning"))
    MODULES_AND_PAIRS.write(arguments.modules, modules, facts)
    print(f"{'/'.join(arguments.modules.with_suffix('').parts[-3:])}:\n{summarise(modules)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    input_argument(parser, "tuning", help="tuning of one network")
    output_argument(parser, "modules", help="NetCDF file to write")
    run(main, parser)
