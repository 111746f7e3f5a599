"""One step of a localiser, along the gradient or Hessian-free; and its training as a task."""

import math

import torch
from torch import Tensor
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from sslgrid.basics.streams import WEIGHT_STREAM, generator
from sslgrid.localiser import hessian_free
from sslgrid.localiser.config import HessianFreeConfig, LocalisationLossConfig, LocaliserConfig, LocaliserTrainingConfig
from sslgrid.localiser.engine import Descent, curvature_of
from sslgrid.localiser.hessian_free import Problem, Search, dot
from sslgrid.localiser.network import RateRNN
from sslgrid.localiser.objective import Terms, weigh
from sslgrid.localiser.optimisers import Adam, Soap
from sslgrid.localiser.paths import Paths
from sslgrid.localiser.penalties import Penalties
from sslgrid.training.engines import FAST
from sslgrid.training.loop import Training, Values, check
from sslgrid.training.weights import gradients

GRADIENT_STEPS = {"soap": Soap, "adam": Adam}
SMALL = 1e-6  # added to the gradient's norm, as torch's clipping has it


class Optimisers:
    """Moments of the gradient, what Hessian-free steps hand on, and the penalties, as one thing to save."""

    def __init__(self, network: RateRNN, model: LocaliserConfig):
        training = model.training
        self.gradient = GRADIENT_STEPS[training.optimiser](network.parameters(), training.betas)
        zeros = torch.zeros_like(parameters_to_vector(network.parameters()).detach())
        of_parameters = model.hessian_free.damped == "parameters"
        self.search = Search(model.hessian_free.damping if of_parameters else 0.0, zeros)
        self.penalties = Penalties.first(model.losses)

    def state_dict(self) -> dict:
        """Tensors and numbers."""
        return {
            "gradient": self.gradient.state_dict(),
            "damping": self.search.damping,
            "direction": self.search.direction,
            "hessian_free_steps": self.search.steps,
            "penalties": {"weights": self.penalties.weights, "rates": self.penalties.rates},
        }

    def load_state_dict(self, state: dict) -> None:
        """Go on from where `state_dict` was taken."""
        self.gradient.load_state_dict(state["gradient"])
        self.search.damping = state["damping"]
        self.search.direction = state["direction"].to(self.search.direction)
        self.search.steps = state["hessian_free_steps"]
        self.penalties.weights, self.penalties.rates = state["penalties"]["weights"], state["penalties"]["rates"]


LocaliserTraining = Training[RateRNN, Optimisers, None]


def start(model: LocaliserConfig, seed: int, device: torch.device | str = "cpu") -> LocaliserTraining:
    """A network and its optimisers before the first step: a pure function of the config and the seed."""
    network = RateRNN(model.network, generator(seed, WEIGHT_STREAM)).to(device)
    return Training(network, Optimisers(network, model), None)


def gradient_step(
    training: LocaliserTraining, paths: Paths, descend: Descent, rate: float, config: LocaliserTrainingConfig
) -> Values:
    """Take a step of Adam or SOAP. Raises DivergedError before a bad gradient touches the weights."""
    optimiser, network = training.optimiser.gradient, training.network
    total, terms = descend(paths)
    norm = clip(network, config.clip)
    values = reported(total, terms, norm) | {"learning_rate": rate, "damping": 0.0, "iterations": 0.0}
    check(values, training.step)
    with torch.no_grad():
        network.recurrent.mul_(1 - rate * config.recurrent_decay)
    optimiser.step(rate)
    if network.config.zero_diagonal:
        with torch.no_grad():
            network.recurrent.fill_diagonal_(0.0)
    return values


def hessian_free_step(
    training: LocaliserTraining,
    paths: Paths,
    descend: Descent,
    config: HessianFreeConfig,
    losses: LocalisationLossConfig,
    engine: str = FAST,
) -> Values:
    """Take a Hessian-free step. Raises DivergedError if the loss or its gradient is not a number.

    As in the authors' code the penalties are adapted to the batch before the search, and the gradient is the one from
    before that.
    """
    network, search, penalties = training.network, training.optimiser.search, training.optimiser.penalties
    total, terms = descend(paths)
    gradient = parameters_to_vector(gradients(network))
    norm = math.sqrt(dot(gradient, gradient))
    values = reported(total, terms, norm) | {"learning_rate": 0.0, "damping": search.damping}
    check(values, training.step)
    if 0 < config.clip < norm:
        gradient = gradient * (config.clip / norm)
    penalties.adapt(losses, float(terms.error), float(terms.weights), float(terms.rates), training.step + 1)
    curvature = curvature_of(network, paths.first(config.curvature_trials), penalties, engine)
    squares = curvature.squares() if config.preconditioner == "diagonal" else None
    problem = Problem(
        lambda parameters: loss_at(descend, paths, parameters), gradient, curvature.product, squares, free_of(network)
    )
    parameters = parameters_to_vector(network.parameters()).detach()
    unit = search.damping if config.structural_unit == "damping" else penalties.weights
    before, structural = float(weigh(terms, penalties)), config.structural_damping * unit
    found = hessian_free.step(problem, parameters, before, search, config, structural)
    vector_to_parameters(found.parameters, network.parameters())
    if config.damped == "penalty":
        penalties.weights = hessian_free.adapted(penalties.weights, found.reduction, config.damping_factor)
    else:
        search.damping = hessian_free.adapted(search.damping, found.reduction, config.damping_factor)
    return values | {"iterations": float(found.iterations)}


def free_of(network: RateRNN) -> Tensor | None:
    """1 for each parameter (P,), 0 for the connections that no unit may have to itself; None if all are free."""
    if not network.config.zero_diagonal:
        return None
    free = [torch.ones_like(each) for each in network.parameters()]
    free[0].fill_diagonal_(0.0)
    return parameters_to_vector(free)


def clip(network: RateRNN, most: float) -> float:
    """Scale all gradients down to a norm of `most` if theirs is larger; returns what it was."""
    found = gradients(network)
    norm = math.sqrt(math.fsum(dot(each.flatten(), each.flatten()) for each in found))
    if not norm + SMALL <= most:
        for each in found:
            each.mul_(most / (norm + SMALL))
    return norm


def reported(total: Tensor, terms: Terms, norm: float) -> Values:
    """The loss, its terms and the gradient's norm, by the names of the columns."""
    numbers = [*torch.stack([total, *terms]).tolist(), norm]
    return dict(zip(("loss", *Terms._fields, "gradient_norm"), numbers, strict=True))


def loss_at(descend: Descent, paths: Paths, parameters: Tensor) -> float:
    """The loss with other parameters (P,); the network keeps its own."""
    own = parameters_to_vector(descend.network.parameters()).detach()
    try:
        vector_to_parameters(parameters, descend.network.parameters())
        return float(descend(paths, gradient=False)[0])
    finally:
        vector_to_parameters(own, descend.network.parameters())
