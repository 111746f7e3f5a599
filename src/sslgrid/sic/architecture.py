"""What decides the form of a SIC network: the section `network` of its config.

Apart from the rest of the config, because who walks a trained network needs no more than this: what is added to its
losses or its training changes no code of a rate map.
"""

from dataclasses import dataclass

KEPT, START = "kept", "start"  # of `identity`


@dataclass(frozen=True)
class NetworkConfig:
    """`g_t = Norm(ReLU(W(v_t) g_{t-1}))`, `W(v) = MLP(v)` (Schaeffer et al. 2023, section 3)."""

    units: int  # N
    hidden_units: int  # width of the MLP
    hidden_layers: int
    activation: str  # "gelu" | "relu" | "tanh"
    velocity_scale: float  # m per step: what the MLP is given are velocities in units of this
    identity: str  # "kept": W(0) = I always; "start": before training; "none"
    output_scale: float  # factor on the last layer's initial weights and biases
    learned_initial_state: bool
    zero_rule: str  # what Norm makes of the zero vector: "zero" | "previous"
