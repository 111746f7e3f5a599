"""Released networks: a folder of weights, of numbers made from them, and a manifest that tells what is damaged.

<folder>/manifest.json
<folder>/<condition>/seed<k>/weights.safetensors, training.nc
<folder>/<condition>/seed<k>/ratemaps.nc, training.nc        of networks whose weights would take too much room
<folder>/<condition>/seed<k>/development.nc                  of localisers: what is measured of snapshots, too
<folder>/claims.csv, conditions.csv
"""

import json
from pathlib import Path

from sslgrid.basics.errors import InputError
from sslgrid.store.files import sha256_of, whole_file

MANIFEST = "manifest.json"
WEIGHTS = "weights.safetensors"
MAPS = "ratemaps.nc"
DEVELOPMENT = "development.nc"


def network_name(condition: str, seed: int) -> str:
    """Name of a network in the manifest, which is also the folder of its files."""
    return f"{condition}/seed{seed}"


def read_manifest(folder: Path) -> dict:
    """`networks`, by name, and `numbers`, each with the `files` (name -> SHA-256) and what is known of them.

    Raises InputError if there is none, or it is not one.
    """
    path = Path(folder) / MANIFEST
    try:
        manifest = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read ({error}): expected the manifest of released networks") from None
    if not isinstance(manifest, dict) or not {"networks", "numbers"} <= manifest.keys():
        raise InputError(f"{path}: expected the manifest of released networks, with `networks` and `numbers`")
    return manifest


def conditions_of(folder: Path | None, file: str) -> set[str]:
    """The conditions of which this file was released, `WEIGHTS`, `MAPS` or `DEVELOPMENT`; none without a folder."""
    networks = read_manifest(folder)["networks"] if folder else {}
    return {name.split("/")[0] for name, network in networks.items() if file in network["files"]}


def verified(folder: Path, name: str, digest: str) -> Path:
    """The file of that name, which is what was released. Raises InputError, naming it, if it is not."""
    path = Path(folder) / name
    if not path.exists():
        raise InputError(f"{path} is missing: it was released; get the folder again")
    if sha256_of(path) != digest:
        raise InputError(f"{path} is not what was released (its SHA-256 differs): get it again")
    return path


def copy(source: Path, target: Path) -> None:
    """Copy a file, whole or not at all."""
    with whole_file(target) as temporary:
        temporary.write_bytes(Path(source).read_bytes())
