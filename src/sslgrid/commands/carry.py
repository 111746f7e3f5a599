"""Carry trainings between machines that keep nothing, in files small enough for any way there is.

    python -m sslgrid.commands.carry pack --folder work --state state
    python -m sslgrid.commands.carry unpack --folder work --state state

The state is a manifest and parts of at most 15 MiB. Each part, and each file put together from them, is the same by its
SHA-256 on both sides, or it is named and not written. Packing again replaces the state as a whole.
"""

import argparse
import hashlib
import json
from pathlib import Path

from sslgrid.basics.errors import InputError
from sslgrid.cli import run
from sslgrid.store.files import sha256_of, whole_file

PART = 15 * 2**20  # bytes
MANIFEST = "state.json"
CARRIED = (".ckpt", ".safetensors", ".nc", ".json")


def pack(folder: Path, state: Path) -> dict:
    """Cut every checkpoint and result below the folder into parts; returns the manifest, which is written last."""
    found = sorted(path for path in folder.rglob("*") if path.suffix in CARRIED and not path.name.startswith("."))
    if not found:
        raise InputError(f"{folder} holds nothing to carry: expected checkpoints or networks of `train`")
    manifest = {}
    for path in found:
        content = path.read_bytes()
        whole = hashlib.sha256(content).hexdigest()
        parts = []
        for first in range(0, len(content), PART):
            part = content[first : first + PART]
            parts.append(hashlib.sha256(part).hexdigest())
            # Named by content: those of the state before stay whole until the manifest is new.
            with whole_file(state / _name(parts[-1])) as temporary:
                temporary.write_bytes(part)
        manifest[path.relative_to(folder).as_posix()] = {"sha256": whole, "bytes": len(content), "parts": parts}
    with whole_file(state / MANIFEST) as temporary:
        temporary.write_text(json.dumps(manifest, indent=1) + "\n")
    kept = {_name(digest) for entry in manifest.values() for digest in entry["parts"]}
    for former in state.glob("*.part"):
        if former.name not in kept:
            former.unlink()
    return manifest


def unpack(folder: Path, state: Path) -> dict:
    """Put every file together again; returns the manifest. Raises InputError before it writes what is damaged."""
    path = state / MANIFEST
    try:
        manifest = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read ({error}): expected a folder that `carry pack` wrote") from None
    for name, entry in manifest.items():
        content = b"".join(_part(state / _name(digest), digest) for digest in entry["parts"])
        if hashlib.sha256(content).hexdigest() != entry["sha256"]:
            raise InputError(f"the parts of {name} do not make the file that was packed: copy {state} again")
        target = folder / name
        if not target.exists() or sha256_of(target) != entry["sha256"]:
            with whole_file(target) as temporary:
                temporary.write_bytes(content)
    return manifest


def _name(digest: str) -> str:
    return f"{digest[:32]}.part"


def _part(path: Path, digest: str) -> bytes:
    if not path.exists():
        raise InputError(f"{path} is missing: copy it again")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise InputError(f"{path} is not what was packed (its SHA-256 differs): copy it again")
    return content


def main(arguments: argparse.Namespace) -> None:
    """Pack or unpack, and say what."""
    act = {"pack": pack, "unpack": unpack}[arguments.way]
    manifest = act(arguments.folder, arguments.state)
    size = sum(entry["bytes"] for entry in manifest.values()) / 2**20
    parts = sum(len(entry["parts"]) for entry in manifest.values())
    print(f"{arguments.way}ed {len(manifest)} files, {size:.1f} MiB in {parts} parts, in {arguments.state}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("way", choices=("pack", "unpack"))
    parser.add_argument("--folder", type=Path, required=True, help="of checkpoints and networks")
    parser.add_argument("--state", type=Path, required=True, metavar="FOLDER", help="to carry")
    run(main, parser)
