"""A results page of networks of known truth, as the stage writes it."""

import argparse
import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from claimed import network_of
from examples import grid_of, hexagonal
from sslgrid.claims.report import table_of
from sslgrid.claims.sic import CLAIMS
from sslgrid.claims.verdicts import judge
from sslgrid.datasets.ratemaps import write_ratemaps
from sslgrid.datasets.tuning import TUNING
from sslgrid.figures import page, style
from sslgrid.modules.tuning import measure_tuning
from sslgrid.spatial.ratemap import RateMaps

ROOT = Path(__file__).parents[2]
FACTS = {"source": "python -m sslgrid.commands.map_rates", "code_hash": "0", "versions": "none", "seed": "0"}
ARENAS = {"box2m": 1.0, "box3m": 1.5}
UNITS = 12


def write_page(folder: Path) -> Path:
    """The page, of two conditions, two figures and networks of one module."""
    networks = {name: [network_of(name, seed) for seed in range(3)] for name in ("full", "untrained")}
    claims = table_of([judge(claim, networks, np.random.default_rng(0)) for claim in CLAIMS])
    claims.to_csv(folder / "claims.csv", index=False)
    (folder / "conditions.csv").write_text("condition,seed,modules\nfull,0,1\n")
    (folder / "figures").mkdir()
    for name in ("fig2", "claims"):
        figure, axes = plt.subplots(figsize=(4, 3))
        axes.plot([0, 1])
        style.save_figure(figure, folder / f"figures/{name}.png", FACTS | {"inputs": '{"a.nc": "0"}'})
        plt.close(figure)
        (folder / f"{name}.rst").write_text(f"Caption of {name}. More of it.\n\n- **a.** A line.\n")
    files = {"tuning": [], "ratemaps": []}
    for condition, seed, arena in (("full", 0, "box2m"), ("full", 0, "box3m"), ("untrained", 1, "box2m")):
        maps = maps_of(ARENAS[arena], seed)
        for kind in files:
            files[kind].append(folder / f"{kind}/{condition}/seed{seed}/{arena}.nc")
            files[kind][-1].parent.mkdir(parents=True, exist_ok=True)
        TUNING.write(files["tuning"][-1], measure_tuning(maps, np.random.default_rng(0), draws=25), FACTS)
        write_ratemaps(files["ratemaps"][-1], maps, FACTS)
    arguments = argparse.Namespace(
        claims=[folder / "claims.csv"], conditions=folder / "conditions.csv", geometry=[], **files,
        figures=[folder / "figures/fig2.png", folder / "figures/claims.png"],
        captions=[folder / "fig2.rst", folder / "claims.rst"],
        style=ROOT / "workflow/page/page.css", script=ROOT / "workflow/page/page.js",
        titles={"fig2": "2: several modules", "claims": "what holds"}, captioned={"fig2": "fig2", "claims": "claims"},
        config=json.dumps({"seeds": [0]}), page=folder / "index.html",
        inputs=("claims", "conditions", "figures", "tuning", "ratemaps"),
    )  # fmt: skip
    page.main(arguments)
    return arguments.page


def maps_of(half: float, seed: int) -> RateMaps:
    """Hexagonal units in an arena that is twice `half` m wide; the last is silent."""
    points, rng = half * grid_of(2.0, 0.05), np.random.default_rng(seed)
    rates = np.stack([hexagonal(points, 0.6, 10.0, rng.uniform(-0.6, 0.6, 2)) for _ in range(UNITS)])
    rates[-1] = 0
    return RateMaps((0.3 * rates).astype(np.float32), np.ones(rates.shape[1:]), points[0, :, 0])
