"""Describe results as an RO-Crate: `python -m sslgrid.commands.crate --files F ... --crate ro-crate-metadata.json`.

The folder of the metadata file is the crate: figures, tables, what they were made from, and which command made what. An
archive of that folder can be deposited. https://www.researchobject.org/ro-crate/specification/1.1
"""

import argparse
import json
import mimetypes
from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from pathlib import Path

from sslgrid.basics.errors import InputError
from sslgrid.cli import input_argument, output_argument, run
from sslgrid.store.files import whole_file
from sslgrid.store.records import Record, beside, inputs_of, record_of

METADATA = "ro-crate-metadata.json"
SPECIFICATION = "https://w3id.org/ro/crate/1.1"
LICENCE = "https://spdx.org/licenses/MIT"
SOFTWARE = "#sslgrid"
KINDS = {".nc": "application/netcdf", ".safetensors": "application/octet-stream", ".md": "text/markdown"}


def gather(files: list[Path], folder: Path) -> dict[Path, Record]:
    """The files and all that they were made from, if it lies in the folder, each with its record; sorted by path.

    Raises InputError if a file is missing or damaged.
    """
    found: dict[Path, Record] = {}
    waiting = list(files)
    while waiting:
        path = waiting.pop()
        if path in found or folder not in path.parents:
            continue
        found[path] = record_of(path) if path.suffix != ".json" else {}
        waiting += map(Path, inputs_of(found[path]))
        if path.suffix == ".csv" and beside(path).exists():
            waiting.append(beside(path))
    return dict(sorted(found.items()))


def described(records: dict[Path, Record], folder: Path, day: date) -> dict:
    """The metadata, JSON-LD: an entity for each file, and for each that has a record the action that made it."""
    names = {path: path.relative_to(folder).as_posix() for path in records}
    actions = [_action(path, record, names) for path, record in records.items() if "source" in record]
    root = {
        "@id": "./", "@type": "Dataset", "name": "Results of sslgrid",
        "description": "Trained networks that grow grid cells, the figures and tables made from them, and how.",
        "datePublished": day.isoformat(), "license": {"@id": LICENCE}, "hasPart": _links(names.values()),
        "mentions": _links(action["@id"] for action in actions),
    }  # fmt: skip
    descriptor = {
        "@id": METADATA, "@type": "CreativeWork", "conformsTo": {"@id": SPECIFICATION}, "about": {"@id": "./"},
    }  # fmt: skip
    software = {
        "@id": SOFTWARE, "@type": "SoftwareApplication", "name": "sslgrid", "softwareVersion": version("sslgrid"),
    }  # fmt: skip
    licence = {"@id": LICENCE, "@type": "CreativeWork", "name": "MIT licence", "identifier": "MIT"}
    files = [_file(path, name) for path, name in names.items()]
    return {"@context": f"{SPECIFICATION}/context", "@graph": [descriptor, root, licence, software, *files, *actions]}


def _file(path: Path, name: str) -> dict:
    kind = KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return {
        "@id": name, "@type": "File", "name": name, "encodingFormat": kind, "contentSize": str(path.stat().st_size),
    }  # fmt: skip


def _action(path: Path, record: Record, names: dict[Path, str]) -> dict:
    """Which command made a file from which others."""
    seeds = record.get("seeds") or record.get("seed") or "none"
    return {
        "@id": f"#made-{names[path]}", "@type": "CreateAction", "name": record["source"],
        "description": f"code {record['code_hash']}; seeds {seeds}; {record['versions']}",
        "instrument": {"@id": SOFTWARE}, "result": {"@id": names[path]},
        "object": _links(names[made_from] for made_from in map(Path, inputs_of(record)) if made_from in names),
    }  # fmt: skip


def _links(names: Iterable[str]) -> list[dict]:
    return [{"@id": name} for name in names]


def main(arguments: argparse.Namespace) -> None:
    """Gather, describe and write."""
    folder = arguments.crate.parent
    if arguments.crate.name != METADATA:
        raise InputError(f"--crate is {arguments.crate}; expected a path that ends in {METADATA}")
    records = gather(arguments.files, folder)
    with whole_file(arguments.crate) as temporary:
        text = json.dumps(described(records, folder, date.today()), indent=1)
        temporary.write_text(f"{text}\n", encoding="utf-8")
    size = sum(path.stat().st_size for path in records) / 1e6
    print(f"crate: {len(records)} files, {size:.0f} MB, in {folder}; an archive of that folder can be deposited")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "files", several=True, help="figures and tables; what they were made from is found")
    output_argument(parser, "crate", help=f"{METADATA} to write, in the folder that becomes the crate")
    run(main, parser)
