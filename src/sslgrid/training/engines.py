"""The two engines that a network of either kind is trained with: names of the key `training.engine`."""

FAST = "fast"  # gradients by hand
PLAIN = "plain"  # autograd on the definitions, many times slower
