"""The network's state space, and its walk through an arena."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
import torch

from examples import ARENA, NETWORK, TRAJECTORIES
from sslgrid.basics.errors import InputError
from sslgrid.datasets.walks import open_walks, write_walks
from sslgrid.sic.batches import sample_batch
from sslgrid.sic.network import VelocityRNN, rollout
from sslgrid.sic.walking import WalkedSIC, shapes
from sslgrid.walks.activity import follow
from sslgrid.walks.walks import Walks


def network(**changes):
    return VelocityRNN(replace(NETWORK, **changes), np.random.default_rng(0)).to(torch.float64)


def walked(network: VelocityRNN) -> WalkedSIC:
    weights = {name: tensor.numpy() for name, tensor in network.state_dict().items()}
    assert {name: array.shape for name, array in weights.items()} == shapes(network.config)
    return WalkedSIC(network.config, weights)


def test_activity_is_non_negative_and_has_unit_norm():
    batch = sample_batch(TRAJECTORIES, 0, 0)
    net = network()
    states, silent = rollout(
        net.matrices(torch.from_numpy(batch.velocities)), net.initial_state(), torch.from_numpy(batch.order), "zero"
    )
    assert (states >= 0).all() and not silent.any()
    torch.testing.assert_close(states.norm(dim=-1), torch.ones(states.shape[:2], dtype=torch.float64))


ROUNDING = 1e-12  # of matrices in float64: torch's builds differ in the order in which they sum the rows of a batch


def off_identity(net):
    at_rest, moving = net.matrices(torch.tensor([[0.0, 0.0], [0.1, 0.1]], dtype=torch.float64))
    assert (moving - at_rest).abs().max() > 1e-3
    return (at_rest - torch.eye(NETWORK.units)).abs().max().item()


def test_a_step_of_no_length_changes_nothing():
    """With the identity kept whatever the weights, with the start before training alone."""
    kept, start, none = (network(identity=identity) for identity in ("kept", "start", "none"))
    assert off_identity(kept) < ROUNDING and off_identity(start) < 1e-7 and off_identity(none) > 0.1
    rng = torch.Generator().manual_seed(1)
    for net in (kept, start):
        for parameter in net.parameters():
            parameter.data.normal_(generator=rng)
    assert off_identity(kept) < ROUNDING and off_identity(start) > 0.1


def test_velocities_are_seen_in_units_of_their_scale():
    velocities = torch.tensor([[0.03, -0.1], [0.15, 0.0]], dtype=torch.float64)
    fine, coarse = network(velocity_scale=0.1), network(velocity_scale=0.3)
    torch.testing.assert_close(fine.matrices(velocities), coarse.matrices(3 * velocities))


def test_initial_state_is_learned_only_if_asked():
    assert network().start.requires_grad
    assert not network(learned_initial_state=False).start.requires_grad


@pytest.mark.parametrize("zero_rule", ["zero", "previous"])
@pytest.mark.parametrize("identity", ["kept", "start", "none"])
def test_a_push_is_the_derivative_of_a_step(zero_rule, identity):
    """Against automatic differentiation of the definition, at states of which some fall silent."""
    net = network(zero_rule=zero_rule, identity=identity)
    rng = np.random.default_rng([2])
    states = np.abs(rng.standard_normal((5, NETWORK.units)))
    states /= np.linalg.norm(states, axis=1, keepdims=True)
    steps, pushed = rng.uniform(-0.1, 0.1, (5, 2)), rng.standard_normal((*states.shape, 3))
    moved, after = walked(net).push(states, pushed, steps)
    for k, step in enumerate(steps):
        matrix = net.matrices(torch.from_numpy(step[None])).detach()

        def definition(state, matrix=matrix):
            return rollout(matrix, state, torch.zeros((1, 1), dtype=int), zero_rule)[0][0, 1]

        state = torch.from_numpy(states[k])
        torch.testing.assert_close(torch.from_numpy(moved[k]), definition(state))
        for j in range(3):
            _, expected = torch.autograd.functional.jvp(definition, state, torch.from_numpy(pushed[k, :, j]))
            torch.testing.assert_close(torch.from_numpy(after[k, :, j]), expected)


@pytest.mark.parametrize("zero_rule", ["zero", "previous"])
@pytest.mark.parametrize("identity", ["kept", "start", "none"])
@pytest.mark.parametrize("activation", ["gelu", "relu", "tanh"])
def test_following_a_walk_is_the_rollout_of_its_velocities(zero_rule, identity, activation):
    """What walks a trained network is held to the definition that is trained."""
    batch = sample_batch(TRAJECTORIES, 0, 0)
    net = network(zero_rule=zero_rule, identity=identity, activation=activation)
    if identity == "none":  # some states are silent, so that the zero rule is needed
        net.mlp[-1].bias.data -= 0.9
    states, silent = rollout(
        net.matrices(torch.from_numpy(batch.velocities)), net.initial_state(), torch.from_numpy(batch.order), zero_rule
    )
    assert silent.any() == (identity == "none")
    visits = list(follow(walked(net), Walks(batch.positions, np.zeros(batch.positions.shape[:2]))))
    np.testing.assert_allclose(np.stack([at for at, _ in visits], axis=1), batch.positions[:, 1:])
    np.testing.assert_allclose(np.stack([g for _, g in visits], axis=1), states[:, 1:].detach().numpy(), atol=1e-12)


@pytest.fixture
def walk_file(tmp_path, monkeypatch):
    """Walks that take several blocks to read."""
    monkeypatch.setattr("sslgrid.walks.activity.BLOCK", 20)
    steps = np.random.default_rng(0).uniform(-0.15, 0.15, (300, 200, 2))
    positions = np.concatenate([np.zeros((300, 1, 2)), np.cumsum(steps, axis=1) % 2 - 1], axis=1)
    walks = Walks(positions, np.zeros(positions.shape[:2]))
    write_walks(tmp_path / "walks.nc", walks, {})
    return tmp_path / "walks.nc", walks


def test_walks_from_a_file_give_the_same_bits(walk_file, monkeypatch):
    path, walks = walk_file
    with open_walks(path, ARENA) as opened:
        streamed = [(x, g.copy()) for x, g in follow(walked(network()), opened)]
    for (x, g), (same_x, same_g) in zip(streamed, follow(walked(network()), walks), strict=True):
        assert (x == same_x).all() and (g == same_g).all()
    assert len(streamed) == 200
    monkeypatch.setattr("sslgrid.walks.activity.BLOCK", 1000)
    for (_, g), (_, similar) in zip(streamed, follow(walked(network()), walks), strict=True):
        np.testing.assert_allclose(g, similar, atol=1e-12, err_msg="however many steps are read at once")


def test_following_does_not_hold_the_walks(walk_file, monkeypatch):
    monkeypatch.setattr("sslgrid.sic.walking.MATRICES", 1)  # which take memory of their own

    def peak(steps):
        with open_walks(walk_file[0], ARENA) as opened:
            tracemalloc.start()
            for _ in follow(net, Walks(*(each[:, : steps + 1] for each in opened))):
                pass
            return tracemalloc.get_traced_memory()[1], tracemalloc.stop()

    net = walked(network())
    peak(5)
    assert peak(200)[0] < 1.2 * peak(50)[0] < walk_file[1].positions.nbytes


def test_walks_of_another_arena_are_named(walk_file):
    with (
        pytest.raises(
            InputError, match=r"walks\.nc goes 1\.00 m from the centre; expected walks within the arena, 1 m wide"
        ),
        open_walks(walk_file[0], replace(ARENA, side=1.0)),
    ):
        pass
