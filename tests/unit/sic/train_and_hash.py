"""Train two small networks for 50 steps and print the SHA-256 of their weights: `python train_and_hash.py THREADS`.

Between them they take every branch that decides weights: both laws of velocities, identities and schedules, all three
activations, units that fill no vector, points of several blocks, and two batches in each step.
"""

import hashlib
import sys
from dataclasses import replace

from sslgrid.machine.threads import use_threads
from sslgrid.sic.config import LossConfig, ModelConfig, NetworkConfig, TrainingConfig, TrajectoryConfig
from sslgrid.sic.task import SicTask

KEPT = ModelConfig(
    NetworkConfig(24, 20, 2, "gelu", 0.15, "kept", 0.3, True, "zero"),
    LossConfig(0.05, 0.4, 1.0, 0.1, 0.5, 0.1, "masked_mean", False),
    TrajectoryConfig(13, 21, "square", 0.15, True),
    TrainingConfig(50, 3e-3, (0.9, 0.999), 0.0, 10, "cosine", 0.1, 5, 0.5, 2, 1, 0.1, 10, 2),
)
STARTED = replace(
    KEPT,
    network=NetworkConfig(17, 9, 3, "tanh", 0.1, "start", 0.5, True, "previous"),
    losses=LossConfig(0.2, 0.3, 1.0, 0.2, 0.3, 0.2, "all_mean", True),
    trajectories=TrajectoryConfig(7, 12, "disc", 0.1, True),
    training=replace(KEPT.training, schedule="plateau", accumulate=2, weight_decay=0.01),
)


def weights_after(model: ModelConfig) -> str:
    """The SHA-256 of all parameters, and of the losses on the way."""
    task = SicTask(model, 1)
    training = task.start()
    step, digest = task.stepper(training), hashlib.sha256()
    for _ in range(model.training.steps):
        digest.update(repr(sorted(step().items())).encode())
    for parameter in training.network.parameters():
        digest.update(parameter.detach().numpy().tobytes())
    return digest.hexdigest()


if __name__ == "__main__":
    use_threads(int(sys.argv[1]))
    print(*map(weights_after, (KEPT, STARTED)))
