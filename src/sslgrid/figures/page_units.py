"""What the unit browser of the results page shows: of every network its maps, autocorrelograms and scores."""

import base64
import io
from pathlib import Path

import numpy as np
import seaborn as sns
import xarray as xr
from matplotlib.colors import to_hex
from PIL import Image

from sslgrid.datasets.geometry import read_geometry
from sslgrid.datasets.networks import network_of
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.tuning import read_tuning
from sslgrid.figures import style
from sslgrid.spatial.autocorrelogram import autocorrelograms
from sslgrid.spatial.classes import CLASSES

COLUMNS = 8  # maps in a row of a sprite, as page.js has it
SHADES = 63  # of a map: few enough for a small file, too many to be seen; one more for what is unknown
EVERY = 2  # so many lags of an autocorrelogram become one
WHITE = (255, 255, 255)
SCORES = {  # columns of the tuning files, and what the page calls them
    "gridness60": "gridness, hexagonal", "gridness90": "gridness, square", "p_value": "p-value",
    "spacing": "spacing (m)", "orientation": "orientation (deg)", "ellipticity": "ellipticity",
    "spatial_information": "information (bits per spike)", "fields": "fields", "border_score": "border score",
    "band_score": "band score", "stability": "stability", "max_rate": "highest rate",
}  # fmt: skip
NUMBERS = ("live", "class", "significant", "module", "tentative")


def unit_data(tuning: list[Path], ratemaps: list[Path], geometry: list[Path]) -> dict:
    """What page.js reads. A network in an arena comes first if its files do; geometry: of the networks that have it."""
    maps = {_named(path): path for path in ratemaps}
    phases = {network_of(path): path for path in geometry}
    networks = [
        _network(path, maps[_named(path)], phases.get(network_of(path))) for path in tuning if _named(path) in maps
    ]
    colours = [to_hex(style.module_colour(module)) for module in range(len(style.PALETTE))]
    scores = SCORES | {"phase": "phases along the three waves (rad)"}
    return {"networks": networks, "classes": CLASSES, "colours": colours, "scores": scores}


def _named(path: Path) -> tuple[str, int, str]:
    return *network_of(path), path.stem


def _network(tuning_path: Path, maps_path: Path, geometry_path: Path | None) -> dict:
    tuning, (maps, _) = read_tuning(tuning_path), read_ratemaps(maps_path)
    condition, seed = network_of(tuning_path)
    # The first lag kept is such that lag zero is kept, too.
    correlations = autocorrelograms(maps.shown.astype(np.float32))[:, (maps.shown.shape[1] - 1) % EVERY :: EVERY]
    correlations = correlations[:, :, (maps.shown.shape[2] - 1) % EVERY :: EVERY]
    highest = np.nanmax(np.abs(maps.rates), axis=(1, 2), keepdims=True)
    lowest = -highest if maps.signed else 0 * highest
    shares = (maps.shown - lowest) / np.where(highest > 0, highest - lowest, 1)
    files = [str(path) for path in (maps_path, tuning_path, geometry_path) if path]
    significant = np.flatnonzero(tuning["significant"].values)
    return {
        "name": f"{condition}, seed {seed}",
        "arena": tuning_path.stem,
        "files": files,
        "first": int(significant[0]) if len(significant) else 0,
        "units": {name: _rounded(tuning[name].values) for name in (*SCORES, *NUMBERS)},
        "phases": _phases(geometry_path),
        "sprite": sprite(shares, "vlag" if maps.signed else "mako"),
        "correlations": sprite((correlations + 1) / 2, "vlag"),
    }


def _phases(path: Path | None) -> list | None:
    """Of each unit, along the three waves of its module."""
    geometry: xr.Dataset = read_geometry(path) if path else xr.Dataset()
    if "phase" not in geometry:
        return None
    return [_rounded(phases) if np.isfinite(phases).all() else None for phases in geometry["phase"].values]


def _rounded(values: np.ndarray) -> list:
    """Numbers as JSON has them: three digits after the point, whole ones whole, null for NaN."""
    if np.issubdtype(values.dtype, np.integer):
        return values.tolist()
    return [round(float(value), 3) if np.isfinite(value) else None for value in values]


def sprite(shares: np.ndarray, colours: str) -> str:
    """All maps of a network as one image, a PNG in a data URI: (unit, y, x) from 0 to 1, NaN for unknown, y upwards."""
    count, ny, nx = shares.shape
    rows = -(-count // COLUMNS)
    levels = np.where(np.isfinite(shares), np.rint(np.nan_to_num(shares).clip(0, 1) * (SHADES - 1)), SHADES)
    page = np.full((rows * COLUMNS, ny, nx), SHADES)
    page[:count] = levels[:, ::-1]
    page = page.reshape(rows, COLUMNS, ny, nx).swapaxes(1, 2).reshape(rows * ny, COLUMNS * nx)
    image = Image.fromarray(page.astype(np.uint8), "P")
    palette = [round(255 * part) for colour in sns.color_palette(colours, SHADES) for part in colour[:3]]
    image.putpalette([*palette, *WHITE])
    return data_uri(image)


def data_uri(image: Image.Image, **options) -> str:
    """A PNG image as the address of itself."""
    held = io.BytesIO()
    image.save(held, "PNG", optimize=True, **options)
    return f"data:image/png;base64,{base64.b64encode(held.getvalue()).decode()}"
