"""Small copies of the figures for the pages in docs/: `python scripts/small_figures.py [NAME ...]`.

Without names, all that docs/ has already. Each is scaled to 1100 pixels and 128 colours.
"""

import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
WIDTH, COLOURS = 1100, 128

for name in sys.argv[1:] or sorted(path.stem for path in (ROOT / "docs").glob("*.png")):
    source = ROOT / f"results/figures/{name}.png"
    if not source.exists():
        print(f"{name}: no {source.relative_to(ROOT)}; snakemake {name} makes it")
        continue
    with Image.open(source) as figure:
        height = round(figure.height * WIDTH / figure.width)
        small = figure.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
    small.quantize(COLOURS, dither=Image.Dither.NONE).save(ROOT / f"docs/{name}.png", optimize=True)
    print(f"docs/{name}.png")
