"""Train with the loss of docs/extend.md: `python train_with_sparsity.py FOLDER` prints what came of it, as JSON.

FOLDER holds losses.py, config.py and schemas/config.schema.yaml, edited as the page says. They take the place of the
shipped ones; every other module is the shipped one.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

import torch

import sslgrid.sic
from sslgrid.basics.errors import InputError
from sslgrid.config.study import resolve_study

FOLDER = Path(sys.argv[1])
sslgrid.sic.__path__.insert(0, str(FOLDER))

from sslgrid.commands.train import slow_terms  # noqa: E402
from sslgrid.sic.batches import sample_batch  # noqa: E402
from sslgrid.sic.config import ModelConfig  # noqa: E402
from sslgrid.sic.engine import cpu, plain  # noqa: E402
from sslgrid.sic.step import names_reported, start  # noqa: E402
from sslgrid.sic.task import SicTask  # noqa: E402

FULL = {
    "network": {"units": 16, "hidden_units": 12},
    "losses": {"sigma_x": 0.2},
    "trajectories": {"batch": 6, "steps": 12},
    "training": {"steps": 60, "learning_rate": 0.01, "accumulate": 2},
}


def model(schema: Path, sparsity: float) -> ModelConfig:
    """The condition of a config.yaml with that weight."""
    config = {"model": FULL, "conditions": {"full": {}, "sparse": {"losses": {"sparsity": sparsity}}}}
    return ModelConfig.from_dict(resolve_study(config, schema).conditions["sparse"])


def gradient(engine, model: ModelConfig) -> tuple[torch.Tensor, torch.Tensor]:
    """Losses and gradient of two batches, in float64."""
    network = start(model, 0).network.double()
    values = torch.as_tensor(engine.Descent(network, model)([sample_batch(model.trajectories, 0, k) for k in (0, 1)]))
    return values, torch.cat([p.grad.flatten() for p in network.parameters() if p.grad is not None])


def curve(task: SicTask) -> list[float]:
    """The term at each step of a training."""
    training = task.start()
    step = task.stepper(training)
    return [step()["sparsity"] for _ in range(task.steps)]


def words_of_gpu(model: ModelConfig) -> str | None:
    """The error of the GPU's engine; None without triton."""
    try:
        from sslgrid.sic.engine import cuda
    except ImportError:
        return None
    try:
        cuda.Descent(start(model, 0).network, model)
    except InputError as error:
        return str(error)
    raise AssertionError("the GPU's engine took a loss that it does not know")


if __name__ == "__main__":
    torch.set_num_threads(1)
    sparse = model(FOLDER / "schemas/config.schema.yaml", 0.5)
    without = replace(sparse, losses=replace(sparse.losses, sparsity=0.0))
    values, own = gradient(cpu, sparse)
    truth, true_gradient = gradient(plain, sparse)
    task = SicTask(sparse, 0)
    found = {
        "gradient_off": float((own - true_gradient).norm() / true_gradient.norm()),
        "values_off": float((values - truth).abs().max()),
        "share_of_gradient": float((own - gradient(cpu, without)[1]).norm() / own.norm()),
        "reported": names_reported(sparse.losses),
        "reported_without": names_reported(without.losses),
        "column": task.columns["sparsity"],
        "columns_without": list(SicTask(without, 0).columns),
        "log": slow_terms(sparse.losses),
        "log_without": slow_terms(without.losses),
        "gpu": words_of_gpu(sparse),
        "curve": curve(task),
    }
    print(json.dumps(found))
