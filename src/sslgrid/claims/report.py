"""The ledger as a table and as a page."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sslgrid.basics.bootstrap import CONFIDENCE
from sslgrid.claims.verdicts import DRAWS, Claim, Direction, Estimate, Outcome, Verdict

SIGNS = {Direction.AT_LEAST: "≥", Direction.AT_MOST: "≤"}
NO_VALUE = "n/a"
HEADER = f"""# Claims

Each row is one claim as a test on data, with a threshold chosen beforehand for the reason given at the end. The unit of
the test is the seed: the statistic is one number per network, the estimate its mean over seeds, in brackets the
{CONFIDENCE:.0f} % percentile interval of {DRAWS:,} bootstrap draws over seeds.

- **holds**: the whole interval is on the claimed side of the threshold, and more than half of all seeds pass.
- **fails**: the whole interval is on the other side.
- **mixed**: anything else.
- **not tested**: the condition is not in this study, or fewer than two of its seeds have a value.

Read intervals with care. n, the number of seeds, is small: of two or three the interval is the range from the lowest to
the highest. For normal values it covers the true mean about 50 % of the time with two seeds, 75 % with three and 83 %
with five, not 95 %. Equal values have an interval without width: the seeds agree, which does not make the estimate
certain. No claim is corrected for the number of claims.

A seed without a value, or whose training diverged, is named in the note and counts as not passing. The estimate is over
the seeds that have a value: a network without two modules says nothing of how its modules fit together. The value of a
network that diverged is that of its last sound snapshot, and 0 in a share of seeds.

**Can the claim fail?** The column "control" has the same statistic and the same test on networks of another condition,
whose name it gives: untrained networks for the claims about the full model, and the full model for the claims about any
other condition. A claim that holds in its control as well says nothing of what it is about.
"""

ORIGINS = """
## From a number to its data

The function takes the value of one network from these variables. A file of a kind is at
`results/<kind>/<condition>/seed<k>`, in the arena that the figures show where it is about one (results/README.md).
"""


def table_of(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """A row per claim."""
    return pd.DataFrame([_row(outcome) for outcome in outcomes])


def markdown(table: pd.DataFrame, reference: str = "full") -> str:
    """The page: what the verdicts mean, their count, a table of claims and one of thresholds.

    reference: the condition that effects are measured against.
    """
    counts = table["verdict"].value_counts()
    tally = ", ".join(f"{counts.get(verdict, 0)} {verdict}" for verdict in Verdict)
    claims = [
        [
            f"**{row.words}** (`{row.claim}`)",
            row.source,
            f"{row.statistic}: {threshold_in_words(row)}",
            estimate_in_words(row.estimate, row.low, row.high),
            passing_in_words(row),
            estimate_in_words(row.effect, row.effect_low, row.effect_high),
            f"**{row.verdict}**",
            control_in_words(row),
            row.note,
        ]
        for row in table.itertuples()
    ]
    reasons = [[f"`{row.claim}`", threshold_in_words(row), row.reason, row.values] for row in table.itertuples()]
    origins = [[f"`{row.claim}`", f"`{row.function}`", row.data] for row in table.itertuples()]
    against = f"against {reference}"
    columns = ("claim", "source", "statistic", "estimate", "seeds passing", against, "verdict", "control", "note")
    return "\n".join(
        [
            HEADER,
            f'"{against.capitalize()}" is the mean minus that of the condition `{reference}`, with both resampled.\n',
            f"Of {len(table)} claims: {tally}.\n",
            *table_lines(columns, claims),
            "\n## Thresholds, and the values by seed\n",
            *table_lines(("claim", "threshold", "because", "values"), reasons),
            ORIGINS,
            *table_lines(("claim", "function", "kind of file: variable"), origins),
            "",
        ]
    )


def threshold_in_words(row) -> str:
    """E.g. "≥ 0.5", or "≥ -0.1 against full"; row: of the table."""
    against = f" against {row.against}" if row.against else ""
    return f"{SIGNS[Direction(row.direction)]} {row.threshold:g}{against}"


def estimate_in_words(mean: float, low: float, high: float) -> str:
    """E.g. "0.8 [0.4, 1]"; empty if nothing is known."""
    if not np.isfinite(mean):
        return ""
    return f"{mean:.3g} [{low:.3g}, {high:.3g}]"


def control_in_words(row) -> str:
    """E.g. "untrained: 0 [0, 0], fails"; row: of the table."""
    estimate = estimate_in_words(row.control_estimate, row.control_low, row.control_high)
    return f"{row.control}: {', '.join(filter(None, [estimate, row.control_verdict]))}"


def passing_in_words(row) -> str:
    """E.g. "4 of 5", or "0 of 5 (4 measured)" if a seed has no value; of a claim that was not tested, n/a."""
    if row.verdict == Verdict.NOT_TESTED:
        return NO_VALUE
    measured = f" ({row.measured} measured)" if row.measured < row.seeds else ""
    return f"{row.passing} of {row.seeds}{measured}"


def function_of(claim: Claim) -> str:
    """The function that computes the statistic, e.g. "sslgrid.claims.statistics.modules_between"."""
    return f"{claim.value.__module__}.{claim.value.__qualname__.split('.')[0]}"


def _row(outcome: Outcome) -> dict:
    claim, control = outcome.claim, outcome.control
    if control is None:
        raise ValueError(f"{claim.id} was not tested in its control: expected an outcome of `test_all`")
    return {
        "claim": claim.id,
        "words": claim.words,
        "source": claim.source,
        "condition": claim.condition,
        "against": claim.against or "",
        "statistic": claim.statistic,
        "direction": claim.direction.value,
        "threshold": claim.threshold,
        "reason": claim.reason,
        "seeds": len(outcome.values),
        "measured": sum(np.isfinite(list(outcome.values.values()))),
        "passing": outcome.passing,
        **_columns("estimate", "", outcome.estimate),
        **_columns("effect", "effect_", outcome.effect),
        "baseline": outcome.baseline,
        "verdict": outcome.verdict.value,
        "control": control.claim.condition,
        "control_estimate": control.estimate.mean,
        "control_low": control.estimate.low,
        "control_high": control.estimate.high,
        "control_verdict": control.verdict.value,
        "note": outcome.note,
        "function": function_of(claim),
        "data": "; ".join(sorted(outcome.used)),
        "values": "; ".join(f"{seed}: {_number(value)}" for seed, value in outcome.values.items()),
    }


def read_table(path: Path) -> pd.DataFrame:
    """The table that `table_of` made, from its csv file; `values` as (seed -> value) again, NaN for none."""
    text = ["against", "note", "data", "values"]
    table = pd.read_csv(path, dtype=dict.fromkeys(text, str)).fillna(dict.fromkeys(text, ""))
    return table.assign(values=table["values"].map(_values))


def _values(text: str) -> dict[int, float]:
    pairs = (pair.split(": ") for pair in text.split("; ") if pair)
    return {int(seed): np.nan if value == NO_VALUE else float(value) for seed, value in pairs}


def _columns(name: str, prefix: str, estimate: Estimate) -> dict[str, float]:
    return {name: estimate.mean, f"{prefix}low": estimate.low, f"{prefix}high": estimate.high}


def _number(value: float) -> str:
    return f"{value:.4g}" if np.isfinite(value) else NO_VALUE


def table_lines(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A markdown table, line by line; a bar in a cell would end it."""
    cells = [columns, ["---"] * len(columns), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return [f"| {' | '.join(row)} |" for row in cells]
