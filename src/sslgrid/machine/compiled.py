"""How the CPU engine's loops are compiled."""

from numba import njit

# Sums may be reordered for SIMD, but NaN and infinity must survive: they are how divergence is seen.
compiled = njit(
    cache=True, nogil=True, error_model="numpy", fastmath={"reassoc", "contract", "arcp", "nsz"}
)  # fmt: skip
