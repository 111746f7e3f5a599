"""The weights of R_L2 and R_FR: kept, or adapted so that each term stays a share of the error."""

from dataclasses import replace

import pytest

from sslgrid.localiser.config import LocalisationLossConfig
from sslgrid.localiser.penalties import Penalties

AUTHORS = LocalisationLossConfig(weights=0.5, rates=0.1, rule="adaptive")


def adapted(config=AUTHORS, error=1.0, weights=0.0, rates=0.0, steps=1) -> tuple[float, float]:
    """Both weights, in units of what they were, after a step with these terms of the loss (weighted, of the error)."""
    penalties = Penalties.first(config)
    penalties.adapt(config, error, weights * error / config.weights, rates * error / config.rates, steps)
    return penalties.weights / config.weights, penalties.rates / config.rates


@pytest.mark.parametrize("error", [1e-3, 1.0])
@pytest.mark.parametrize(
    "weights, change", [(0.0009, 1.5), (0.00099, 1.5), (0.0011, 1), (0.05, 1), (0.166, 1), (0.167, 2 / 3), (3, 2 / 3)]
)
def test_the_term_of_the_weights_is_kept_between_a_thousandth_and_a_sixth_of_the_error(error, weights, change):
    assert adapted(error=error, weights=weights, rates=0.1) == (pytest.approx(change), 1)


@pytest.mark.parametrize("error", [1e-3, 1.0])
@pytest.mark.parametrize("rates, change", [(0.0, 1.5), (0.0249, 1.5), (0.0251, 1), (0.249, 1), (0.251, 2 / 3)])
def test_the_term_of_the_rates_is_kept_between_a_fortieth_and_a_quarter_of_the_error(error, rates, change):
    assert adapted(error=error, weights=0.05, rates=rates) == (1, pytest.approx(change))


def test_a_falling_error_takes_both_weights_down_with_it():
    """While the terms themselves stay; as with the authors, whose weights end near 1e-5 and 0.01."""
    penalties, error = Penalties.first(AUTHORS), 0.5
    for step in range(1, 200):
        error = max(0.95 * error, 1e-3)
        penalties.adapt(AUTHORS, error, 1.0, 0.05, step)
    assert 0.001 * error < penalties.weights < error / 6
    assert error / 40 < 0.05 * penalties.rates < error / 4


def test_fixed_weights_stay():
    assert adapted(replace(AUTHORS, rule="fixed"), weights=3, rates=0.0) == (1, 1)


def test_bounds_factor_and_interval_are_the_configs():
    config = replace(AUTHORS, rates_shares=(0.3, 0.5), weights_shares=(0.0, 2.0), factor=2.0, adapt_every=5)
    assert adapted(config, weights=1, rates=0.2, steps=5) == (1, 2)
    assert adapted(config, weights=3, rates=0.6, steps=10) == (0.5, 0.5)
    assert adapted(config, weights=3, rates=0.6, steps=4) == (1, 1)
