"""Small configs, and the synthetic units of known truth, for the tests."""

from sslgrid.basics.arena import ArenaConfig
from sslgrid.calibration.synthetic import band, border, grid_of, hexagonal, place, smooth_noise, square
from sslgrid.localiser.config import (
    HessianFreeConfig,
    LocalisationLossConfig,
    LocaliserConfig,
    LocaliserTrainingConfig,
    PathConfig,
    RateNetworkConfig,
)
from sslgrid.sic.config import LossConfig, ModelConfig, NetworkConfig, TrainingConfig, TrajectoryConfig

__all__ = ["band", "border", "grid_of", "hexagonal", "place", "smooth_noise", "square"]

NETWORK = NetworkConfig(
    units=8, hidden_units=6, hidden_layers=2, activation="gelu", velocity_scale=0.15, identity="kept",
    output_scale=0.3,
    learned_initial_state=True, zero_rule="zero",
)  # fmt: skip
LOSSES = LossConfig(
    sigma_x=0.05, sigma_g=0.4, separation=1.0, path_invariance=0.1, capacity=0.5, conformal_isometry=0.1,
    pair_reduction="masked_mean", self_pairs=False,
)  # fmt: skip
TRAJECTORIES = TrajectoryConfig(batch=4, steps=10, velocity_law="square", half_width=0.15, permute=True)
TRAINING = TrainingConfig(
    steps=30, learning_rate=1e-3, betas=(0.9, 0.999), weight_decay=0.0, warmup=5, final_fraction=0.02, clip=0.1,
    record_every=4, snapshots=3, schedule="cosine",
    plateau_window=4, plateau_factor=0.5, plateau_patience=1, accumulate=1,
)  # fmt: skip
MODEL = ModelConfig(NETWORK, LOSSES, TRAJECTORIES, TRAINING)
LOCALISER = LocaliserConfig(
    RateNetworkConfig(
        units=6, time_constant=5.0, noise=0.1, inputs="direction", speed_scale=0.02, recurrent_start="orthogonal",
        gain=1.0,
    ),
    LocalisationLossConfig(weights=0.01, rates=0.01),
    PathConfig(
        shape="square", side=2.0, trials=3, steps=20, standstill=0.5, highest_speed=0.2, heading_noise=0.3,
    ),
    LocaliserTrainingConfig(
        first="gradient", optimiser="soap", steps=8, learning_rate=1e-3, betas=(0.9, 0.999), warmup=2,
        final_fraction=0.02, clip=1.0, hessian_free_steps=4,
        curriculum=0, record_every=2, snapshots=3,
    ),
    HessianFreeConfig(iterations=6, damping=0.1),
)  # fmt: skip
ARENA = ArenaConfig(
    shape="square", side=2.0, motion="iid", walks=50, steps=100, seed=0, velocity_law="square", half_width=0.15,
    mean_speed=0.05, standstill=0.9, heading_noise=0.33, settle=0, bin=0.04, smoothing=0.04,
)  # fmt: skip

# What a network's header says, besides what made it.
HEADER = {"network": "velocity_rnn", "config": MODEL.to_json(), "config_hash": "cfg", "code_hash": "0123", "seed": "0"}
