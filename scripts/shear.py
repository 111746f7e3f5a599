"""How sheared lattices are with and without the conformal isometry loss: `python scripts/shear.py [FOLDER]`.

Reads the units of `studies/shear.yaml` (shear/results/units.csv) and of the review of the paper's size
(review_paper/results/units.csv), whose networks keep the identity. Writes a row per network to docs/shear.csv. FOLDER:
where the two folders are; the repository if left out.
"""

import sys
from pathlib import Path

import pandas as pd

from sslgrid.spatial.classes import LATTICES as LATTICE_CLASSES

ROOT = Path(__file__).resolve().parents[1]
RUNS = {"at the start": "shear", "kept": "review_paper"}  # identity -> folder of the run
CONDITIONS = ("full", "no_conformal_isometry")
LATTICES = [kind.name.lower() for kind in LATTICE_CLASSES]


def rows_of(identity: str, units: pd.DataFrame) -> list[dict]:
    """A row for each network: its live units, those of a lattice class, and the median ellipticity of these."""
    live = units[(units["live"] == 1) & units["condition"].isin(CONDITIONS)]
    rows = []
    for (condition, seed), network in live.groupby(["condition", "seed"]):
        on_lattice = network[network["class"].isin(LATTICES)]
        rows.append(
            {
                "identity": identity, "condition": condition, "seed": seed, "live": len(network),
                **{kind: int((network["class"] == kind).sum()) for kind in LATTICES},
                "ellipticity": round(on_lattice["ellipticity"].median(), 3),
            }
        )  # fmt: skip
    return rows


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT
    files = {identity: folder / run / "results/units.csv" for identity, run in RUNS.items()}
    if missing := [str(path) for path in files.values() if not path.exists()]:
        sys.exit(f"no {' and no '.join(missing)}: docs/results-paper-size.md says how they are made")
    tables = {identity: pd.read_csv(path) for identity, path in files.items()}
    rows = [row for identity, units in tables.items() for row in rows_of(identity, units)]
    pd.DataFrame(rows).to_csv(ROOT / "docs/shear.csv", index=False)
