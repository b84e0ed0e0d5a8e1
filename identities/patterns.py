"""The patterns that index sums collapse to, each in component form and in matrix form."""

from .declaration import identity
from .homogeneity import homogeneous


@identity(
    tex=r"Y = X",
    shapes={"X": "m n"},
    gradients={"X": r"\bar Y"},
    source=("patterns-1", "patterns-4"),
    notes="""The document names ReLU among the linear layers for which this is useful; the Jacobian
    of ReLU is diag(1[x > 0]), not δ.""",
)
def identity_map(xp, X):
    """The identity map: the output is the input."""
    return X


@identity_map.vjp
def identity_map_vjp(xp, ybar, X):
    return {"X": ybar}


@identity_map.jacobian(
    "X", r"\partial W_{ij} / \partial W_{lk} = \delta_{il} \delta_{jk}", source="patterns-1"
)
def identity_map_jacobian(xp, X):
    m, n = X.shape
    return xp.eye(m)[:, None, :, None] * xp.eye(n)[None, :, None, :]


@identity_map.component(r"Y_{ij} = X_{ij}", source="patterns-4")
def identity_map_component(xp, X):
    return from_entries(xp, X.shape, lambda i, j: X[i, j])


@identity_map.fact("a Kronecker delta collapses its sum: Σₖ aᵢₖ δₖⱼ = aᵢⱼ", source="patterns-2")
def kronecker_delta_collapses(xp, answer, X):
    return "=", X @ xp.eye(X.shape[1]), X


def from_entries(xp, shape, entry):
    """The matrix whose entry at (i, j) is given by a function of the indices."""
    m, n = shape
    if m == 0 or n == 0:
        return xp.zeros(shape)
    return xp.stack([xp.stack([entry(i, j) for j in range(n)]) for i in range(m)])


@identity(
    tex=r"C = a b^\top",
    shapes={"a": "m", "b": "n"},
    gradients={"a": r"\bar C b", "b": r"\bar C^\top a"},
    source="patterns-5",
)
def outer_product(xp, a, b):
    """Outer product of two vectors: every entry of a times every entry of b."""
    return a[:, None] * b[None, :]


@outer_product.vjp
def outer_product_vjp(xp, ybar, a, b):
    return {"a": ybar @ b, "b": ybar.T @ a}


@outer_product.fact("linear in each vector: ⟨a, ā⟩ = ⟨b, b̄⟩ = ⟨C̄, C⟩", source="patterns-5")
def outer_product_is_bilinear(xp, answer, a, b):
    return homogeneous(xp, answer, {"a": a}, {"b": b})


@outer_product.component(r"C_{ij} = a_i b_j", source="patterns-5")
def outer_product_component(xp, a, b):
    return from_entries(xp, a.shape + b.shape, lambda i, j: a[i] * b[j])


@outer_product.jacobian(
    "a", r"\partial C_{ij} / \partial a_l = \delta_{il} b_j", source="patterns-5"
)
def outer_product_jacobian_a(xp, a, b):
    return xp.eye(a.shape[0])[:, None, :] * b[None, :, None]


@outer_product.jacobian(
    "b", r"\partial C_{ij} / \partial b_l = \delta_{jl} a_i", source="patterns-5"
)
def outer_product_jacobian_b(xp, a, b):
    return xp.eye(b.shape[0])[None, :, :] * a[:, None, None]


@identity(
    tex=r"y = A x",
    shapes={"A": "m n", "x": "n"},
    gradients={"A": r"\bar y x^\top", "x": r"A^\top \bar y"},
    source=("patterns-6", "patterns-3"),
    notes="""The document writes the gradient for W as ∂L/∂y ∗ xᵀ: the product of a column and a
    row, which is the outer product, and not the element-wise product that * is in code.""",
)
def matrix_vector_product(xp, A, x):
    """Product of a matrix and a vector: the dot product of each row with it."""
    return A @ x


@matrix_vector_product.vjp
def matrix_vector_product_vjp(xp, ybar, A, x):
    return {"A": xp.linalg.outer(ybar, x), "x": A.T @ ybar}


@matrix_vector_product.fact("linear in each: ⟨A, Ā⟩ = ⟨x, x̄⟩ = ⟨ȳ, y⟩", source="patterns-6")
def matrix_vector_product_is_bilinear(xp, answer, A, x):
    return homogeneous(xp, answer, {"A": A}, {"x": x})


@matrix_vector_product.component(r"y_i = \sum_j A_{ij} x_j", source="patterns-6")
def matrix_vector_product_component(xp, A, x):
    m, n = A.shape
    y = [xp.zeros(()) for _ in range(m)]
    for i in range(m):
        for j in range(n):
            y[i] = y[i] + A[i, j] * x[j]
    return xp.stack(y) if m else xp.zeros((0,))


@matrix_vector_product.jacobian(
    "A", r"\partial y_i / \partial W_{lk} = \delta_{il} x_k", source="patterns-3"
)
def matrix_vector_product_jacobian(xp, A, x):
    return xp.eye(A.shape[0])[:, :, None] * x[None, None, :]


@matrix_vector_product.jacobian("x", r"\partial y_i / \partial x_l = A_{il}", source="patterns-6")
def matrix_vector_product_jacobian_x(xp, A, x):
    return A


@identity(
    tex=r"Z = X \circ Y",
    shapes={"X": "m n", "Y": "m n"},
    gradients={"X": r"\bar Z \circ Y", "Y": r"\bar Z \circ X"},
    source=("patterns-9", "rules-2"),
)
def hadamard_product(xp, X, Y):
    """Element-wise product of two matrices."""
    return X * Y


@hadamard_product.vjp
def hadamard_product_vjp(xp, ybar, X, Y):
    return {"X": ybar * Y, "Y": ybar * X}


@hadamard_product.fact("linear in each: X ∘ X̄ = Y ∘ Ȳ, entry by entry", source="patterns-9")
def hadamard_product_is_bilinear(xp, answer, X, Y):
    both = [X * answer.gradients["X"], Y * answer.gradients["Y"]]
    return "=", xp.stack(both), answer.ybar * answer.value


@hadamard_product.component(r"Z_{ij} = X_{ij} Y_{ij}", source="patterns-9")
def hadamard_product_component(xp, X, Y):
    return from_entries(xp, X.shape, lambda i, j: X[i, j] * Y[i, j])


@hadamard_product.jacobian(
    "X",
    r"\partial Z_{ij} / \partial X_{lk} = \delta_{il} \delta_{jk} Y_{ij}",
    source="patterns-9",
)
def hadamard_product_jacobian(xp, X, Y):
    return identity_map_jacobian(xp, X) * Y[:, :, None, None]


@identity(
    tex=r"y = \mathbf{1}^\top x \text{ (over the given axes)}",
    shapes={"X": "l m n"},
    gradients={"X": r"\bar y \text{ repeated over the axes}"},
    source="patterns-10",
    parameters={
        "axis": (None, 0, 1, -1, (0, 1), (0, 2), (-2, 0), (2, 1), (0, 1, 2)),
        "keepdims": (False, True),
    },
)
def sum_reduction(xp, X, *, axis, keepdims):
    """Sum over all axes, one, or several, with or without keeping them."""
    return xp.sum(X, axis=axis, keepdims=keepdims)


def reduced_axes(axis):
    """The axes that a sum over three runs along, as numbers from 0."""
    given = (0, 1, 2) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    return {a % 3 for a in given}


@sum_reduction.vjp
def sum_reduction_vjp(xp, ybar, X, *, axis, keepdims):
    axes = reduced_axes(axis)
    kept = tuple(1 if a in axes else X.shape[a] for a in range(3))
    return {"X": xp.reshape(ybar, kept) + xp.zeros_like(X)}


@sum_reduction.fact("linear: ⟨X, X̄⟩ = ⟨ȳ, y⟩", source="patterns-10")
def sum_reduction_is_linear(xp, answer, X, *, axis, keepdims):
    return homogeneous(xp, answer, {"X": X})


@sum_reduction.component(r"y = \sum_i x_i", source="patterns-10")
def sum_reduction_component(xp, X, *, axis, keepdims):
    """Entry by entry: each entry of X is added to the entry of y at its remaining indices."""
    axes = reduced_axes(axis)
    kept = tuple(1 if a in axes else X.shape[a] for a in range(3))
    y: dict = {}
    for i in range(X.shape[0]):
        for j in range(X.shape[1]):
            for k in range(X.shape[2]):
                at = tuple(0 if a in axes else (i, j, k)[a] for a in range(3))
                y[at] = y.get(at, xp.zeros(())) + X[i, j, k]
    entries = [
        y.get((i, j, k), xp.zeros(()))
        for i in range(kept[0])
        for j in range(kept[1])
        for k in range(kept[2])
    ]
    flat = xp.stack(entries) if entries else xp.zeros((0,))
    shape = kept if keepdims else tuple(n for a, n in enumerate(kept) if a not in axes)
    return xp.reshape(flat, shape)


@sum_reduction.jacobian(
    "X",
    r"\partial y_{\text{rest of } lmn} / \partial X_{lmn} = 1,\ 0 \text{ elsewhere}",
    source="patterns-10",
)
def sum_reduction_jacobian(xp, X, *, axis, keepdims):
    """A Kronecker delta for each axis that stays, a row of ones for each that is summed over."""
    axes = reduced_axes(axis)
    J = xp.ones((1,) * 6)
    for a, n in enumerate(X.shape):
        at = [1] * 6
        at[a], at[3 + a] = (1, n) if a in axes else (n, n)
        J = J * xp.reshape(xp.ones((n,)) if a in axes else xp.eye(n), tuple(at))
    kept = tuple(1 if a in axes else n for a, n in enumerate(X.shape))
    shape = kept if keepdims else tuple(n for a, n in enumerate(kept) if a not in axes)
    return xp.reshape(J, (*shape, *X.shape))


@identity(
    tex=r"Y = X^\top",
    shapes={"X": "m n"},
    gradients={"X": r"\bar Y^\top"},
    source=("patterns-11", "zoo-23"),
)
def transpose(xp, X):
    """Transpose of a matrix: rows become columns."""
    return xp.permute_dims(X, (1, 0))


@transpose.vjp
def transpose_vjp(xp, ybar, X):
    return {"X": ybar.T}


@transpose.fact("linear: ⟨X, X̄⟩ = ⟨Ȳ, Y⟩", source="patterns-11")
def transpose_is_linear(xp, answer, X):
    return homogeneous(xp, answer, {"X": X})


@transpose.component(r"Y_{ij} = X_{ji}", source="patterns-11")
def transpose_component(xp, X):
    m, n = X.shape
    return from_entries(xp, (n, m), lambda i, j: X[j, i])


@transpose.jacobian(
    "X", r"\partial Y_{ij} / \partial X_{lk} = \delta_{jl} \delta_{ik}", source="patterns-11"
)
def transpose_jacobian(xp, X):
    return xp.permute_dims(identity_map_jacobian(xp, X), (1, 0, 2, 3))
