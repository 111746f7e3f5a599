"""What follows a network along paths: the processor's own kernels, torch where the network is on a GPU, or `plain`."""

from typing import Protocol

from torch import Tensor

from sslgrid.localiser import curvature, gradient, plain
from sslgrid.localiser.cpu import curvature as cpu_curvature
from sslgrid.localiser.cpu import gradient as cpu_gradient
from sslgrid.localiser.network import RateRNN
from sslgrid.localiser.objective import Terms, Weights
from sslgrid.localiser.paths import Paths
from sslgrid.training.engines import FAST


class Descent(Protocol):
    """The loss and its gradient, of one network."""

    network: RateRNN

    def __call__(self, paths: Paths, gradient: bool = True) -> tuple[Tensor, Terms]:
        """The loss of a batch and its terms; leaves the gradient in the parameters unless `gradient` is False."""
        ...


class Curvature(Protocol):
    """The Gauss-Newton matrix of one network over one batch; parameters are one vector (P,)."""

    def product(self, vector: Tensor, structural: float = 0.0) -> Tensor:
        """The matrix, with structural damping of this weight, times a vector (P,)."""
        ...

    def squares(self) -> Tensor:
        """Sum over trials of the squared gradients of their errors: (P,)."""
        ...


def descent_of(network: RateRNN, config: Weights, engine: str = FAST) -> Descent:
    """The loss and its gradient; engine: a name of `training.engines`."""
    if engine != FAST:
        return plain.Descent(network, config)
    return (cpu_gradient if _on_processor(network) else gradient).Descent(network, config)


def curvature_of(network: RateRNN, paths: Paths, config: Weights, engine: str = FAST) -> Curvature:
    """The Gauss-Newton matrix at the network's weights; engine: a name of `training.engines`."""
    if engine != FAST:
        return plain.Curvature(network, paths, config)
    return (cpu_curvature if _on_processor(network) else curvature).Curvature(network, paths, config)


def _on_processor(network: RateRNN) -> bool:
    return network.bias.device.type == "cpu"
