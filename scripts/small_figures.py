"""Small copies of the figures for the pages in docs/: `python scripts/small_figures.py [NAME ...]`.

Without names, all that docs/ has already. Each is scaled to 1100 pixels and 128 colours, each colour near to the one it
stands for.
"""

import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
WIDTH, COLOURS = 1100, 128


def small_copy(figure: Image.Image) -> Image.Image:
    """The figure, scaled. Median cut, the default, would merge a rare colour with a common one: orange with grey."""
    height = round(figure.height * WIDTH / figure.width)
    small = figure.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
    return small.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)


if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(path.stem for path in (ROOT / "docs").glob("*.png")):
        source = ROOT / f"results/figures/{name}.png"
        if not source.exists():
            print(f"{name}: no {source.relative_to(ROOT)}; snakemake {name} makes it")
            continue
        with Image.open(source) as figure:
            small_copy(figure).save(ROOT / f"docs/{name}.png", optimize=True)
        print(f"docs/{name}.png")
