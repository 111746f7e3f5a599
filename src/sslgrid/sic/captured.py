"""A whole gradient step as one CUDA graph: a few dozen kernels are launched by one call.

While the GPU works, the processor draws the next batches.
"""

from typing import cast

import torch
from torch.optim import AdamW

from sslgrid.basics.errors import InputError
from sslgrid.sic.config import ModelConfig
from sslgrid.sic.engine import cuda
from sslgrid.sic.engine.cuda_rollout import MOST_UNITS
from sslgrid.sic.step import SicTraining, batches_of, reported
from sslgrid.training.loop import Values, check

WARM_UP = 3  # steps that compile the kernels and fill torch's caches; undone afterwards


class CapturedStep:
    """Call it to take the next gradient step of `training`, as `sslgrid.sic.step.advance` does.

    Because the optimiser's step is part of the graph, a bad gradient is noticed only after it has touched the weights:
    DivergedError then comes before any of it is saved.
    """

    def __init__(self, training: SicTraining, model: ModelConfig, seed: int):
        if model.network.units > MOST_UNITS:
            raise InputError(f"units is {model.network.units}; on a GPU at most {MOST_UNITS}: train with device 'cpu'")
        self.training, self.model, self.seed = training, model, seed
        self.rate = torch.zeros((), device=training.network.start.device)
        for group in training.optimiser.param_groups:
            group["lr"], group["capturable"] = self.rate, True
        self.batches = batches_of(model, seed, training.step)
        self.descent = cuda.Descent(training.network, model)
        self.inputs = [self.descent.place(batch) for batch in self.batches]
        self.graph = torch.cuda.CUDAGraph()
        self._capture()

    def _capture(self) -> None:
        weights = [p.detach().clone() for p in self.training.network.parameters()]
        moments = {key: tensor.clone() for key, tensor in self._moments().items()}
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):  # at a rate of 0, but the moments change
            for _ in range(WARM_UP):
                self._descend_and_step()
        torch.cuda.current_stream().wait_stream(stream)
        with torch.cuda.graph(self.graph):
            self.values = self._descend_and_step()
        with torch.no_grad():
            for parameter, before in zip(self.training.network.parameters(), weights, strict=True):
                parameter.copy_(before)
            for key, tensor in self._moments().items():
                tensor.copy_(moments[key]) if key in moments else tensor.zero_()

    def _descend_and_step(self) -> torch.Tensor:
        values = self.descent.descend(self.inputs)
        self.training.optimiser.step()
        return values

    def _moments(self) -> dict[tuple[int, str], torch.Tensor]:
        """AdamW's state, which the graph knows by address: it may be written to, but not replaced."""
        state = cast(AdamW, self.training.optimiser).state  # `cuda.optimiser`
        return {
            (index, name): state[parameter][name]
            for index, parameter in enumerate(self.training.network.parameters())
            for name in state.get(parameter, {})
        }

    def __call__(self) -> Values:
        """Take the step."""
        training = self.training
        for places, batch in zip(self.inputs, self.batches, strict=True):
            for place, tensor in zip(places, self.descent.place(batch), strict=True):
                place.copy_(tensor)
        rate = training.schedule.rate(training.step)
        self.rate.fill_(rate)
        self.graph.replay()
        self.batches = batches_of(self.model, self.seed, training.step + 1)
        values = reported(self.values, rate, self.model.losses)
        check(values, training.step)
        training.schedule.observe(values["loss"])
        training.step += 1
        return values
