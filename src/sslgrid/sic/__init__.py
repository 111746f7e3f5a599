"""The SIC network of Schaeffer, Khona et al. (2023): config, network, losses, batches, and one step of its training."""
