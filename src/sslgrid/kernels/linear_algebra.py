"""Orthonormal bases and eigenvectors of dense matrices in plain loops: the same bits on every machine, unlike LAPACK's.

For matrices of a few hundred rows. Everything is float64.
"""

import numpy as np

from sslgrid.kernels.compiled import compiled

MOST_SWEEPS = 60  # of Jacobi's method, which needs some ten
NEGLIGIBLE = 1e-15  # of an element off the diagonal, relative to the largest on it


@compiled
def orthonormal(matrix):
    """Q (n, n) of the QR decomposition of a square matrix, by Householder's reflections (Golub & Van Loan, 5.2)."""
    n = len(matrix)
    R, reflectors, along = matrix.astype(np.float64), np.zeros((n, n)), np.empty(n)
    for k in range(n):
        square = 0.0
        for i in range(k, n):
            square += R[i, k] * R[i, k]
        length = np.sqrt(square)
        if length == 0:
            continue
        if R[k, k] > 0:
            length = -length
        # Of the unit vector (x - length e_k) / |x - length e_k|; the sign avoids a difference of like numbers.
        scale = 1 / np.sqrt(2 * (square - length * R[k, k]))
        reflectors[k, k] = (R[k, k] - length) * scale
        for i in range(k + 1, n):
            reflectors[k, i] = R[i, k] * scale
        _reflect(R, reflectors[k], along, k)
    Q = np.eye(n)
    for k in range(n - 1, -1, -1):
        _reflect(Q, reflectors[k], along, k)
    return Q


@compiled
def _reflect(matrix, reflector, along, first):
    """Apply 1 - 2 v v' to the matrix, of whose rows and columns those before `first` stay; v: a row, 0 before it."""
    n = len(matrix)
    along[first:] = 0
    for i in range(first, n):
        for j in range(first, n):
            along[j] += reflector[i] * matrix[i, j]
    for i in range(first, n):
        twice = 2 * reflector[i]
        for j in range(first, n):
            matrix[i, j] -= twice * along[j]


def eigenvectors(matrix: np.ndarray) -> np.ndarray:
    """Orthonormal eigenvectors of a symmetric matrix (n, n), in columns, that of the largest eigenvalue first.

    No eigenvalue may be negative.
    """
    diagonal, rows = _diagonalised(matrix)
    return np.ascontiguousarray(rows[np.argsort(-np.diag(diagonal), kind="stable")].T)


@compiled
def _diagonalised(matrix):
    """The matrix as its eigenvectors have it, and these, in rows.

    By Jacobi's method (Golub & Van Loan, 8.5): every element off the diagonal is turned to 0 again and again.
    """
    n = len(matrix)
    A, rows, limit = matrix.astype(np.float64), np.eye(n), 0.0
    for i in range(n):
        limit = max(limit, NEGLIGIBLE * A[i, i])
    for _ in range(MOST_SWEEPS):
        turned = False
        for p in range(n):
            for q in range(p + 1, n):
                if abs(A[p, q]) <= limit:
                    continue
                turned = True
                slope = (A[q, q] - A[p, p]) / (2 * A[p, q])
                tangent = 1 / (abs(slope) + np.sqrt(1 + slope * slope))
                if slope < 0:
                    tangent = -tangent
                cosine = 1 / np.sqrt(1 + tangent * tangent)
                sine = tangent * cosine
                _turn(A, p, q, cosine, sine)
                for i in range(n):
                    at_p, at_q = A[i, p], A[i, q]
                    A[i, p], A[i, q] = cosine * at_p - sine * at_q, sine * at_p + cosine * at_q
                _turn(rows, p, q, cosine, sine)
        if not turned:
            break
    return A, rows


@compiled
def _turn(matrix, p, q, cosine, sine):
    """Turn two rows into each other."""
    for j in range(matrix.shape[1]):
        at_p, at_q = matrix[p, j], matrix[q, j]
        matrix[p, j], matrix[q, j] = cosine * at_p - sine * at_q, sine * at_p + cosine * at_q
