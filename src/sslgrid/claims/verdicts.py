"""A claim, the networks it is tested on, and the verdict.

The unit of a test is the seed: a claim's statistic is one number per network. The estimate is the mean over seeds, the
interval a percentile bootstrap over seeds. What a seed could not tell is never left out in silence: see `Sample`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from sslgrid.basics.bootstrap import interval, resampled
from sslgrid.claims.networks import NetworkResults, NotInStudyError
from sslgrid.claims.watching import WatchedResults

DRAWS = 10_000
FEWEST_SEEDS = 2  # with a value; one has no spread


class Verdict(StrEnum):
    """The outcome of the test of a claim."""

    HOLDS = "holds"
    MIXED = "mixed"
    FAILS = "fails"
    NOT_TESTED = "not tested"


class Direction(StrEnum):
    """The claimed side of the threshold. The threshold itself belongs to it."""

    AT_LEAST = "at least"
    AT_MOST = "at most"

    @property
    def sign(self) -> int:
        """1 if more is better for the claim, -1 if less is."""
        return 1 if self is Direction.AT_LEAST else -1


@dataclass(frozen=True)
class Claim:
    """One claim as a test. The threshold was chosen before the results, for the reason given."""

    id: str
    words: str
    source: str  # where the paper says so, or "new"
    condition: str  # whose networks it speaks of
    statistic: str  # in words, with units
    direction: Direction
    threshold: float
    reason: str  # for the threshold
    value: Callable[[NetworkResults], float]  # NaN if it cannot be measured
    against: str | None = None  # the claim is about the difference of means from this condition
    indicator: bool = False  # the value is 1 or 0, the claim about the share of seeds
    control: str | None = None  # the condition that shows if it can fail, if not the ledger's: see `judge`


@dataclass(frozen=True)
class Sample:
    """A claim's statistic in every seed of a condition.

    A seed passes only if it has a value and its training went to the end: a network that was hardly trained would make
    any claim of absence true. The mean is over the seeds with a value. A seed that diverged counts as 0 for an
    indicator, and is otherwise measured as it was when it was last sound.
    """

    condition: str
    values: dict[int, float]  # seed -> value, NaN if it cannot be measured
    indicator: bool
    diverged: list[int]
    used: frozenset[str] = frozenset()  # "kind: variable" of each variable that the values are computed from

    @property
    def counted(self) -> np.ndarray:
        """(seed,) values that the mean is over."""
        failed = self.diverged if self.indicator else []
        values = np.array([0.0 if seed in failed else value for seed, value in self.values.items()], float)
        return values[np.isfinite(values)]

    @property
    def mean(self) -> float:
        """Mean of what is counted; NaN if nothing is."""
        return float(self.counted.mean()) if len(self.counted) else np.nan

    def sound(self, seed: int) -> float:
        """The seed's value; NaN if it diverged."""
        return np.nan if seed in self.diverged else self.values[seed]

    @property
    def note(self) -> str:
        """Which seeds had no value or diverged; empty if none."""
        missing = [seed for seed, value in self.values.items() if not np.isfinite(value)]
        words = []
        if missing:
            words.append(
                f"{self.condition}: no value in {_seeds(missing)} of {len(self.values)}, {len(self.counted)} measured"
            )
        if self.diverged:
            meaning = "counted as 0" if self.indicator else "measured when last sound, not passing"
            words.append(f"{self.condition}: {_seeds(self.diverged)} of {len(self.values)} diverged, {meaning}")
        return "; ".join(words)


@dataclass(frozen=True)
class Estimate:
    """A mean, or a difference of means, with its bootstrap interval."""

    mean: float = np.nan
    low: float = np.nan
    high: float = np.nan


@dataclass(frozen=True)
class Outcome:
    """What came of a claim.

    baseline: the mean that values are compared with, 0 unless the claim is a comparison. control: what the same test
    says of networks of another condition.
    """

    claim: Claim
    verdict: Verdict
    note: str
    values: dict[int, float] = field(default_factory=dict)
    baseline: float = np.nan
    estimate: Estimate = Estimate()
    passing: int = 0  # seeds, of all
    effect: Estimate = Estimate()  # mean minus the reference's
    used: frozenset[str] = frozenset()  # as of a `Sample`
    control: "Outcome | None" = None


def judge(
    claim: Claim,
    networks: Mapping[str, list[NetworkResults]],
    rng: np.random.Generator,
    reference: str = "full",
    control: str = "untrained",
) -> Outcome:
    """Test a claim on the networks of each condition, and the same claim where it is not expected to hold.

    reference: the condition that effects are measured against, and the control of every other condition. control: that
    of the reference.
    """
    elsewhere = claim.control or (control if claim.condition == reference else reference)
    outcome = judge_one(claim, networks, rng, reference)
    return replace(outcome, control=judge_one(replace(claim, condition=elsewhere), networks, rng, reference))


def judge_one(
    claim: Claim, networks: Mapping[str, list[NetworkResults]], rng: np.random.Generator, reference: str
) -> Outcome:
    """Test a claim on the networks of its condition."""
    try:
        own = measure(claim, claim.condition, networks)
        other = measure(claim, claim.against, networks) if claim.against else None
    except NotInStudyError as missing:
        return Outcome(claim, Verdict.NOT_TESTED, str(missing))
    full = _reference(claim, networks, reference)
    samples = {sample.condition: sample for sample in (own, other, full) if sample}
    note = "; ".join(sample.note for sample in samples.values() if sample.note)
    baseline = other.mean if other else 0.0
    few = [sample.condition for sample in (own, other) if sample and len(sample.counted) < FEWEST_SEEDS]
    if few:
        too_few = f"{' and '.join(few)}: a value in fewer than {FEWEST_SEEDS} seeds"
        words = "; ".join(filter(None, [note, too_few]))
        return Outcome(claim, Verdict.NOT_TESTED, words, own.values, baseline, used=own.used)
    estimate = difference_of(own.counted, other.counted, rng) if other else mean_of(own.counted, rng)
    effect = estimate  # which it is, in a comparison with the reference itself
    if claim.against != reference:
        effect = difference_of(own.counted, full.counted, rng) if full else Estimate()
    passing = sum(is_passed(claim, own.sound(seed) - baseline) for seed in own.values)
    return Outcome(
        claim,
        verdict=decide(claim, estimate, passing, len(own.values)),
        note=note,
        values=own.values,
        baseline=baseline,
        estimate=estimate,
        passing=passing,
        effect=effect,
        used=own.used,
    )


def measure(claim: Claim, condition: str, networks: Mapping[str, list[NetworkResults]]) -> Sample:
    """The claim's statistic in every network of a condition. Raises NotInStudyError if there is none."""
    if not networks.get(condition):
        raise NotInStudyError(f"no condition {condition} in this study")
    of_condition = networks[condition]
    values, used = {}, set()
    for network in of_condition:
        watched = WatchedResults(network.results)
        values[network.seed] = float(claim.value(replace(network, results=watched)))
        used |= watched.used
    diverged = [network.seed for network in of_condition if network.diverged]
    return Sample(condition, values, claim.indicator, diverged, frozenset(used))


def is_passed(claim: Claim, value: float) -> bool:
    """Whether a value is on the claimed side; a missing one is not. An indicator passes where it is 1."""
    threshold = 1.0 if claim.indicator else claim.threshold
    return bool(claim.direction.sign * (value - threshold) >= 0)


def decide(claim: Claim, estimate: Estimate, passing: int, seeds: int) -> Verdict:
    """Holds if the whole interval is on the claimed side and most of all seeds pass; fails if it is on the other."""
    ends = [claim.direction.sign * (end - claim.threshold) for end in (estimate.low, estimate.high)]
    if max(ends) < 0:
        return Verdict.FAILS
    return Verdict.HOLDS if min(ends) >= 0 and passing > seeds / 2 else Verdict.MIXED


def mean_of(values: np.ndarray, rng: np.random.Generator) -> Estimate:
    """Mean of (seed,) values, with its interval."""
    return _estimate(values.mean(), _resampled_means(values, rng))


def difference_of(values: np.ndarray, others: np.ndarray, rng: np.random.Generator) -> Estimate:
    """Mean of values less mean of others, both (seed,); the interval resamples both."""
    return _estimate(values.mean() - others.mean(), _resampled_means(values, rng) - _resampled_means(others, rng))


def _resampled_means(values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return resampled(values, np.mean, DRAWS, rng)


def _estimate(mean: float, drawn: np.ndarray) -> Estimate:
    return Estimate(float(mean), *interval(drawn))


def _reference(claim: Claim, networks: Mapping[str, list[NetworkResults]], reference: str) -> Sample | None:
    """The statistic in the reference condition; None if the claim is about that, or too little is known of it."""
    if claim.condition == reference:
        return None
    try:
        sample = measure(claim, reference, networks)
    except NotInStudyError:
        return None
    return sample if len(sample.counted) >= FEWEST_SEEDS else None


def _seeds(seeds: list[int]) -> str:
    return f"seed{'s' * (len(seeds) > 1)} {', '.join(map(str, seeds))}"
