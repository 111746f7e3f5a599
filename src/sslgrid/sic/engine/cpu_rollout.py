"""The rollout of the CPU engine, forward and backward: trajectories one by one, silent units skipped.

About half of the units are silent at any step; they send nothing forward, and no gradient passes back through them.
"""

import numpy as np

from sslgrid.machine.compiled import compiled


@compiled
def walk_forward(W, order, keep_previous, first, last, states, norms):
    """Fill states[:, 1:] and the norm of each step's rectified drive (0: the zero rule applied).

    For trajectories first to last - 1. Shapes as in `sslgrid.sic.network.rollout`.
    """
    T = order.shape[1]
    N = W.shape[-1]
    drive = np.empty(N, W.dtype)
    for b in range(first, last):
        for t in range(T):
            matrix = W[order[b, t]]
            drive[:] = 0
            for j in range(N):
                g = states[b, t, j]
                if g != 0:
                    for i in range(N):
                        drive[i] += g * matrix[j, i]
            square = W.dtype.type(0)
            for i in range(N):
                drive[i] = drive[i] if not drive[i] < 0 else W.dtype.type(0)
                square += drive[i] * drive[i]
            norm = np.sqrt(square)
            norms[b, t] = norm
            if norm == 0 and keep_previous:
                states[b, t + 1] = states[b, t]
            else:
                scale = W.dtype.type(1) / (norm if norm != 0 else W.dtype.type(1))
                for i in range(N):
                    states[b, t + 1, i] = drive[i] * scale


@compiled
def walk_backward(
    W, order, states, norms, grad_states, keep_previous, first, last, before, grad_drive, grad_start
):  # fmt: skip
    """Backpropagate through time, for trajectories first to last - 1.

    before[k, b], grad_drive[k, b]: the state before velocity k was taken by trajectory b, and dL/d(drive) there.
    A silent unit passes no gradient on, so rows and columns of silent units are skipped.
    """
    T = order.shape[1]
    N = W.shape[-1]
    grad = np.empty(N, W.dtype)  # dL/dg_t, from the loss at t and from all later steps
    for b in range(first, last):
        grad[:] = grad_states[b, T]
        for t in range(T - 1, -1, -1):
            k = order[b, t]
            before[k, b] = states[b, t]
            if norms[b, t] == 0:
                grad_drive[k, b] = 0
                if not keep_previous:
                    grad[:] = 0
                for j in range(N):
                    grad[j] += grad_states[b, t, j]
                continue
            along = W.dtype.type(0)
            for i in range(N):
                along += grad[i] * states[b, t + 1, i]
            scale = W.dtype.type(1) / norms[b, t]
            for i in range(N):
                g = states[b, t + 1, i]
                grad_drive[k, b, i] = (grad[i] - along * g) * scale if g > 0 else W.dtype.type(0)
            for j in range(N):
                back = W.dtype.type(0)
                if states[b, t, j] > 0 or t == 0:
                    for i in range(N):
                        back += W[k, j, i] * grad_drive[k, b, i]
                grad[j] = back + grad_states[b, t, j]
        grad_start[b] = grad
