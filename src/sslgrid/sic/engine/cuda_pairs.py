"""The pairwise losses of the GPU engine as Triton kernels: tiles of pairs that never leave the chip.

The mathematics is that of `cpu_pairs.py`: with M_pq = 4 dL/d|g_p - g_q|^2 the gradient is (sum_q M_pq) g_p - (M g)_p. A
program takes a strip of rows p and goes along a share of the columns q, like attention without a softmax. Each tile
costs two dense products. The shares are added up afterwards in a fixed order, so results repeat to the bit.
"""

import math

import torch
import triton
import triton.language as tl
from torch import Tensor

from sslgrid.sic.config import LossConfig
from sslgrid.sic.losses import pair_counts

# How tensor cores take float32: "tf32x3" splits each number in three products and keeps nearly all its digits, "ieee"
# leaves the tensor cores aside, "tf32" keeps 10 bits.
PRECISION = "tf32x3"
SHARES = 4  # programs along the columns: a strip each would leave multiprocessors idle
STAGES = 2  # loads ahead of the products


def pair_losses(g: Tensor, positions: Tensor, config: LossConfig) -> tuple[Tensor, Tensor, Tensor]:
    """Separation and path invariance of points g (P, N), and the gradient (P, N) of their weighted sum.

    positions: (P, 2) m, compared in the precision they come in. Nothing waits for the GPU.
    """
    P, N = g.shape
    units = max(triton.next_power_of_2(N), 16)
    rows, warps = tile_of(units)
    strips = triton.cdiv(P, rows)
    xs, ys = positions.T.contiguous()
    counts = torch.empty(strips, dtype=torch.int32, device=g.device)
    numbers = g.new_empty(4)  # on the device, because the counts are; and a float argument would be rounded to float32
    numbers[3] = config.sigma_x
    _count_near[(strips,)](xs, ys, numbers, counts, P, rows, 128)  # pyright: ignore[reportIndexIssue] (triton\'s jit has no types)
    n_far, n_near = pair_counts(counts.sum().double() - P, P, config)
    numbers[0] = config.separation * -2 / config.sigma_g**2 / n_far
    numbers[1] = config.path_invariance * 4 / n_near
    numbers[2] = scale = 1 / (math.log(2) * config.sigma_g**2)
    centred = g - g.mean(dim=0)  # distances keep more digits near the mean
    half_norms = centred.square().sum(dim=1) * (scale / 2)
    gradients, sums = g.new_empty(SHARES, P, N), g.new_empty(SHARES, 2, P)
    _weigh_pairs[(strips, SHARES)](  # pyright: ignore[reportIndexIssue] (triton\'s jit has no types)
        centred, xs, ys, half_norms, numbers, gradients, sums, P, N, rows, rows, units, SHARES, PRECISION,
        num_warps=warps, num_stages=STAGES,
    )  # fmt: skip
    far, near = sums.sum(dim=(0, 2), dtype=torch.float64)
    return far / n_far, near * (2 / scale) / n_near, gradients.sum(dim=0)


def tile_of(units: int) -> tuple[int, int]:
    """Rows (and columns) of a tile, and the warps that share it: so many that its numbers stay in registers."""
    if units <= 128:
        return 32, 4 if units <= 64 else 8
    return 16, 8


@triton.jit
def _count_near(xs, ys, numbers, counts, P, ROWS: tl.constexpr, COLUMNS: tl.constexpr):
    """Near pairs of each strip of rows, each point with itself among them."""
    p = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
    x, y = tl.load(xs + p, mask=p < P, other=0.0), tl.load(ys + p, mask=p < P, other=0.0)
    sigma_x = tl.load(numbers + 3)
    count = tl.zeros([ROWS, COLUMNS], tl.int32)
    for first in range(0, P, COLUMNS):
        q = first + tl.arange(0, COLUMNS)
        dx = x[:, None] - tl.load(xs + q, mask=q < P, other=0.0)[None, :]
        dy = y[:, None] - tl.load(ys + q, mask=q < P, other=0.0)[None, :]
        near = dx * dx + dy * dy < sigma_x * sigma_x
        count += (near & (p < P)[:, None] & (q < P)[None, :]).to(tl.int32)
    tl.store(counts + tl.program_id(0), tl.sum(tl.sum(count, axis=1), axis=0))


@triton.jit
def _weigh_pairs(
    g, xs, ys, half_norms, numbers, gradients, sums, P, N, ROWS: tl.constexpr, COLUMNS: tl.constexpr,
    UNITS: tl.constexpr, SHARES: tl.constexpr, PRECISION: tl.constexpr,
):  # fmt: skip
    """gradients[share, p], and over this share of the columns the sums of K (far) and of -exponents (near)."""
    share = tl.program_id(1)
    unit = tl.arange(0, UNITS)
    p = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
    real_row = p < P
    row_place = p[:, None] * N + unit[None, :]
    row_mask = real_row[:, None] & (unit < N)[None, :]
    g_p = tl.load(g + row_place, mask=row_mask, other=0.0)
    x, y = tl.load(xs + p, mask=real_row, other=0.0), tl.load(ys + p, mask=real_row, other=0.0)
    half_p = tl.load(half_norms + p, mask=real_row, other=0.0)
    far_factor, near_factor = tl.load(numbers), tl.load(numbers + 1)
    scale, sigma_x = tl.load(numbers + 2), tl.load(numbers + 3)
    products = tl.zeros([ROWS, UNITS], g_p.dtype)
    weight = tl.zeros([ROWS], g_p.dtype)
    far = tl.zeros([ROWS], g_p.dtype)
    near = tl.zeros([ROWS], g_p.dtype)
    for first in range(share * COLUMNS, P, SHARES * COLUMNS):
        q = first + tl.arange(0, COLUMNS)
        real_column = q < P
        mask = real_column[:, None] & (unit < N)[None, :]
        g_q = tl.load(g + q[:, None] * N + unit[None, :], mask=mask, other=0.0)
        half_q = tl.load(half_norms + q, mask=real_column, other=0.0)
        dots = tl.dot(g_p, tl.trans(g_q), input_precision=PRECISION, out_dtype=g_p.dtype)
        exponent = dots * scale - half_p[:, None] - half_q[None, :]
        dx = x[:, None] - tl.load(xs + q, mask=real_column, other=0.0)[None, :]
        dy = y[:, None] - tl.load(ys + q, mask=real_column, other=0.0)[None, :]
        is_near = dx * dx + dy * dy < sigma_x * sigma_x
        is_pair = (p[:, None] != q[None, :]) & real_row[:, None] & real_column[None, :]
        K = tl.where(is_pair & (is_near == 0), tl.exp2(exponent), 0.0)
        M = far_factor * K + tl.where(is_pair & is_near, near_factor, 0.0)
        far += tl.sum(K, axis=1)
        near -= tl.sum(tl.where(is_pair & is_near, exponent, 0.0), axis=1)
        weight += tl.sum(M, axis=1)
        products += tl.dot(M, g_q, input_precision=PRECISION, out_dtype=g_p.dtype)
    tl.store(gradients + share * P * N + row_place, weight[:, None] * g_p - products, mask=row_mask)
    tl.store(sums + share * 2 * P + p, far, mask=real_row)
    tl.store(sums + (share * 2 + 1) * P + p, near, mask=real_row)
