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


def as_noisy(recording: Recording, maps: RateMaps, rng: np.random.Generator) -> Recording:
    """Network units as if they had been recorded: Poisson spikes along the recorded path, at the cells' mean rates.

    Each unit gets the mean rate of one of the cells, drawn at random. The arena's centre is put at the maps' centre.
    Raises InputError if the recorded arena is larger than the maps.
    """
    tracked = np.isfinite(recording.positions).all(axis=1)
    corners, middle = centred(find_arena(recording.positions[tracked]))
    if np.abs(corners).max() > maps.side / 2 + maps.bin_size:
        raise InputError(
            f"{recording.name}: its arena reaches {np.abs(corners).max():.2f} m from the centre, the networks' maps "
            f"{maps.side / 2:.2f} m; expected maps of an arena at least as large: choose another of `arenas`"
        )
    duration = recording.times[-1] - recording.times[0]
    mean = np.array([len(spikes) for spikes in recording.spikes.values()]) / duration
    rates = rates_along(maps, recording.positions - middle)
    made = fire(recording.name, recording.times, recording.positions, with_mean_rates(
        rates, rng.choice(mean, len(maps.rates))), rng)  # fmt: skip
    return replace(made, name=f"{recording.name}, network")


def compare(
    recordings: list[Recording], networks: list[RateMaps], settings: Settings, rng: np.random.Generator
) -> tuple[pd.DataFrame, list[Scored]]:
    """A row for every cell and every unit under the noise of a recording: its features; and what was scored.

    networks: maps (unit, y, x) of units on a lattice, of each network.
    """
    every, rows = [], []
    for recording in recordings:
        sources = [(RECORDED, recording)] + [(NETWORK, as_noisy(recording, maps, rng)) for maps in networks]
        for source, each in sources:
            scored = score_recording(each, settings, rng, lambda line: None)
            every.append(scored)
            rows.append(features(scored).assign(source=source, recording=recording.name))
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
    """How well a classifier tells units from cells: balanced accuracy, those of random labels (draw,), p-value."""

    accuracy: float
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
        return ToldApart(np.nan, np.full(labellings, np.nan), np.nan)
    values = chosen[list(FEATURES)].fillna(chosen[list(FEATURES)].median()).fillna(0).to_numpy()

    def held_out(labels: np.ndarray) -> float:
        forest = RandomForestClassifier(TREES, class_weight="balanced", random_state=seed, min_samples_leaf=2)
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
        return float(balanced_accuracy_score(labels, cross_val_predict(forest, values, labels, cv=folds)))

    observed = held_out(labels)
    rng = np.random.default_rng([seed])
    null = np.array([held_out(rng.permutation(labels)) for _ in range(labellings)])
    return ToldApart(observed, null, float((1 + (null >= observed).sum()) / (1 + labellings)))


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
