"""What follows a network along paths: the processor's own kernels, or torch where the network is on a GPU."""

from sslgrid.localiser import curvature, gradient
from sslgrid.localiser.cpu import curvature as cpu_curvature
from sslgrid.localiser.cpu import gradient as cpu_gradient
from sslgrid.localiser.network import RateRNN
from sslgrid.localiser.objective import Weights
from sslgrid.localiser.paths import Paths

Descent = cpu_gradient.Descent | gradient.Descent
Curvature = cpu_curvature.Curvature | curvature.Curvature


def descent_of(network: RateRNN, config: Weights) -> Descent:
    """The loss and its gradient."""
    return (cpu_gradient if _on_processor(network) else gradient).Descent(network, config)


def curvature_of(network: RateRNN, paths: Paths, config: Weights) -> Curvature:
    """The Gauss-Newton matrix at the network's weights."""
    return (cpu_curvature if _on_processor(network) else curvature).Curvature(network, paths, config)


def _on_processor(network: RateRNN) -> bool:
    return network.bias.device.type == "cpu"
