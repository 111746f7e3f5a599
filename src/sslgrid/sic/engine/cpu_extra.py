"""Losses beside the paper's four on the CPU: autograd gives their gradient with respect to the states."""

import numpy as np
import torch

from sslgrid.sic.config import LossConfig
from sslgrid.sic.losses import extra_names, extra_terms


def add_extra_terms(
    states: np.ndarray, positions: np.ndarray, speeds: np.ndarray, config: LossConfig, scale: float,
    losses: list[float], grad_states: np.ndarray,
) -> list[float]:  # fmt: skip
    """Add the extra terms to what `cpu_trajectories.sic_loss` returned: `losses`, and in place `grad_states`.

    Returns the weighted total and its terms, in the order of `names_of`. The bytes of this gradient are torch's: they
    may differ between processors.
    """
    leaf = torch.from_numpy(states).requires_grad_()
    terms = extra_terms(leaf, torch.from_numpy(positions), torch.from_numpy(speeds), config)
    weights = [getattr(config, name) for name in extra_names(config)]
    total = torch.stack([weight * term for weight, term in zip(weights, terms, strict=True)]).sum()
    grad_states += torch.autograd.grad(total * scale, leaf)[0].numpy()
    return [losses[0] + float(total.detach()), *losses[1:], *(float(term.detach()) for term in terms)]
