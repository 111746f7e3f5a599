"""The localisation objective and its gradient, fast: backpropagation through time by hand, some trials at a time.

As few trials are walked at once as still make dense products efficient, in memory that is used again and again: their
rates stay near the processor, where all trials at once would go to main memory and back for each line of the formula.
One dense product per step each way; gradients of weights are large products over all steps at the end, where autograd
would add up many small ones. Plain torch calls, so a GPU runs the same code.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from sslgrid.localiser.network import RateRNN
from sslgrid.localiser.objective import Terms, Weights, noise_chunks, weigh
from sslgrid.localiser.paths import Paths


class Sums(NamedTuple):
    """What is added up over trials."""

    error: Tensor  # squares of the read-out's errors
    rates: Tensor  # squares of the rates
    recurrent: Tensor  # gradients: (N, N)
    input: Tensor  # (N, K + 1), the last column that of the bias
    output: Tensor  # (2, N)


class Descent:
    """Call it with a batch of paths to leave the gradient in the network's parameters; returns the loss and its terms.

    `sslgrid.localiser.objective.objective` is the definition.
    """

    def __init__(self, network: RateRNN, config: Weights):
        self.network, self.config = network, config
        self.buffers: dict[tuple[int, int], tuple[Tensor, Tensor, Tensor]] = {}

    @torch.no_grad()
    def __call__(self, paths: Paths, gradient: bool = True) -> tuple[Tensor, Terms]:
        """Paths as `localisation.sample_paths` returns them; gradient: False for the loss alone."""
        network, (T, M) = self.network, paths.speeds.shape
        inputs = network.inputs(paths.speeds, paths.headings)
        inputs = torch.cat([inputs, torch.ones_like(inputs[..., :1])], dim=-1)  # the last one is the bias's
        weights = torch.cat([network.input, network.bias[:, None]], dim=1)
        shaped = (torch.zeros_like(each) for each in (network.recurrent, weights, network.output))
        sums = Sums(inputs.new_zeros(()), inputs.new_zeros(()), *shaped)
        for trials, noise in noise_chunks(paths, network):
            given, positions = inputs[:, trials].flatten(0, 1), paths.positions[:, trials].flatten(0, 1)
            rates, activity, work = self._follow(given, weights, noise, T)
            error = torch.addmm(positions, rates[1:].flatten(0, 1), network.output.T, beta=-1)
            sums.error.add_(error.square().sum())
            sums.rates.add_(torch.linalg.vector_norm(rates).square())
            if gradient:
                cost = self.config.rates / (T * M * network.config.units)
                self._go_back(given, rates, activity, error.div_(T * M), work, cost, sums)
        terms = Terms(
            sums.error / (2 * T * M), network.input.square().mean() + network.output.square().mean(),
            sums.rates / (T * M * network.config.units),
        )  # fmt: skip
        if gradient:
            self._leave(sums)
        return weigh(terms, self.config), terms

    def _follow(self, given: Tensor, weights: Tensor, noise: Tensor | None, T: int) -> tuple[Tensor, Tensor, Tensor]:
        """h (T + 1, m, N) of m trials, f(x) (T, m, N), and memory (T, m, N) to work in. given: inputs (T m, K + 1)."""
        network, (m, N) = self.network, (len(given) // T, self.network.config.units)
        rate_noise = noise if network.config.noise_on == "rates" else None
        if (T, m) not in self.buffers:
            rates = given.new_zeros(T + 1, m, N)
            activity = rates[1:] if rate_noise is None else given.new_empty(T, m, N)
            self.buffers[T, m] = rates, activity, given.new_empty(T, m, N)
        rates, activity, work = self.buffers[T, m]
        drive = work.view(-1, N)
        if noise is None or rate_noise is not None:
            torch.mm(given, network.leak * weights.T, out=drive)
        else:
            torch.addmm(noise.view(-1, N), given, network.leak * weights.T, beta=network.step_noise, out=drive)
        if rate_noise is not None:
            rate_noise.mul_(network.step_noise)
        walk_forward(network.recurrent, work, network.leak, rates, activity, network.config.rates, rate_noise)
        return rates, activity, work

    def _go_back(
        self, given: Tensor, rates: Tensor, activity: Tensor, of_read_out: Tensor, work: Tensor, cost: float, sums: Sums
    ) -> None:
        """Add to the gradients. of_read_out: dL/dy (T m, 2); cost: dL/dh is 2 cost h by itself."""
        network, N = self.network, rates.shape[2]
        h, grad = rates[1:].view(-1, N), work.view(-1, N)
        sums.output.addmm_(of_read_out.T, h)
        torch.mul(h, 2 * cost, out=grad).addmm_(of_read_out, network.output)
        walk_backward(network.recurrent, activity, work, network.leak, network.config.rates)
        sums.recurrent.addmm_(grad.T, rates[:-1].view(-1, N), alpha=network.leak)
        sums.input.addmm_(grad.T, given, alpha=network.leak)

    def _leave(self, sums: Sums) -> None:
        """The gradients, with those of R_L2, in the parameters."""
        network, decay = self.network, 2 * self.config.weights
        network.recurrent.grad, network.bias.grad = sums.recurrent, sums.input[:, -1].clone()
        network.input.grad = sums.input[:, :-1] + decay / network.input.numel() * network.input
        network.output.grad = sums.output + decay / network.output.numel() * network.output


def walk_forward(
    recurrent: Tensor,
    drive: Tensor,
    leak: float,
    rates: Tensor,
    activity: Tensor,
    function: str = "tanh",
    noise: Tensor | None = None,
) -> None:
    """Fill h in rates[1:] (T + 1, M, N), of which the first are 0, and f(x) in activity (T, M, N).

    drive (T, M, N) becomes x. Without noise (T, M, N) on the rates, activity must be the very memory of rates[1:].
    """
    scaled = leak * recurrent.T
    for t, x in enumerate(drive):
        x.addmm_(rates[t], scaled)
        if t > 0:
            x.add_(drive[t - 1], alpha=1 - leak)
        torch.tanh(x, out=activity[t])
        if function == "rectified":
            activity[t].relu_()
        if noise is not None:
            torch.add(activity[t], noise[t], out=rates[t + 1])


def walk_backward(
    recurrent: Tensor,
    activity: Tensor,
    grad: Tensor,
    leak: float,
    function: str = "tanh",
    of_state: Tensor | None = None,
) -> None:
    """Turn dL/dh (T, M, N) into dL/d(drive), which is dL/dx too.

    activity: f(x) (T, M, N), as `walk_forward` leaves it; of_state: what L depends on x (T, M, N) besides.
    """
    scaled, last = leak * recurrent, len(grad) - 1
    for t in range(last, -1, -1):
        if t < last:
            grad[t].addmm_(grad[t + 1], scaled)
        torch.ops.aten.tanh_backward(grad[t], activity[t], grad_input=grad[t])
        if function == "rectified":
            grad[t].mul_(activity[t] > 0)
        if of_state is not None:
            grad[t].add_(of_state[t])
        if t < last:
            grad[t].add_(grad[t + 1], alpha=1 - leak)
