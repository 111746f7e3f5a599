"""The rollout of the GPU engine as Triton kernels, forward and backward.

One program walks one trajectory: its state, or the gradient of it, stays on the chip through all T steps, and each step
reads one N x N matrix, which the L2 cache holds because all trajectories use the same T of them.
"""

import triton
import triton.language as tl
from torch import Tensor

MOST_UNITS = 256  # a matrix has to fit in the registers of one program


def walk_forward(matrices: Tensor, initial_state: Tensor, order: Tensor, keep_previous: bool) -> tuple[Tensor, Tensor]:
    """(T, N, N), (N,), (B, T) -> the states (B, T + 1, N) and the norm of each rectified drive (B, T)."""
    (B, T), N = order.shape, matrices.shape[-1]
    states, norms = matrices.new_empty(B, T + 1, N), matrices.new_empty(B, T)
    _forward[(B,)](  # pyright: ignore[reportIndexIssue] (triton\'s jit has no types)
        matrices, initial_state, order, states, norms, T, N, keep_previous, _padded(N), num_warps=warps_of(_padded(N))
    )  # fmt: skip
    return states, norms


def walk_backward(
    matrices: Tensor, order: Tensor, states: Tensor, norms: Tensor, grad_states: Tensor, keep_previous: bool
) -> tuple[Tensor, Tensor, Tensor]:
    """Backpropagate through time.

    Returns, in the order of velocities, the state before velocity k was taken by trajectory b and dL/d(drive) there,
    both (T, B, N), and dL/d(initial state) of each trajectory (B, N).
    """
    (B, T), N = order.shape, matrices.shape[-1]
    before, grad_drive = matrices.new_empty(T, B, N), matrices.new_empty(T, B, N)
    grad_start = matrices.new_empty(B, N)
    _backward[(B,)](  # pyright: ignore[reportIndexIssue] (triton\'s jit has no types)
        matrices, order, states, norms, grad_states, before, grad_drive, grad_start, B, T, N, keep_previous, _padded(N),
        num_warps=warps_of(_padded(N)),
    )  # fmt: skip
    return before, grad_drive, grad_start


def _padded(units: int) -> int:
    return max(triton.next_power_of_2(units), 16)


def warps_of(units: int) -> int:
    """So many that a thread holds at most 64 numbers of a matrix."""
    return min(max(units**2 // (64 * 32), 4), 32)


@triton.jit
def _forward(
    matrices, initial_state, order, states, norms, T, N, KEEP_PREVIOUS: tl.constexpr, UNITS: tl.constexpr
):  # fmt: skip
    b = tl.program_id(0)
    unit = tl.arange(0, UNITS)
    real_unit = unit < N
    entry = unit[:, None] * N + unit[None, :]  # of a matrix, from unit (row) to unit (column)
    real_entry = real_unit[:, None] & real_unit[None, :]
    state = tl.load(initial_state + unit, mask=real_unit, other=0.0)
    states += b * (T + 1) * N
    tl.store(states + unit, state, mask=real_unit)
    for t in range(T):
        k = tl.load(order + b * T + t)
        matrix = tl.load(matrices + k * N * N + entry, mask=real_entry, other=0.0)
        drive = tl.sum(matrix * state[:, None], axis=0)
        drive = tl.where(drive < 0, 0.0, drive)  # NaN stays
        norm = tl.sqrt(tl.sum(drive * drive, axis=0))
        silent = norm == 0
        unit_drive = drive / tl.where(silent, 1.0, norm)
        state = tl.where(silent, state, unit_drive) if KEEP_PREVIOUS else unit_drive
        tl.store(states + (t + 1) * N + unit, state, mask=real_unit)
        tl.store(norms + b * T + t, norm)


@triton.jit
def _backward(
    matrices, order, states, norms, grad_states, before, grad_drive, grad_start, B, T, N, KEEP_PREVIOUS: tl.constexpr,
    UNITS: tl.constexpr,
):  # fmt: skip
    b = tl.program_id(0)
    unit = tl.arange(0, UNITS)
    real_unit = unit < N
    entry = unit[:, None] * N + unit[None, :]
    real_entry = real_unit[:, None] & real_unit[None, :]
    states += b * (T + 1) * N
    grad_states += b * (T + 1) * N
    grad = tl.load(grad_states + T * N + unit, mask=real_unit, other=0.0)
    for back in range(T):
        t = T - 1 - back
        k = tl.load(order + b * T + t)
        state = tl.load(states + (t + 1) * N + unit, mask=real_unit, other=0.0)
        norm = tl.load(norms + b * T + t)
        silent = norm == 0
        along = tl.sum(grad * state, axis=0)
        through = (grad - along * state) / tl.where(silent, 1.0, norm)
        drive = tl.where(state > 0, tl.where(silent, 0.0, through), 0.0)
        place = (k * B + b) * N + unit
        tl.store(before + place, tl.load(states + t * N + unit, mask=real_unit, other=0.0), mask=real_unit)
        tl.store(grad_drive + place, drive, mask=real_unit)
        matrix = tl.load(matrices + k * N * N + entry, mask=real_entry, other=0.0)
        passed = tl.sum(matrix * drive[None, :], axis=1)
        if KEEP_PREVIOUS:
            passed = tl.where(silent, grad, passed)
        grad = passed + tl.load(grad_states + t * N + unit, mask=real_unit, other=0.0)
    tl.store(grad_start + b * N + unit, grad, mask=real_unit)
