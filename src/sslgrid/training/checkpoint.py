"""Checkpoints of a training: enough to go on exactly where it stopped, and only for the very same training.

They live outside the pipeline's declared outputs, because Snakemake deletes those before it tries again.
"""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from sslgrid.basics.errors import InputError
from sslgrid.basics.locks import lock
from sslgrid.store.files import whole_file

DIGEST = 32  # bytes of the SHA-256 that a checkpoint begins with


Key = dict[str, str]  # the facts that name a training: its config, code, seed, ...


def save_checkpoint(path: Path, key: Key, state: dict) -> None:
    """Replace the checkpoint. `key` names the training; `state` holds tensors and numbers."""
    buffer = io.BytesIO()
    torch.save({"key": key, "state": state}, buffer)
    with whole_file(path) as temporary:
        temporary.write_bytes(hashlib.sha256(buffer.getbuffer()).digest() + buffer.getbuffer())


def load_checkpoint(path: Path, key: Key) -> dict | None:
    """The saved state, or None if there is none. Raises InputError if it is damaged or of another training."""
    if not Path(path).exists():
        return None
    found, state = _read(path)
    if found != key:
        raise InputError(
            f"checkpoint {path} belongs to another training: {_differences(found, key)}. "
            "Delete it to start afresh, or restore what it was made with"
        )
    return state


def what_differs(path: Path, key: Key) -> str:
    """The difference, in words, between the training of a checkpoint and the one that `key` names."""
    try:
        return _differences(_read(path)[0], key)
    except InputError as error:  # only words: a checkpoint that is left aside must not stop a training
        return str(error)


def _read(path: Path) -> tuple[Key, dict]:
    content = memoryview(Path(path).read_bytes())
    digest, saved = content[:DIGEST], content[DIGEST:]
    if hashlib.sha256(saved).digest() != digest:  # torch.load notices a lost part, not a wrong bit
        raise InputError(f"checkpoint {path} is damaged: delete it to start afresh")
    key, state = torch.load(io.BytesIO(saved), map_location="cpu", weights_only=True).values()
    if not isinstance(key, dict):
        raise InputError(f"checkpoint {path} is of an earlier version of sslgrid: delete it to start afresh")
    return key, state


def _differences(found: Key, key: Key) -> str:
    names = [name for name in found | key if found.get(name) != key.get(name)]
    # A whole config does not help a reader; its hash, another fact, differs too.
    return "; ".join(f"{name} was {found.get(name)}, is {key.get(name)}" for name in names if name != "config")


@contextmanager
def only_one(path: Path, waiting: str) -> Iterator[None]:
    """Let one process at a time past; print `waiting` if that takes time.

    The lock dies with its process, even under kill -9.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        if not lock(file, str(path)):
            print(waiting, flush=True)
            lock(file, str(path), wait=True)
        yield
