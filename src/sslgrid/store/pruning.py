"""Which files of a folder a study needs no more. Files that no stage writes are left alone."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

STAGES = (
    "networks", "ratemaps", "tuning", "modules", "emergence", "geometry", "generalisation", "coding", "one_torus",
    "localisation", "development", "decoding", "spectra", "brain",
)  # fmt: skip
# Of one network, in one arena or in none; of one arena; of one condition.
OF_NETWORK = re.compile(
    rf"(?:results/(?:{'|'.join(STAGES)})|checkpoints)/(?P<condition>[^/]+)/seed(?P<seed>\d+)"
    r"(?:\.nc|/(?:training\.nc|(?:weights|snapshots)\.safetensors|[0-9a-f]+\.ckpt|training\.csv|lock"
    r"|(?P<arena>\w+)\.nc))"
)
OF_ARENA = re.compile(r"results/(?:trajectories/(?P<arena>\w+)\.nc|config/arenas/(?P<named>\w+)\.json)")
OF_CONDITION = re.compile(
    r"results/(?:config/(?P<condition>[^/]+)\.json|figures/supp_ratemaps_(?P<drawn>\w+)\.(?:pdf|png|svg))"
)
NO_CONDITION = ("looks",)  # files beside the conditions' configs
CHECKPOINTS = "checkpoints"


def unneeded(root: Path, networks: Mapping[str, Iterable[int]], arenas: Iterable[str]) -> list[Path]:
    """The files below `root` of networks and arenas that the study has not, in order.

    networks: the seeds of every condition and of every point of a sweep, by name.
    """
    known, arenas = {name: set(seeds) for name, seeds in networks.items()}, set(arenas)

    def is_needed(name: str) -> bool:
        if found := OF_NETWORK.fullmatch(name):
            of_study = int(found["seed"]) in known.get(found["condition"], ())
            return of_study and (found["arena"] is None or found["arena"] in arenas)
        if found := OF_ARENA.fullmatch(name):
            return (found["arena"] or found["named"]) in arenas
        if found := OF_CONDITION.fullmatch(name):
            return (found["condition"] or found["drawn"]) in {*known, *NO_CONDITION}
        return True

    return [path for path in _files(root) if not is_needed(path.relative_to(root).as_posix())]


def checkpoints_of_finished(root: Path) -> list[Path]:
    """The checkpoints below `root` of networks whose training has ended, in order."""
    return [
        path
        for path in _files(root)
        if (found := OF_NETWORK.fullmatch(path.relative_to(root).as_posix()))
        and path.suffix == ".ckpt"
        and (root / f"results/networks/{found['condition']}/seed{found['seed']}/weights.safetensors").exists()
    ]


def remove(files: Iterable[Path]) -> None:
    """Remove the files, and each folder that is empty then."""
    for path in files:
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if not folder.name or folder.name in ("results", CHECKPOINTS) or any(folder.iterdir()):
                break
            folder.rmdir()


def _files(root: Path) -> Iterator[Path]:
    for folder in ("results", CHECKPOINTS):
        yield from sorted(path for path in (Path(root) / folder).rglob("*") if path.is_file())
