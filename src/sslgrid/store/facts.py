"""What a stage says, in what it writes, of how it was made: the command, its code, its inputs with their hashes."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from sslgrid.basics.errors import InputError
from sslgrid.store.provenance import code_hash, text_hash, versions
from sslgrid.store.records import Record, content_hash, mixed, summary_of

NETWORK = ("seed", "network_config_hash", "network_code_hash")  # what a result about one network says of it


def made_by(module: str) -> Record:
    """What every result says: the command, the code that it depends on and the versions of libraries."""
    return {"source": f"python -m {module}", "code_hash": code_hash(module), "versions": versions()}


def provenance(module: str, inputs: Iterable[Path], **facts: str) -> Record:
    """Global attributes of a result: what made it, from which files. Absolute paths count by their names alone."""
    read = {path.name if path.is_absolute() else path.as_posix(): content_hash(path) for path in inputs}
    return {**made_by(module), "inputs": json.dumps(read, sort_keys=True), **facts}


def summary_provenance(module: str, inputs: Iterable[Path]) -> Record:
    """Of a figure or a table of many files: `provenance`, and the seeds, configs and code of what it was made from.

    Says so if files by different versions of the code are mixed.
    """
    files = list(inputs)
    record = provenance(module, files, **summary_of(files))
    for source in mixed(record):
        print(f"{module}: its inputs by `{source}` are of different versions of the code: run snakemake to renew them")
    return record


def network_facts(header: Mapping[str, str]) -> Record:
    """What a result about one network says of it, from its header."""
    return dict(zip(NETWORK, (header["seed"], header["config_hash"], header["code_hash"]), strict=True))


def inherited(made_by: Mapping[str, str], kind: str) -> Record:
    """What a result that is made from one file about one network takes over from it, and the code that made that file.

    made_by: the attributes of the file; kind: what it is.
    """
    held = {name: made_by[name] for name in (*NETWORK, "ratemaps_code_hash") if name in made_by}
    return held | {f"{kind}_code_hash": made_by["code_hash"]}


def config_hash(path: Path) -> str:
    """Short hash of the text of a stage's section of the study. Raises InputError if the file is missing."""
    try:
        return text_hash(path.read_text())
    except FileNotFoundError:
        raise InputError(f"{path} is missing: snakemake makes it from config.yaml") from None
