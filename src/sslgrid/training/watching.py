"""Watching a training from outside: its rows in training.csv as they are recorded, and in TensorBoard on request.

Nothing here decides a weight.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from sslgrid.basics.errors import InputError
from sslgrid.datasets.rows import head_of, lines_of
from sslgrid.datasets.schema import Words
from sslgrid.store.files import whole_file
from sslgrid.training.loop import Training

ROWS = "training.csv"
TENSORBOARD = "SSLGRID_TENSORBOARD"  # environment variable: the folder for event files


class RowsFile:
    """training.csv: begun anew with the rows of the checkpoint, then a whole line for each further row."""

    def __init__(self, path: Path, columns: Mapping[str, Words]):
        self.path, self.columns = Path(path), columns

    def begin(self, training: Training) -> None:
        """Write the rows up to here; what a killed training recorded after its checkpoint goes."""
        with whole_file(self.path) as temporary:
            temporary.write_text(head_of(self.columns) + lines_of(training.row_steps, training.rows), encoding="utf-8")

    def add(self, training: Training) -> None:
        """Append the last row."""
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(lines_of(training.row_steps[-1:], training.rows[-1:]))


class EventFiles:
    """TensorBoard's files: a scalar for each column of a row."""

    def __init__(self, folder: Path, columns: Mapping[str, Words]):
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            raise InputError(
                f"{TENSORBOARD} is set, and tensorboard is not installed; run `pip install .[tensorboard]`, or unset it"
            ) from None
        self.writer_of, self.folder, self.columns = SummaryWriter, Path(folder), columns

    def begin(self, training: Training) -> None:
        """Rows after the checkpoint are hidden; of a training's first session there are none."""
        self.writer = self.writer_of(str(self.folder), purge_step=training.step + 1 if training.step else None)

    def add(self, training: Training) -> None:
        """Write the last row, at once."""
        for name, value in zip(self.columns, training.rows[-1], strict=True):
            self.writer.add_scalar(name, value, training.row_steps[-1])
        self.writer.flush()


class Watching:
    """Hands each row on as soon as it is recorded."""

    def __init__(self, watchers: list[RowsFile | EventFiles]):
        self.watchers, self.told = watchers, -1

    def begin(self, training: Training) -> None:
        """Before the first step, or after the checkpoint was read."""
        for watcher in self.watchers:
            watcher.begin(training)
        self.told = len(training.rows)

    def after_step(self, training: Training) -> None:
        """After a step, whether it was recorded or not."""
        if len(training.rows) > self.told:
            for watcher in self.watchers:
                watcher.add(training)
            self.told = len(training.rows)


def watch(checkpoints: Path, name: str, columns: Mapping[str, Words]) -> Watching:
    """Who watches a training. checkpoints: its folder; name: its place among event files, for example full/seed0."""
    folder = os.environ.get(TENSORBOARD)
    events = [EventFiles(Path(folder) / name, columns)] if folder else []
    return Watching([RowsFile(Path(checkpoints) / ROWS, columns), *events])
