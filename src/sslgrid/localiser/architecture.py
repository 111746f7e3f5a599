"""What decides the form of a localiser: the section `network` of its config.

Apart from the rest of the config, because who walks a trained network needs no more than this: what is added to its
losses or its training changes no code of a rate map.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class RateNetworkConfig:
    """`tau dx/dt = -x + W_rec h + W_in I + b`, `h = f(x)`, with noise on x or on h (Cueva & Wei 2018, equation 1)."""

    units: int  # N
    time_constant: float  # tau, in Euler steps
    noise: float  # standard deviation: of x of an isolated unit that noise alone drives, or of what is added to rates
    inputs: str  # "angle": speed and heading; "direction": speed, cosine and sine of the heading; "velocity"
    speed_scale: float  # m per step: speeds are given in units of this
    recurrent_start: str  # "orthogonal" | "normal"
    gain: float  # of the initial W_rec: of its singular values, or the standard deviation times sqrt(N)
    noise_on: str = "state"  # | "rates": drawn anew for each step, felt by the recurrence and the read-out
    rates: str = "tanh"  # f; | "rectified": max(0, tanh)
    zero_diagonal: bool = False  # whether no unit has a connection to itself
    output_gain: float = 0.0  # standard deviation of the initial W_out times sqrt(N)
    bias_mean: float = 0.0  # of the initial b
    bias_deviation: float = 0.0  # standard deviation of the initial b
