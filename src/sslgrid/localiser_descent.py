"""One step of a localiser, along the gradient or Hessian-free; and its training as a task."""

from collections.abc import Callable, Iterable

import torch
from pytorch_optimizer import SOAP
from torch import Tensor
from torch.nn.utils import clip_grad_norm_, parameters_to_vector, vector_to_parameters

from sslgrid import hessian_free
from sslgrid.config.localiser import LocaliserConfig
from sslgrid.curvature import Curvature
from sslgrid.datasets.training import LOCALISER_COLUMNS
from sslgrid.engine.rate_descent import Descent
from sslgrid.hessian_free import Problem, Search
from sslgrid.localisation import Paths, Terms, sample_paths, share_at_rest
from sslgrid.networks.rate_rnn import RateRNN
from sslgrid.training import Training, Values, check, learning_rate
from sslgrid.trajectories import WEIGHT_STREAM, generator


def _soap(parameters: Iterable[Tensor], betas: tuple[float, float]) -> torch.optim.Optimizer:
    """Adam in the eigenbasis of each weight's Shampoo preconditioner (Vyas et al. 2025).

    It takes a tenth of Adam's steps here, and less: what a recurrent network must learn about time has curvatures of
    very different size, which do not lie along its single weights.
    """
    return SOAP(parameters, lr=0.0, betas=betas, weight_decay=0.0)


def _adam(parameters: Iterable[Tensor], betas: tuple[float, float]) -> torch.optim.Optimizer:
    return torch.optim.Adam(parameters, lr=0.0, betas=betas)


GRADIENT_STEPS = {"soap": _soap, "adam": _adam}


class Optimisers:
    """Moments of the gradient and what Hessian-free steps hand on, as one thing to save."""

    def __init__(self, network: RateRNN, model: LocaliserConfig):
        training = model.training
        self.gradient = GRADIENT_STEPS[training.optimiser](network.parameters(), training.betas)
        zeros = torch.zeros_like(parameters_to_vector(network.parameters()).detach())
        self.search = Search(training.damping, zeros)

    def state_dict(self) -> dict:
        """Tensors and numbers."""
        return {
            "gradient": self.gradient.state_dict(),
            "damping": self.search.damping,
            "direction": self.search.direction,
        }

    def load_state_dict(self, state: dict) -> None:
        """Go on from where `state_dict` was taken."""
        self.gradient.load_state_dict(state["gradient"])
        self.search.damping = state["damping"]
        self.search.direction = state["direction"].to(self.search.direction)


def start(model: LocaliserConfig, seed: int, device: torch.device | str = "cpu") -> Training:
    """A network and its optimisers before the first step: a pure function of the config and the seed."""
    rng = torch.Generator().manual_seed(int(generator(seed, WEIGHT_STREAM).integers(2**63)))
    network = RateRNN(model.network, rng).to(device)
    return Training(network, Optimisers(network, model))


class LocaliserTask:
    """The training of one localiser, as `sslgrid.training.train` takes it."""

    columns = LOCALISER_COLUMNS
    averaged = ("loss", "error", "rates")  # batches differ more than steps do

    def __init__(self, model: LocaliserConfig, seed: int, device: torch.device | str = "cpu"):
        self.model, self.seed, self.device = model, seed, device
        self.steps = model.training.steps + model.training.hessian_free_steps
        self.record_every, self.snapshots = model.training.record_every, model.training.snapshots

    def start(self) -> Training:
        """A pure function of the config and the seed."""
        return start(self.model, self.seed, self.device)

    def stepper(self, training: Training) -> Callable[[], Values]:
        """A gradient step or a Hessian-free one, by the number of steps taken."""
        descend = Descent(training.network, self.model.losses)
        return lambda: self._advance(training, descend)

    def _advance(self, training: Training, descend: Descent) -> Values:
        config, step = self.model.training, training.step
        first = config.steps if config.first == "gradient" else config.hessian_free_steps
        by_gradient = (step < first) == (config.first == "gradient")
        own_step = step if step < first else step - first
        rest = share_at_rest(self.model, step)
        paths = sample_paths(self.model.trajectories, rest, self.seed, step).to(training.network.bias)
        if by_gradient:
            values = gradient_step(training, paths, descend, learning_rate(own_step, config), config.clip)
        else:
            values = hessian_free_step(training, paths, descend, config.iterations)
        training.step += 1
        return values


def gradient_step(training: Training, paths: Paths, descend: Descent, rate: float, clip: float) -> Values:
    """Take a step of Adam or SOAP. Raises DivergedError before a bad gradient touches the weights."""
    optimiser, network = training.optimiser.gradient, training.network
    total, terms = descend(paths)
    norm = clip_grad_norm_(network.parameters(), clip)
    values = reported(total, terms, norm) | {"learning_rate": rate, "damping": 0.0, "iterations": 0.0}
    check(values, training.step)
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.step()
    return values


def hessian_free_step(training: Training, paths: Paths, descend: Descent, iterations: int) -> Values:
    """Take a Hessian-free step. Raises DivergedError if the loss or its gradient is not a number."""
    network, search = training.network, training.optimiser.search
    total, terms = descend(paths)
    gradient = parameters_to_vector([each.grad for each in network.parameters()])
    values = reported(total, terms, gradient.norm()) | {"learning_rate": 0.0, "damping": search.damping}
    check(values, training.step)
    curvature = Curvature(network, paths, descend.config)
    problem = Problem(
        lambda parameters: loss_at(descend, paths, parameters), gradient, curvature.product, curvature.squares()
    )
    parameters = parameters_to_vector(network.parameters()).detach()
    found = hessian_free.step(problem, parameters, float(total), search, iterations)
    vector_to_parameters(found.parameters, network.parameters())
    return values | {"iterations": float(found.iterations)}


def reported(total: Tensor, terms: Terms, norm: Tensor) -> Values:
    """The loss, its terms and the gradient's norm, by the names of the columns."""
    numbers = torch.stack([total, *terms, norm]).tolist()
    return dict(zip(("loss", *Terms._fields, "gradient_norm"), numbers, strict=True))


def loss_at(descend: Descent, paths: Paths, parameters: Tensor) -> float:
    """The loss with other parameters (P,); the network keeps its own."""
    own = parameters_to_vector(descend.network.parameters()).detach()
    try:
        vector_to_parameters(parameters, descend.network.parameters())
        return float(descend(paths, gradient=False)[0])
    finally:
        vector_to_parameters(own, descend.network.parameters())
