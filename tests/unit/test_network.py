"""The network's state space, and its walk through an arena."""

from dataclasses import replace

import numpy as np
import torch

from examples import NETWORK, TRAJECTORIES
from sslgrid.activity import follow
from sslgrid.networks.velocity_rnn import VelocityRNN, rollout
from sslgrid.trajectories import sample_batch


def network(**changes):
    return VelocityRNN(replace(NETWORK, **changes), torch.Generator().manual_seed(0)).to(torch.float64)


def test_activity_is_non_negative_and_has_unit_norm():
    batch = sample_batch(TRAJECTORIES, 0, 0)
    net = network()
    states, silent = rollout(
        net.matrices(torch.from_numpy(batch.velocities)), net.initial_state(), torch.from_numpy(batch.order), "zero"
    )
    assert (states >= 0).all() and not silent.any()
    torch.testing.assert_close(states.norm(dim=-1), torch.ones(states.shape[:2], dtype=torch.float64))


def test_identity_start_keeps_the_state_where_it_is():
    net = network()
    at_rest = net.matrices(torch.zeros(1, 2).double())
    torch.testing.assert_close(at_rest[0], torch.eye(NETWORK.units).double(), rtol=0, atol=1e-7)
    assert (net.matrices(torch.full((1, 2), 0.1).double()) - at_rest).abs().max() > 1e-3
    plain = network(identity_start=False).matrices(torch.zeros(1, 2).double())
    assert (plain - torch.eye(NETWORK.units)).abs().max() > 0.1


def test_initial_state_is_learned_only_if_asked():
    assert network().start.requires_grad
    assert not network(learned_initial_state=False).start.requires_grad


def test_following_a_walk_is_the_rollout_of_its_velocities():
    batch = sample_batch(TRAJECTORIES, 0, 0)
    net = network()
    states, _ = rollout(
        net.matrices(torch.from_numpy(batch.velocities)), net.initial_state(), torch.from_numpy(batch.order), "zero"
    )
    visits = list(follow(net, batch.positions))
    np.testing.assert_allclose(np.stack([at for at, _ in visits], axis=1), batch.positions[:, 1:])
    np.testing.assert_allclose(np.stack([g for _, g in visits], axis=1), states[:, 1:].detach().numpy(), atol=1e-12)
