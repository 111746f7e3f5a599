"""The weights of R_L2 and R_FR in the loss: fixed, or adapted after every step so that each stays a share of the error.

In the code that Cueva & Wei trained with, each weight falls where its term is too large a share of the squared error
and rises where it is too small a share. Fixed weights would stop learning long before the error at which noise matters.
"""

from dataclasses import dataclass

from sslgrid.localiser.config import LocalisationLossConfig


@dataclass
class Penalties:
    """Present weights; `Descent` and `Curvature` read them whenever they are called."""

    weights: float  # lambda_L2, of R_L2
    rates: float  # lambda_FR, of R_FR

    @classmethod
    def first(cls, config: LocalisationLossConfig) -> "Penalties":
        """Those of the first step."""
        return cls(config.weights, config.rates)

    def adapt(self, config: LocalisationLossConfig, error: float, weights: float, rates: float, steps: int) -> None:
        """Bring both up to date after a step.

        error: mean squared error of that step's batch; weights and rates: its R_L2 and R_FR, unweighted; steps: taken
        so far, that one included.
        """
        if config.rule == "fixed" or steps % config.adapt_every != 0:
            return
        self.weights *= _change(self.weights * weights, error, config.weights_shares, config.factor)
        self.rates *= _change(self.rates * rates, error, config.rates_shares, config.factor)


def _change(term: float, error: float, shares: tuple[float, float], factor: float) -> float:
    """The factor on a weight whose term of the loss is `term`. shares: lowest and highest share of the error."""
    lowest, highest = shares
    if term >= highest * error:
        return 1 / factor
    return factor if term <= lowest * error else 1.0
