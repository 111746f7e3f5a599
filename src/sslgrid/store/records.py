"""The record in a result of how it was made, for every kind of file, and its comparison with what is on disk."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from html import unescape
from pathlib import Path

import netCDF4
import numpy as np
from PIL import Image
from safetensors import SafetensorError, safe_open

from sslgrid.basics.errors import InputError
from sslgrid.store.files import sha256_of

Record = dict[str, str]

OF_CONTENT = ("Conventions", "title", "schema")  # global attributes that say what a file holds, not how it was made
HISTORY = "training.nc"
KEY = "sslgrid"  # of the record in a figure's metadata
HEADER = "sslgrid"  # of that in a network's: one key, because safetensors does not keep the order of several
VERSION, HEADER_VERSION = "header", 1  # key in that record, and what it is today; networks without it are of version 0


def record_of(path: Path) -> Record:
    """The record of a file: `source`, `code_hash`, `versions` and more. Empty if its kind has none.

    Raises InputError if the file is missing, damaged or not made by sslgrid; of a table, if its record is of another.
    """
    reader = READERS.get(Path(path).suffix)
    if not Path(path).exists():
        raise InputError(f"{path} is missing")
    if reader is None:
        return {}
    try:
        return reader(Path(path))
    except (OSError, RuntimeError, SafetensorError, KeyError, TypeError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise InputError(f"{path} does not say how it was made ({reason}): is it damaged, or not of sslgrid?") from None


def beside(table: Path) -> Path:
    """Path of the record of a csv file, which stands beside the table: csv has no place for one."""
    return table.with_suffix(".provenance.json")


def content_hash(path: Path) -> str:
    """Short hash of a file's content; of a training's history without its seconds, which no two runs share."""
    if Path(path).name == HISTORY:
        return _timeless_hash(path)
    return sha256_of(path)[:16]


def content_of(header: Record, arrays: Iterable[tuple[str, np.ndarray]]) -> str:
    """SHA-256 of a network: its header without `content`, and its arrays by name. safetensors itself checks no bit."""
    told = {name: value for name, value in header.items() if name != "content"}
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
    for name, array in sorted(arrays, key=lambda named: named[0]):
        digest.update(f"{name} {array.shape} torch.{array.dtype}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _timeless_hash(path: Path) -> str:
    digest = hashlib.sha256()
    with netCDF4.Dataset(path) as history:
        digest.update(json.dumps({name: str(history.getncattr(name)) for name in history.ncattrs()}).encode())
        for name, values in history.variables.items():
            if name != "seconds":
                digest.update(name.encode() + np.ma.filled(values[:]).tobytes())
    return digest.hexdigest()[:16]


def inputs_of(record: Record) -> dict[str, str]:
    """The files that a result was made from, and the hash of each."""
    return json.loads(record.get("inputs", "{}"))


def summary_of(files: Iterable[Path]) -> Record:
    """What a figure or a table of many files has of each: seeds, hashes of the networks' configs, code."""
    records = [record for record in map(record_of, files) if "source" in record]
    seeds = _words(records, "seed", "seeds")
    configs = _words(records, "network_config_hash", "config_hashes", "config_hash")
    codes: dict[str, set[str]] = {}
    for record in records:
        codes.setdefault(record["source"], set()).add(record["code_hash"])
    return {
        "seeds": " ".join(sorted(seeds, key=int)),
        "config_hashes": " ".join(sorted(configs)),
        "code_hashes": json.dumps({source: sorted(hashes) for source, hashes in sorted(codes.items())}),
    }


def mixed(record: Record) -> list[str]:
    """The sources (commands) whose files behind a result were made by more than one version of the code."""
    return [source for source, hashes in json.loads(record.get("code_hashes", "{}")).items() if len(hashes) > 1]


def _words(records: list[Record], *names: str) -> set[str]:
    """The words in all records: from each record, the first of the named entries that it has."""
    held = (next((record[name] for name in names if name in record), "") for record in records)
    return {word for each in held for word in each.split()}


def _of_netcdf(path: Path) -> Record:
    with netCDF4.Dataset(path) as dataset:
        record = {name: str(dataset.getncattr(name)) for name in dataset.ncattrs() if name not in OF_CONTENT}
    return record


def _of_network(path: Path) -> Record:
    with safe_open(path, framework="numpy") as file:
        return json.loads(file.metadata()[HEADER])


def _of_image(path: Path) -> Record:
    with Image.open(path) as image:
        held = image.info[KEY] if path.suffix == ".png" else image.info["comment"].decode()
    return json.loads(held)


def _of_drawing(path: Path) -> Record:
    held = re.search(r"<rdf:li>(\{.*?\})</rdf:li>", path.read_text(), re.DOTALL)
    if held is None:
        raise ValueError("no record")
    return json.loads(unescape(held[1]))


def _of_table(path: Path) -> Record:
    if not beside(path).exists():
        return {}
    record = json.loads(beside(path).read_text())
    if record.pop("content") != content_hash(path):
        raise ValueError(f"{beside(path)} is of another content")
    return record


READERS: dict[str, Callable[[Path], Record]] = {
    ".nc": _of_netcdf,
    ".safetensors": _of_network,
    ".png": _of_image,
    ".gif": _of_image,
    ".svg": _of_drawing,
    ".pdf": lambda path: _of_image(path.with_suffix(".png")),  # made with it
    ".csv": _of_table,
}
