"""Adam and SOAP against the libraries' own, and their state."""

import numpy as np
import pytest
import torch
from pytorch_optimizer import SOAP

from sslgrid.localiser.optimisers import Adam, Soap

SHAPES = [(7, 7), (7, 2), (7,), (2, 7)]
BETAS = (0.9, 0.97)


def parameters_of(dtype=torch.float64, shapes=SHAPES) -> list[torch.nn.Parameter]:
    rng = np.random.default_rng(0)
    return [torch.nn.Parameter(torch.from_numpy(rng.standard_normal(shape)).to(dtype)) for shape in shapes]


def set_gradients(parameters: list[torch.nn.Parameter], step: int) -> None:
    """Of a bowl that is not round, with noise."""
    rng = np.random.default_rng([1, step])
    for parameter in parameters:
        noise = torch.from_numpy(rng.standard_normal(parameter.shape)).to(parameter)
        parameter.grad = (parameter.detach() * torch.arange(1, 1 + parameter.shape[-1]).to(parameter)) + noise


def test_adam_takes_the_steps_of_torch():
    ours, theirs = parameters_of(), parameters_of()
    own, library = Adam(ours, BETAS), torch.optim.Adam(theirs, lr=0.0, betas=BETAS)
    for step in range(30):
        set_gradients(ours, step), set_gradients(theirs, step)
        own.step(0.1 / (1 + step))
        library.param_groups[0]["lr"] = 0.1 / (1 + step)
        library.step()
    torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype, tolerance", [(torch.float64, 2e-5), (torch.float32, 1e-3)])
def test_soap_takes_the_steps_of_the_library(dtype, tolerance):
    """From the library's first bases: where a gradient has less rank than rows, some of it are anyone's choice.

    The library finds its later bases in float32.
    """
    ours, theirs = parameters_of(dtype), parameters_of(dtype)
    own, library = Soap(ours, BETAS), SOAP(theirs, lr=0.0, betas=BETAS, weight_decay=0.0)
    for step in range(35):
        set_gradients(ours, step), set_gradients(theirs, step)
        own.step(0.02)
        library.param_groups[0]["lr"] = 0.02
        library.step()
        if step == 0:
            for kept, parameter in zip(own.kept, theirs, strict=True):
                if parameter.ndim == 2:
                    bases = [each.numpy() for each in library.state[parameter]["Q"]]
                    np.testing.assert_allclose(kept["of_rows"], library.state[parameter]["GG"][0], rtol=1e-4)
                    kept["row_basis"][:], kept["column_basis"][:] = bases
    torch.testing.assert_close(ours, theirs, rtol=0, atol=tolerance)
    assert not torch.equal(ours[0], parameters_of(dtype)[0])


def test_first_bases_of_soap_are_the_eigenvectors():
    parameters = parameters_of(shapes=[(7, 7), (7, 2)])
    own = Soap(parameters, BETAS)
    set_gradients(parameters, 0)
    own.step(0.1)
    for kept, parameter in zip(own.kept, parameters, strict=True):
        for side, gradient in (("row", parameter.grad), ("column", parameter.grad.T)):
            basis = kept[f"{side}_basis"]
            turned = basis.T @ (gradient @ gradient.T).numpy() @ basis
            np.testing.assert_allclose(basis.T @ basis, np.eye(len(basis)), atol=1e-12)
            np.testing.assert_allclose(turned, np.diag(np.linalg.eigvalsh(gradient @ gradient.T)[::-1]), atol=1e-9)


@pytest.mark.parametrize("kind", [Adam, Soap])
def test_saved_and_restored_goes_on_exactly(kind):
    whole, halves = parameters_of(torch.float32), parameters_of(torch.float32)
    one, other = kind(whole, BETAS), kind(halves, BETAS)
    for step in range(25):
        if step == 13:
            state = other.state_dict()
            other = kind(halves, BETAS)
            other.load_state_dict(state)
        set_gradients(whole, step), set_gradients(halves, step)
        one.step(0.02), other.step(0.02)
    assert all(torch.equal(*each) for each in zip(whole, halves, strict=True))
