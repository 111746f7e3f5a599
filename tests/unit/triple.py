"""A small compiled function in a file of its own, and ways in which a file of its cache is spoilt."""

from pathlib import Path

TRIPLE = """
from sslgrid.kernels.compiled import compiled

def triple(x):
    return 3.0 * x
"""


def make_triple(folder: Path):
    """A compiled function of a file of its own, as a new process would have it."""
    source = folder / "source.py"
    if not source.exists():
        source.write_text(TRIPLE.replace("def triple", "@compiled\ndef triple"))
    names = {"__name__": "sslgrid.source", "__file__": str(source)}
    exec(compile(source.read_text(), source, "exec"), names)
    return names["triple"]


DAMAGES = {
    "empty": lambda content: b"",
    "cut": lambda content: content[: len(content) // 2],
    "one bit": lambda content: content[:-50] + bytes([content[-50] ^ 1]) + content[-49:],
    "foreign": lambda content: b"PK\x03\x04" * 40,
    "longer": lambda content: content + b"\0",
    "zeros": lambda content: bytes(len(content)),
}
