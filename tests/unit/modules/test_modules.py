"""Modules: found by their nulls, told apart by lattice, and compared for commensurability."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sslgrid.modules.commensurability import Lattice, compare, fold, mismatches, superlattices
from sslgrid.modules.finding import SYMMETRY, find_modules, part_tentative
from sslgrid.modules.table import describe_modules
from sslgrid.spatial.gridness import HEXAGONAL, NO_LATTICE, SQUARE


def population(rng, *modules, loners=0):
    """Units of modules (kind, units, spacing, orientation), and loners of any spacing and direction."""
    kind, spacing, orientation = [], [], []
    for name, units, mean, turn in modules:
        kind += [name] * units
        spacing += list(mean * np.exp(rng.normal(0, 0.02, units)))
        orientation += list((turn + rng.normal(0, 1.0, units)) % SYMMETRY[name])
    kind += list(rng.integers(1, 3, loners))
    spacing += list(rng.uniform(0.4, 1.5, loners))
    orientation += list(rng.uniform(0, 60, loners))
    return np.array(kind), np.array(spacing), np.array(orientation)


def found(kind, spacing, orientation, gridness=1.0):
    rng = np.random.default_rng(0)
    return find_modules(kind, spacing, orientation, np.broadcast_to(gridness, len(kind)), np.ones(len(kind), bool), rng)


def test_modules_are_found_numbered_by_spacing_and_kept_apart_by_lattice():
    rng = np.random.default_rng(0)
    units = population(rng, (HEXAGONAL, 20, 1.2, 29), (HEXAGONAL, 15, 0.7, 0), (SQUARE, 10, 0.72, 45), loners=8)
    module = found(*units)
    assert (module[:20] == 2).all()
    assert set(module[20:35]) | set(module[35:45]) == {0, 1}
    assert len(set(module[20:35])) == len(set(module[35:45])) == 1, "orientation wraps around"
    assert (module[45:] == -1).sum() >= 7


@pytest.mark.parametrize("ratio", [1.0, 1.1, 1.2, 1.42])
def test_number_of_modules_follows_from_the_spread_and_not_from_a_fixed_gap(ratio):
    """Two modules of 2 % spread are two from a ratio of 1.1 on, and one when there is no ratio."""
    rng = np.random.default_rng(1)
    module = found(*population(rng, (HEXAGONAL, 15, 0.7, 10), (HEXAGONAL, 15, 0.7 * ratio, 10)))
    assert module.max() + 1 == (1 if ratio == 1.0 else 2)
    assert (module >= 0).mean() > 0.9


def test_modules_of_one_spacing_are_told_apart_by_orientation():
    module = found(*population(np.random.default_rng(2), (HEXAGONAL, 15, 0.7, 10), (HEXAGONAL, 15, 0.7, 25)))
    assert len(set(module[:15])) == len(set(module[15:])) == 1 and module[0] != module[-1]


def test_units_of_any_direction_form_no_module():
    """Of 50 populations with one spacing and no common direction, about one may pass: 1 in 100 for each kind."""
    rng = np.random.default_rng(3)
    passed = 0
    for _ in range(50):
        spacing = 0.8 * np.exp(rng.normal(0, 0.05, 24))
        kind = rng.integers(1, 3, 24)
        orientation = rng.uniform(0, np.where(kind == HEXAGONAL, 60, 90))
        passed += find_modules(kind, spacing, orientation, np.ones(24), np.ones(24, bool), rng).max() >= 0
    assert passed <= 4


def test_a_module_needs_a_lattice():
    units = population(np.random.default_rng(4), (SQUARE, 12, 0.8, 10))
    assert (found(*units, gridness=0.1) == -1).all()


def test_other_units_join_a_module_whose_lattice_they_share_and_found_none():
    rng = np.random.default_rng(6)
    kind, spacing, orientation = population(rng, (HEXAGONAL, 20, 0.7, 59.8), (HEXAGONAL, 10, 1.2, 30))
    founders = np.arange(30) < 12
    spacing[12:16], orientation[12:16] = 0.7, 0.1
    spacing[16:18], orientation[17:20] = 0.75, 5.0
    module = find_modules(kind, spacing, orientation, np.ones(30), founders, rng)
    assert (module[:16] == 0).all(), "those of the same lattice, on either side of zero, join"
    assert (module[16:] == -1).all(), "another spacing or orientation does not, and ten alike found nothing"


def test_a_module_without_a_significant_unit_is_tentative():
    module, spacing = np.repeat([0, 1, 2, -1], 4), np.repeat([0.5, 0.7, 1.2, np.nan], 4)
    significant = np.isin(np.arange(16), (1, 9, 15))  # one each of modules 0 and 2, and a unit of none
    sound, tentative = part_tentative(module, significant, spacing)
    assert sound.tolist() == [0] * 4 + [-1] * 4 + [1] * 4 + [-1] * 4, "numbered anew"
    assert tentative.tolist() == [-1] * 4 + [0] * 4 + [-1] * 8
    nothing = part_tentative(module, np.zeros(16, bool), spacing)
    assert (nothing[0] == -1).all() and (nothing[1] == module).all()


def test_no_lattices_no_modules():
    nothing = np.full(6, np.nan)
    assert (found(np.full(6, NO_LATTICE), nothing, nothing, nothing) == -1).all()
    assert (found(np.array([], int), *np.empty((3, 0))) == -1).all()


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 1000), turn=st.floats(0, 60), scale=st.floats(0.5, 2))
def test_modules_do_not_depend_on_the_frame_or_the_order(seed, turn, scale):
    rng = np.random.default_rng(seed)
    kind, spacing, orientation = population(rng, (HEXAGONAL, 12, 0.7, 20), (HEXAGONAL, 12, 1.1, 45))
    order = rng.permutation(len(kind))
    module = found(kind, spacing, orientation)
    again = found(kind[order], scale * spacing[order], (orientation[order] + turn) % 60)
    np.testing.assert_array_equal(again, module[order])


def test_table_says_what_the_modules_are():
    kind, spacing, orientation = population(np.random.default_rng(5), (HEXAGONAL, 9, 0.5, 59.5), (SQUARE, 7, 0.9, 30))
    tuning = {
        "module": np.append(np.repeat([0, 1], [9, 7]), -1),
        "spacing": np.append(spacing, np.nan),
        "orientation": np.append(orientation, np.nan),
        "ellipticity": np.full(17, 1.1),
        "gridness60": np.append(np.where(kind == HEXAGONAL, 1.2, -0.5), 0),
        "gridness90": np.append(np.where(kind == SQUARE, 1.2, -0.5), 0),
    }
    table = describe_modules(tuning)
    assert list(table["units"]) == [9, 7] and list(table["kind"]) == [HEXAGONAL, SQUARE]
    np.testing.assert_allclose(table["spacing"], [0.5, 0.9], rtol=0.03)
    assert fold(table["orientation"][0] - 59.5, HEXAGONAL) < 1.5, "the mean goes round the circle"
    np.testing.assert_allclose(table["ratio_to_next"], [table["spacing"][1] / table["spacing"][0], np.nan])
    assert len(describe_modules({**tuning, "module": np.full(17, -1)})["units"]) == 0


def lattice(kind, spacing, orientation, units=20):
    rng = np.random.default_rng(0)
    spread = spacing * np.exp(rng.normal(0, 0.01, units)), (orientation + rng.normal(0, 0.5, units)) % SYMMETRY[kind]
    return Lattice(kind, *spread)


def test_superlattices_are_those_of_the_textbook():
    ratios, turns, indices = superlattices(HEXAGONAL)
    assert list(indices) == [1, 3, 4, 7]
    np.testing.assert_allclose(turns, [0, 30, 0, 19.107], atol=1e-3)
    np.testing.assert_allclose(ratios**2, indices)
    ratios, turns, indices = superlattices(SQUARE)
    assert list(indices) == [1, 2, 4, 5]
    np.testing.assert_allclose(turns, [0, 45, 0, 26.565], atol=1e-3)


@pytest.mark.parametrize(
    "kind, index, ratio, turn", [(HEXAGONAL, 3, 3**0.5, 30), (HEXAGONAL, 4, 2, 0), (SQUARE, 2, 2**0.5, 45)]
)
def test_superlattices_are_recognised(kind, index, ratio, turn):
    found = compare(lattice(kind, 0.7, 5), lattice(kind, 0.7 * ratio, 5 - turn), 2000, np.random.default_rng(0))
    assert found["index"] == index and found["mismatch"] < 0.02 and found["p_value"] < 0.01
    assert found["ratio_low"] < ratio < found["ratio_high"]


def test_unrelated_modules_are_not_commensurate_and_p_is_uniform_for_them():
    found = compare(lattice(HEXAGONAL, 0.7, 5), lattice(HEXAGONAL, 0.7 * 1.42, 15), 2000, np.random.default_rng(0))
    assert found["p_value"] > 0.2
    rng = np.random.default_rng(1)
    p = [
        compare(lattice(HEXAGONAL, 0.5, 0), lattice(HEXAGONAL, 0.5 * 3 ** rng.uniform(), rng.uniform(0, 30)), 500, rng)[
            "p_value"
        ]
        for _ in range(100)
    ]
    assert abs(np.mean(p) - 0.5) < 0.1 and np.mean(np.array(p) < 0.1) < 0.2


def test_kinds_are_not_compared():
    found = compare(lattice(HEXAGONAL, 0.7, 5), lattice(SQUARE, 1.0, 15), 100, np.random.default_rng(0))
    assert np.isnan(found["mismatch"]) and np.isnan(found["p_value"]) and 1.4 < found["ratio"] < 1.46


@given(turn=st.floats(-400, 400))
def test_turn_is_the_same_in_either_direction(turn):
    assert 0 <= fold(turn, HEXAGONAL) <= 30
    np.testing.assert_allclose(fold(-turn, HEXAGONAL), fold(turn, HEXAGONAL), atol=1e-9)
    assert (mismatches(1.5, fold(turn, SQUARE), SQUARE) >= 0).all()
