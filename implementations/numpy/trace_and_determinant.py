"""Trace, determinant and log-determinant. ``numpy.linalg`` takes no float16, and raises."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .pairs import Array, Gradients, Pair, ValueAndCache


def trace_forward(X: Array) -> ValueAndCache:
    """Sum of the diagonal; caches only its length."""
    return np.trace(X), X.shape[0]


def trace_backward(ybar: Array, n: int) -> Gradients:
    return {"X": np.diag(np.full(n, ybar))}


def trace_of_product_forward(A: Array, X: Array) -> ValueAndCache:
    """tr(AX) as the inner product of A and Xᵀ, without the product; caches both."""
    return np.vdot(A, X.T), (A, X)


def trace_of_product_backward(ybar: Array, cache: Any) -> Gradients:
    A, X = cache
    return {"A": ybar * X.T, "X": ybar * A.T}


def trace_of_quadratic_forward(A: Array, X: Array) -> ValueAndCache:
    """tr(XᵀAX) as the inner product of X and AX; caches AX, one half of the gradient in X."""
    AX = A @ X
    return np.vdot(X, AX), (A, X, AX)


def trace_of_quadratic_backward(ybar: Array, cache: Any) -> Gradients:
    A, X, AX = cache
    return {"A": ybar * (X @ X.T), "X": ybar * (AX + A.T @ X)}


def log_determinant_forward(X: Array) -> ValueAndCache:
    """Log |det X|, which is log det X where that exists; caches X."""
    return np.linalg.slogdet(X).logabsdet, X


def log_determinant_backward(ybar: Array, X: Array) -> Gradients:
    return {"X": ybar * np.linalg.inv(X).T}


def determinant_forward(X: Array) -> ValueAndCache:
    """Det X of an invertible matrix; caches it, and X.

    Not by ``numpy.linalg.det``, which is the exponential of a sum of logarithms and says that the
    determinant of (10000) is 10000.00000000001.
    """
    factors = factorise(X)
    det = factors.sign * np.prod(factors.d)
    return det, (X, det)


def determinant_backward(ybar: Array, cache: Any) -> Gradients:
    X, det = cache
    return {"X": ybar * det * np.linalg.inv(X).T}


def determinant_by_cofactors_forward(X: Array) -> ValueAndCache:
    """Det X of any square matrix; caches its factors."""
    factors = factorise(X)
    return factors.sign * np.prod(factors.d), factors


def determinant_by_cofactors_backward(ybar: Array, factors: Factors) -> Gradients:
    """Cofactors multiply: cof(LDR) = cof(L) cof(D) cof(R), and cof(L) = L⁻ᵀ since det L = 1."""
    rows, columns, sign, L, d, R = factors
    Xbar = np.empty_like(L)
    cofactors = np.linalg.inv(L).T * products_of_others(d) @ np.linalg.inv(R).T
    Xbar[np.ix_(rows, columns)] = ybar * (sign * cofactors)
    return {"X": Xbar}


def products_of_others(d: Array) -> Array:
    """For each entry the product of all others, without division: of those before and after it."""
    one = np.ones(1, d.dtype)
    before = np.cumprod(np.concatenate([one, d]))[: d.size]
    after = np.cumprod(np.concatenate([one, d[::-1]]))[: d.size][::-1]
    return before * after


class Factors(NamedTuple):
    """X[rows][:, columns] = L diag(d) R, L and R triangular with ones on the diagonal."""

    rows: Array
    columns: Array
    sign: int
    L: Array
    d: Array
    R: Array


def factorise(X: Array) -> Factors:
    """Eliminate with complete pivoting, so that a singular matrix has its zeros last in d.

    ``sign`` is that of the two permutations together.
    """
    n = X.shape[0]
    rows, columns, sign = np.arange(n), np.arange(n), 1
    S = X.copy()
    for k in range(n):
        down, right = divmod(int(np.argmax(np.abs(S[k:, k:]))), n - k)
        i, j = k + down, k + right
        S[[k, i]], rows[[k, i]] = S[[i, k]], rows[[i, k]]
        S[:, [k, j]], columns[[k, j]] = S[:, [j, k]], columns[[j, k]]
        sign = sign if (i == k) == (j == k) else -sign
        if S[k, k] == 0:
            break
        S[k + 1 :, k] /= S[k, k]
        S[k + 1 :, k + 1 :] -= np.outer(S[k + 1 :, k], S[k, k + 1 :])
        S[k, k + 1 :] /= S[k, k]
    ones = np.eye(n, dtype=X.dtype)
    L, d, R = np.tril(S, -1) + ones, np.diag(S), np.triu(S, 1) + ones
    return Factors(rows, columns, sign, L, d, R)


TRACE_AND_DETERMINANT: dict[str, Pair] = {
    "trace": Pair(trace_forward, trace_backward),
    "trace_of_product": Pair(trace_of_product_forward, trace_of_product_backward),
    "trace_of_quadratic": Pair(trace_of_quadratic_forward, trace_of_quadratic_backward),
    "log_determinant": Pair(log_determinant_forward, log_determinant_backward),
    "determinant": Pair(determinant_forward, determinant_backward),
    "determinant_by_cofactors": Pair(
        determinant_by_cofactors_forward, determinant_by_cofactors_backward
    ),
}
