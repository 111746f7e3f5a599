"""Recorded cells beside network units that were made as noisy: can a classifier tell them apart?"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from sslgrid.basics.errors import InputError
from sslgrid.cells.arena import centred, find_arena
from sslgrid.cells.firing import fire, rates_along, with_mean_rates
from sslgrid.cells.recording import Recording
from sslgrid.cells.scoring import Scored, Settings, score_recording
from sslgrid.spatial.fields import SMALLEST_FIELD, find_fields
from sslgrid.spatial.ratemap import RateMaps

FEATURES = (
    "gridness60_corrected",
    "ellipticity",
    "stability",
    "spatial_information",
    "field_variation",
    "field_roundness",
)
RECORDED, NETWORK = "recorded", "network"
FOLDS, TREES = 5, 25
FEWEST = 5  # units on a lattice of either kind, one for each fold


@dataclass(frozen=True)
class Network:
    """Units of a network: their maps; spacing (unit,) in m and module (unit,) of their lattices."""

    maps: RateMaps
    spacing: np.ndarray
    module: np.ndarray


def as_noisy(
    recording: Recording,
    network: Network,
    rng: np.random.Generator,
    cells: Scored | None = None,
) -> tuple[Recording, np.ndarray] | None:
    """Network units as if they had been recorded: Poisson spikes along the recorded path. And which units, (made,).

    Each unit gets the mean rate of a recorded cell, drawn at random. With `cells`, the scores of the recording, these
    are its cells on a lattice, and the unit's map is shrunk or stretched to the spacing of the cell: a wide field is
    visited for longer, so a unit of wider spacing would be more stable than the cell. None if no cell is on a lattice.
    The arena's centre is put at the maps' centre. Units whose maps do not hold the arena are left out. Raises
    InputError if all are.
    """
    tracked = np.isfinite(recording.positions).all(axis=1)
    corners, middle = centred(find_arena(recording.positions[tracked]))
    spikes = np.array([len(at) for at in recording.spikes.values()])
    chosen = np.arange(len(spikes)) if cells is None else np.flatnonzero(cells.columns["significant"])
    if not len(chosen):
        return None
    pairs = rng.choice(chosen, len(network.spacing))
    scale = np.ones(len(pairs)) if cells is None else network.spacing / cells.columns["spacing"][pairs]
    reach, held = np.abs(corners).max(), network.maps.side / 2
    units = np.flatnonzero(reach * scale <= held + network.maps.bin_size)
    if not len(units):
        raise InputError(
            f"{recording.name}: its arena reaches {reach * scale.min():.2f} m from the centre, at the scale of the "
            f"network's lattices; its maps reach {held:.2f} m; expected rate maps of an arena at least as large "
            "(`figures.plane` of the config)"
        )
    rates = np.stack(
        [rates_along(network.maps, (recording.positions - middle) * scale[unit], unit) for unit in units.tolist()],
        axis=1,
    )
    mean = spikes[pairs[units]] / (recording.times[-1] - recording.times[0])
    made = fire(recording.name, recording.times, recording.positions, with_mean_rates(rates, mean), rng)
    return replace(made, name=f"{recording.name}, network"), units


def compare(
    recordings: list[Recording],
    networks: list[Network],
    settings: Settings,
    rng: np.random.Generator,
    equal_spacings: bool = True,
) -> tuple[pd.DataFrame, list[Scored]]:
    """A row for every cell and every unit under the noise of a recording: its features; and what was scored.

    networks: units on a lattice. equal_spacings: shrink or stretch each unit's map to the spacing of a recorded cell.
    `own_spacing` and `own_module` are those of a unit on its network's own maps; of a cell they are those recorded.
    """
    every, rows = [], []
    for recording in recordings:
        cells = score_recording(recording, settings, rng, lambda line: None)
        every.append(cells)
        table = features(cells)
        table = table.assign(source=RECORDED, own_spacing=table["spacing"], own_module=table["module"])
        rows.append(table.assign(recording=recording.name))
        for network in networks:
            made = as_noisy(recording, network, rng, cells if equal_spacings else None)
            if made is None:
                continue
            noisy, units = made
            every.append(score_recording(noisy, settings, rng, lambda line: None))
            own = {"own_spacing": network.spacing[units], "own_module": network.module[units]}
            rows.append(features(every[-1]).assign(source=NETWORK, **own, recording=recording.name))
    return pd.concat(rows, ignore_index=True), every


def features(scored: Scored) -> pd.DataFrame:
    """A row per unit: the columns `FEATURES`, spacing, module, and whether it is a significant lattice."""
    shapes = [field_shape(rates, scored.maps.bin_size) for rates in scored.maps.rates]
    columns = {name: scored.columns[name] for name in FEATURES[:4]}
    return pd.DataFrame(
        columns
        | {"field_variation": [shape[0] for shape in shapes], "field_roundness": [shape[1] for shape in shapes]}
        | {name: scored.columns[name] for name in ("spacing", "module", "significant", "max_rate")}
    )


def field_shape(rates: np.ndarray, bin_size: float) -> tuple[float, float]:
    """Of one map (y, x): variation of the fields' peaks (deviation over mean) and the mean ratio of their axes, <= 1.

    NaN with fewer than two fields of `SMALLEST_FIELD` or more.
    """
    labels, count = find_fields(rates)
    peaks, roundness = [], []
    for field in range(1, count + 1):
        y, x = np.nonzero(labels == field)
        if len(y) * bin_size**2 >= SMALLEST_FIELD and len(y) > 2:
            peaks.append(np.nanmax(rates[y, x]))
            small, large = np.linalg.eigvalsh(np.cov(np.stack([y, x])))
            roundness.append(np.sqrt(max(small, 0) / large))
    if len(peaks) < 2:
        return np.nan, np.nan
    return float(np.std(peaks) / np.mean(peaks)), float(np.mean(roundness))


@dataclass(frozen=True)
class ToldApart:
    """How well a classifier tells units from cells: balanced accuracy, its 95 % interval and p-value.

    null: accuracies (draw,) with random labels.
    """

    accuracy: float
    interval: tuple[float, float]
    null: np.ndarray
    p: float


def tell_apart(rows: pd.DataFrame, labellings: int, seed: int = 0) -> ToldApart:
    """Tell units from cells, both on a lattice, by a random forest on held-out folds; 0.5 is chance.

    rows: of `compare`. labellings: random ones, each told apart by the same forest. Everything is NaN with fewer than
    `FEWEST` of either kind.
    """
    chosen = rows[rows["significant"] == 1]
    labels = (chosen["source"] == RECORDED).to_numpy()
    if min(labels.sum(), (~labels).sum()) < FEWEST:
        return ToldApart(np.nan, (np.nan, np.nan), np.full(labellings, np.nan), np.nan)
    values = chosen[list(FEATURES)].fillna(chosen[list(FEATURES)].median()).fillna(0).to_numpy()

    def held_out(labels: np.ndarray) -> np.ndarray:
        forest = RandomForestClassifier(TREES, class_weight="balanced", random_state=seed, min_samples_leaf=2)
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
        return cross_val_predict(forest, values, labels, cv=folds)

    predicted = held_out(labels)
    observed = float(balanced_accuracy_score(labels, predicted))
    rng = np.random.default_rng([seed])
    labelled = [rng.permutation(labels) for _ in range(labellings)]
    null = np.array([balanced_accuracy_score(each, held_out(each)) for each in labelled])
    p = float((1 + (null >= observed).sum()) / (1 + labellings))
    return ToldApart(observed, accuracy_interval(labels, predicted), null, p)


def accuracy_interval(labels: np.ndarray, predicted: np.ndarray, draws: int = 10_000) -> tuple[float, float]:
    """Posterior 95 % interval of the balanced accuracy, from a flat prior of each kind's (Brodersen et al. 2010).

    labels and predictions: (row,) bool. It says how far few rows leave the accuracy open, not how far another training
    of the classifier would move it.
    """
    rng = np.random.default_rng([0])
    right = labels == predicted
    kinds = [right[labels], right[~labels]]
    drawn = sum(rng.beta(1 + kind.sum(), 1 + (~kind).sum(), draws) for kind in kinds) / 2
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def maps_on_one_grid(scored: list[Scored]) -> tuple[np.ndarray, np.ndarray]:
    """Rate maps (unit, y, x) of all that was scored, in the middle of the widest grid, NaN outside; its bins (bin,) m.

    All have bins of one side, and an even number of them.
    """
    widest = max((each.maps for each in scored), key=lambda maps: len(maps.centres))
    margins = [(len(widest.centres) - len(each.maps.centres)) // 2 for each in scored]
    padded = [
        np.pad(each.maps.rates, ((0, 0), (margin, margin), (margin, margin)), constant_values=np.nan)
        for each, margin in zip(scored, margins, strict=True)
    ]
    return np.concatenate(padded), widest.centres
