"""The SIC network: `g_t = Norm(ReLU(W(v_t) g_{t-1}))` with `W(v) = MLP(v)` (Schaeffer et al. 2023, section 3).

Where the identity is kept, `W(v) = I + MLP(v) - MLP(0)`: a step of no length changes nothing, before, during and after
training. Where training only starts with it, `W(v) = I + MLP(v)` with `MLP(0) = 0` at first.

Activity is non-negative and has unit norm: it lives on the positive orthant of a sphere. There is no read-out.
"""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn

from sslgrid.sic.architecture import NetworkConfig
from sslgrid.sic.starts import KEPT, START, first_weights

ACTIVATIONS = {"gelu": nn.GELU, "relu": nn.ReLU, "tanh": nn.Tanh}
MATRICES = 1000  # W(v) that evaluation makes at once: for a few walks, one by one is mostly overhead


def normalise(drive: Tensor, previous: Tensor, zero_rule: str) -> tuple[Tensor, Tensor]:
    """Norm(ReLU(drive)) (..., N), and where the zero rule was needed (...); drive and previous (..., N).

    The zero vector has no direction. `zero_rule` says what stands in for it: "zero" leaves it the zero vector (the
    network then stays silent for the rest of the trajectory), "previous" keeps the state of the step before.
    """
    rectified = torch.relu(drive)
    norm = rectified.norm(dim=-1, keepdim=True)
    silent = norm == 0
    unit = rectified / torch.where(silent, 1.0, norm)
    if zero_rule == "previous":
        unit = torch.where(silent, previous, unit)
    return unit, silent[..., 0]


def rollout(matrices: Tensor, initial_state: Tensor, order: Tensor, zero_rule: str) -> tuple[Tensor, Tensor]:
    """Walk every trajectory of a batch: the plain definition that the engines are held to.

    matrices: (T, N, N), `matrices[k, j, i]` the weight from unit j to unit i at velocity k.
    initial_state: (N,). order: (B, T), which velocity is taken when.
    Returns the states (B, T + 1, N), the initial one included, and where the zero rule was needed (B, T).
    """
    state = initial_state.expand(len(order), -1)  # (B, N)
    states, silences = [state], []
    for k in order.unbind(dim=1):
        drive = torch.einsum("bj,bji->bi", state, matrices[k])
        state, silent = normalise(drive, state, zero_rule)
        states.append(state)
        silences.append(silent)
    return torch.stack(states, dim=1), torch.stack(silences, dim=1)


class VelocityRNN(nn.Module):
    """Weights of the SIC network. The rollout is separate because engines replace it, not the weights."""

    def __init__(self, config: NetworkConfig, rng: np.random.Generator | None = None):
        """With the first weights that `rng` draws (`starts.py`), or with none yet, to be loaded."""
        super().__init__()
        self.config = config
        N, width = config.units, config.hidden_units
        layers: list[nn.Module] = []  # whose own first weights are not kept
        for fan_in in [2] + [width] * (config.hidden_layers - 1):
            layers += [nn.Linear(fan_in, width), ACTIVATIONS[config.activation]()]
        kept = config.identity == KEPT
        layers.append(nn.Linear(width, N * N, bias=not kept))
        self.mlp = nn.Sequential(*layers)
        self.start = nn.Parameter(torch.empty(N), requires_grad=config.learned_initial_state)
        if rng is not None:
            drawn = first_weights(config, rng)
            self.load_state_dict({name: torch.from_numpy(array) for name, array in drawn.items()})

    def matrices(self, velocities: Tensor) -> Tensor:
        """W(v): (T, 2) m per step -> (T, N, N), from unit (dim 1) to unit (dim 2)."""
        N, last = self.config.units, self.mlp[-1]
        scaled = velocities / self.config.velocity_scale
        identity = torch.eye(N, dtype=last.weight.dtype, device=last.weight.device).flatten()
        if self.config.identity == KEPT:
            hidden = self.mlp[:-1](nn.functional.pad(scaled, (0, 0, 0, 1)))  # at rest in the last row
            hidden, bias = hidden[:-1] - hidden[-1], identity
        else:  # the identity is added to the bias, which is T times smaller than W
            hidden = self.mlp[:-1](scaled)
            bias = last.bias + identity if self.config.identity == START else last.bias
        return nn.functional.linear(hidden, last.weight, bias).view(-1, N, N)

    def initial_state(self) -> Tensor:
        """g_0: (N,), on the positive orthant of the sphere like every other state."""
        return normalise(self.start, torch.zeros_like(self.start), "zero")[0]

    def rest(self, walks: int) -> Tensor:
        """g_0 of each walk: (walk, N). From here on: how evaluation walks the network, as in `activity.Network`."""
        return self.initial_state().expand(walks, -1)

    def move(self, state: Tensor, steps: Tensor, headings: Tensor) -> Iterator[Tensor]:
        """g (walk, N) after each of some steps (walk, step, 2) m."""
        walks, N = state.shape
        for some in steps.split(max(1, MATRICES // walks), dim=1):
            matrices = self.matrices(some.reshape(-1, 2)).view(walks, -1, N, N)
            for matrix in matrices.unbind(dim=1):
                drive = torch.bmm(state[:, None], matrix)[:, 0]
                state = normalise(drive, state, self.config.zero_rule)[0]
                yield state

    def activity(self, state: Tensor) -> Tensor:
        """The state itself."""
        return state
