"""What made a result: the code it depends on, its config and the versions of the libraries that did the work."""

import ast
import hashlib
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, NamedTuple

import sslgrid

SOURCE = Path(sslgrid.__file__).resolve().parent
OWN_TEXT = Path(__file__).read_bytes()  # what is kept of a source file holds for this way of reading it
DECISIVE = ("numpy", "torch", "numba")  # whose versions can change a network's weights; on a GPU triton's too
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
HELP = ("help", "description", "epilog", "metavar")  # keywords of calls whose values only people read
LIBRARIES = ("numpy", "scipy", "torch", "numba", "scikit-learn", "xarray", "netCDF4", "ratinabox")


def code_files(module: str) -> list[Path]:
    """The files of sslgrid that `module` imports, directly or not, and its own: sorted, below `SOURCE`.

    Read from the import statements, those inside functions too, so nothing is run. An edit to any other file
    cannot change what the module does.
    """
    found: set[Path] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        for path in _files_of(name):
            if path not in found:
                found.add(path)
                waiting += _source(path).imports
    return sorted(found)


def code_hash(module: str) -> str:
    """Short hash of what `code_files(module)` do: of their syntax trees, without words for people.

    Comments, layout, docstrings and the help texts of arguments cannot change a result, so a reworded one reruns
    nothing.
    """
    digest = hashlib.sha256()
    for path in code_files(module):
        digest.update(f"{path.relative_to(SOURCE).as_posix()} {_source(path).digest}\n".encode())
    return digest.hexdigest()[:16]


def text_hash(text: str) -> str:
    """Short hash of a config's canonical text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def versions(libraries: Iterable[str] = LIBRARIES) -> str:
    """The versions that can change a number, as one line."""
    return " ".join([f"sslgrid {sslgrid.__version__}", *(f"{name} {_version(name)}" for name in libraries)])


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "none"  # a borrowed machine that only trains need not have them all


@cache  # the Snakefile asks for dozens of modules that import each other
def _files_of(name: str) -> list[Path]:
    """A module's file and the `__init__` of each package above it; none if `name` is not a module of sslgrid."""
    parts = name.split(".")
    if parts[0] != "sslgrid":
        return []
    own = SOURCE.joinpath(*parts[1:])
    candidates = [own.with_suffix(".py"), own / "__init__.py"]
    above = [SOURCE.joinpath(*parts[1:end], "__init__.py") for end in range(1, len(parts))]
    files = [path for path in candidates if path.is_file()]
    return files + above if files else []


class Source(NamedTuple):
    """What is asked of a source file: the digest of what it does, and the modules that it may import."""

    digest: str
    imports: list[str]


@cache
def _source(path: Path) -> Source:
    """Read from the file, or kept from the last time beside its bytecode: reading all of them takes a second."""
    text = path.read_bytes()
    key = hashlib.sha256(OWN_TEXT + text).hexdigest()  # as this file reads it
    kept = Path(cache_from_source(str(path))).with_suffix(".code")
    with suppress(OSError, ValueError):
        seal, *lines = kept.read_text().split("\n")
        if seal == _seal(lines) and lines[0] == key:
            return Source(lines[1], lines[2:])
    tree = ast.parse(text)
    found = Source(hashlib.sha256(repr(meaning(tree)).encode()).hexdigest(), _imports(tree))
    if not sys.dont_write_bytecode:
        lines = [key, found.digest, *found.imports]
        with suppress(OSError):  # where the source is somebody else's; a file half written has no seal
            kept.parent.mkdir(exist_ok=True)
            kept.write_text("\n".join([_seal(lines), *lines]))
    return found


def _seal(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def meaning(node: Any) -> Any:
    """A syntax tree as nested tuples, without what is for people: comments, docstrings, help texts of arguments.

    Empty fields are left out, because versions of Python differ in which there are.
    """
    if isinstance(node, list):
        return tuple(meaning(each) for each in node)
    if not isinstance(node, ast.AST):
        return node
    fields = dict(ast.iter_fields(node))
    if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
        fields["body"] = node.body[1:]
    if isinstance(node, ast.Call):
        fields["keywords"] = [keyword for keyword in node.keywords if keyword.arg not in HELP]
    held = {name: value for name, value in fields.items() if name not in ("ctx", "kind", "type_comment")}
    return type(node).__name__, *((name, meaning(value)) for name, value in held.items() if value not in (None, []))


def _imports(tree: ast.Module) -> list[str]:
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:  # the project has no relative imports
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return names
