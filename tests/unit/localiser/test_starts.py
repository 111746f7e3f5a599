"""The first weights of localisers: the laws of the paper and of the authors' code."""

from dataclasses import replace

import numpy as np
import pytest

from sslgrid.localiser.config import RateNetworkConfig
from sslgrid.localiser.network import RateRNN
from sslgrid.localiser.starts import first_weights, uniform_orthogonal

PAPER = RateNetworkConfig(
    units=80, time_constant=10.0, noise=0.1, inputs="angle", speed_scale=1.0, recurrent_start="orthogonal", gain=1.0
)
AUTHORS = replace(PAPER, zero_diagonal=True, output_gain=0.01, bias_mean=0.1, bias_deviation=0.01)


def drawn(config: RateNetworkConfig, seed=0) -> dict[str, np.ndarray]:
    return first_weights(config, 2, np.random.default_rng(seed))


def test_the_paper_draws_recurrent_and_input_weights_and_no_others():
    weights, normal = drawn(PAPER), drawn(replace(PAPER, recurrent_start="normal", gain=1.5))
    np.testing.assert_allclose(weights["recurrent"] @ weights["recurrent"].T, np.eye(80), atol=1e-12)
    assert normal["recurrent"].std() == pytest.approx(1.5 / 80**0.5, rel=0.05)
    assert weights["input"].std() == pytest.approx(2**-0.5, rel=0.15)
    assert not weights["bias"].any() and not weights["output"].any()


def test_the_authors_code_draws_small_read_outs_and_biases_and_no_connections_to_oneself():
    weights, without = drawn(AUTHORS), drawn(PAPER)
    assert (weights["recurrent"].diagonal() == 0).all()
    off = ~np.eye(80, dtype=bool)
    assert (weights["recurrent"][off] == without["recurrent"][off]).all()
    assert weights["output"].std() == pytest.approx(0.01 / 80**0.5, rel=0.2)
    assert weights["bias"].mean() == pytest.approx(0.1, abs=0.005)
    assert weights["bias"].std() == pytest.approx(0.01, rel=0.3)


def test_one_option_leaves_the_draws_of_the_others_alone():
    changed = drawn(replace(AUTHORS, recurrent_start="normal", output_gain=0.0, zero_diagonal=False))
    assert (changed["input"] == drawn(AUTHORS)["input"]).all()
    assert (changed["bias"] == drawn(AUTHORS)["bias"]).all()


def test_orthogonal_matrices_are_as_often_one_way_as_the_other():
    """Uniform among the orthogonal ones: any entry has mean 0 and variance 1 / N, the signs of all axes are free."""
    rng = np.random.default_rng(3)
    matrices = np.stack([uniform_orthogonal(rng.standard_normal((5, 5))) for _ in range(2000)])
    assert abs(matrices.mean(axis=0)).max() < 0.05
    np.testing.assert_allclose(matrices.var(axis=0), 1 / 5, atol=0.03)
    assert abs((np.linalg.det(matrices) > 0).mean() - 0.5) < 0.05


def test_an_orthogonal_matrix_is_kept_and_what_is_given_is_not_changed():
    given = np.array([[3.0, 4.0], [4.0, -3.0]])
    np.testing.assert_allclose(uniform_orthogonal(given), given / 5, atol=1e-15)
    assert given[0, 0] == 3


def test_a_network_is_drawn_from_its_generator_alone_and_empty_without_one():
    one, again, other = (RateRNN(AUTHORS, np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert (one.recurrent == again.recurrent).all() and (one.recurrent != other.recurrent).any()
    np.testing.assert_allclose(one.bias.detach(), drawn(AUTHORS)["bias"], rtol=1e-6)
    assert not any(each.any() for each in RateRNN(AUTHORS).parameters())
