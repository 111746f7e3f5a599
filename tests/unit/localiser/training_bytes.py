"""Train two small localisers for 50 steps and print the SHA-256 of their weights: `training_bytes.py THREADS`.

Between them they use every part of a training: both optimisers and Hessian-free steps, both places of noise, both
kinds of rates, and walls.
"""

import hashlib
import sys
from dataclasses import replace

from examples import LOCALISER
from sslgrid.localiser.config import HessianFreeConfig, LocaliserConfig
from sslgrid.localiser.task import LocaliserTask
from sslgrid.machine.threads import use_threads

NETWORK = replace(LOCALISER.network, units=20, output_gain=0.1, bias_deviation=0.1)
PATHS = replace(LOCALISER.trajectories, trials=14, steps=30, side=0.5, at_walls="widening")
TRAINING = replace(LOCALISER.training, steps=44, hessian_free_steps=6, learning_rate=0.01, clip=0.05)
FIRST = replace(
    LOCALISER,
    network=replace(NETWORK, noise_on="rates"),
    trajectories=PATHS,
    training=TRAINING,
    hessian_free=HessianFreeConfig(iterations=8, damping=0.1, structural_damping=1.0, curvature_trials=9),
)
SECOND = replace(
    FIRST,
    network=replace(NETWORK, rates="rectified", inputs="velocity", zero_diagonal=True),
    losses=replace(LOCALISER.losses, rule="adaptive"),
    training=replace(TRAINING, optimiser="adam", recurrent_decay=0.1),
    hessian_free=replace(
        FIRST.hessian_free, damped="penalty", structural_unit="weights", preconditioner="identity", restart_every=2
    ),
)


def digest(models: tuple[LocaliserConfig, ...] = (FIRST, SECOND)) -> str:
    """Of the weights after the last step, one network after the other."""
    found = hashlib.sha256()
    for model in models:
        task = LocaliserTask(model, 0)
        training = task.start()
        step = task.stepper(training)
        for _ in range(task.steps):
            step()
        for parameter in training.network.parameters():
            found.update(parameter.detach().numpy().astype("<f4").tobytes())
    return found.hexdigest()


if __name__ == "__main__":
    use_threads(int(sys.argv[1]))
    print(digest())
