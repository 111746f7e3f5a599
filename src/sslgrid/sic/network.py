"""The SIC network: `g_t = Norm(ReLU(W(v_t) g_{t-1}))` with `W(v) = MLP(v)` (Schaeffer et al. 2023, section 3).

Where the identity is kept, `W(v) = I + MLP(v) - MLP(0)`: a step of no length changes nothing, before, during and after
training. Where training only starts with it, `W(v) = I + MLP(v)` with `MLP(0) = 0` at first.

Activity is non-negative and has unit norm: it lives on the positive orthant of a sphere. There is no read-out.
"""

import numpy as np
import torch
from torch import Tensor, nn

from sslgrid.sic.architecture import KEPT, START, NetworkConfig
from sslgrid.sic.starts import first_weights

ACTIVATIONS = {"gelu": nn.GELU, "relu": nn.ReLU, "tanh": nn.Tanh}


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

    @property
    def linear(self) -> list[nn.Linear]:
        """The MLP's layers without their activations, the last one included."""
        return [layer for layer in self.mlp if isinstance(layer, nn.Linear)]

    def matrices(self, velocities: Tensor) -> Tensor:
        """W(v): (T, 2) m per step -> (T, N, N), from unit (dim 1) to unit (dim 2)."""
        N, last = self.config.units, self.linear[-1]
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
