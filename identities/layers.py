"""Layers without a spatial axis: linear, matrix product, residual."""

from .declaration import identity
from .homogeneity import homogeneous
from .patterns import from_entries


@identity(
    tex=r"z = W x + b",
    shapes={"W": "m n", "x": "n", "b": "m"},
    gradients={"W": r"\bar z x^\top", "x": r"W^\top \bar z", "b": r"\bar z"},
    source=("layers-1", "zoo-22"),
)
def linear_layer(xp, W, x, b):
    """Fully connected layer on one vector: W times it, plus b."""
    return W @ x + b


@linear_layer.vjp
def linear_layer_vjp(xp, ybar, W, x, b):
    return {"W": xp.linalg.outer(ybar, x), "x": W.T @ ybar, "b": ybar}


@linear_layer.fact("linear in W and b, and in x and b: ⟨W, W̄⟩ + ⟨b, b̄⟩ = ⟨z̄, z⟩", source="layers-1")
def linear_layer_is_linear(xp, answer, W, x, b):
    return homogeneous(xp, answer, {"W": W, "b": b}, {"x": x, "b": b})


@linear_layer.component(r"z_i = \sum_j W_{ij} x_j + b_i", source="layers-1")
def linear_layer_component(xp, W, x, b):
    m, n = W.shape
    z = [b[i] for i in range(m)]
    for i in range(m):
        for j in range(n):
            z[i] = z[i] + W[i, j] * x[j]
    return xp.stack(z) if m else b


@linear_layer.jacobian(
    "W", r"\partial z_i / \partial W_{lk} = \delta_{il} x_k", source="patterns-3"
)
def linear_layer_jacobian_W(xp, W, x, b):
    return xp.eye(W.shape[0])[:, :, None] * x[None, None, :]


@linear_layer.jacobian("x", r"\partial z_i / \partial x_j = W_{ij}", source="layers-1")
def linear_layer_jacobian_x(xp, W, x, b):
    return W


@linear_layer.jacobian("b", r"\partial z_i / \partial b_j = \delta_{ij}", source="layers-1")
def linear_layer_jacobian_b(xp, W, x, b):
    return xp.eye(b.shape[0])


@identity(
    tex=r"Z = X W^\top + \mathbf{1} b^\top",
    shapes={"X": "k n", "W": "m n", "b": "m"},
    gradients={
        "X": r"\bar Z W",
        "W": r"\bar Z^\top X",
        "b": r"\textstyle\sum_k \bar Z_{k \cdot}",
    },
    source=("layers-1", "zoo-22"),
)
def linear_layer_on_batch(xp, X, W, b):
    """Fully connected layer on k vectors, the rows of X: W times each, plus b."""
    return X @ W.T + b


@linear_layer_on_batch.vjp
def linear_layer_on_batch_vjp(xp, ybar, X, W, b):
    return {"X": ybar @ W, "W": ybar.T @ X, "b": xp.sum(ybar, axis=0)}


@linear_layer_on_batch.fact(
    "linear in W and b, and in X and b: ⟨W, W̄⟩ + ⟨b, b̄⟩ = ⟨Z̄, Z⟩", source="layers-1"
)
def linear_layer_on_batch_is_linear(xp, answer, X, W, b):
    return homogeneous(xp, answer, {"W": W, "b": b}, {"X": X, "b": b})


@identity(
    tex=r"Y = X W",
    shapes={"X": "k n", "W": "n m"},
    gradients={"X": r"\bar Y W^\top", "W": r"X^\top \bar Y"},
    source=("rules-6", "patterns-7"),
    notes="""The document's "dL/dX = dL/dY * dY/dX" is no product of matrices in this order: dY/dX
    has four indices, and what is left of it is Ȳ Wᵀ.""",
)
def matrix_product(xp, X, W):
    """Product of two matrices: the dot products of the rows of X and the columns of W."""
    return X @ W


@matrix_product.vjp
def matrix_product_vjp(xp, ybar, X, W):
    return {"X": ybar @ W.T, "W": X.T @ ybar}


@matrix_product.fact("linear in each: ⟨X, X̄⟩ = ⟨W, W̄⟩ = ⟨Ȳ, Y⟩", source="rules-6")
def matrix_product_is_bilinear(xp, answer, X, W):
    return homogeneous(xp, answer, {"X": X}, {"W": W})


@matrix_product.component(r"Y_{ik} = \sum_j X_{ij} W_{jk}", source="patterns-7")
def matrix_product_component(xp, X, W):
    def entry(i, k):
        total = xp.zeros(())
        for j in range(X.shape[1]):
            total = total + X[i, j] * W[j, k]
        return total

    return from_entries(xp, (X.shape[0], W.shape[1]), entry)


@matrix_product.jacobian(
    "X", r"\partial Y_{ik} / \partial X_{lj} = \delta_{il} W_{jk}", source="patterns-7"
)
def matrix_product_jacobian_X(xp, X, W):
    return xp.eye(X.shape[0])[:, None, :, None] * W.T[None, :, None, :]


@matrix_product.jacobian(
    "W", r"\partial Y_{ik} / \partial W_{jl} = X_{ij} \delta_{kl}", source="patterns-7"
)
def matrix_product_jacobian_W(xp, X, W):
    return X[:, None, :, None] * xp.eye(W.shape[1])[None, :, None, :]


@identity(
    tex=r"Y = X + Z",
    shapes={"X": "...", "Z": "..."},
    gradients={"X": r"\bar Y", "Z": r"\bar Y"},
    source=("rules-4", "rules-2"),
)
def residual(xp, X, Z):
    """Residual connection: the sum of two arrays of one shape."""
    return X + Z


@residual.vjp
def residual_vjp(xp, ybar, X, Z):
    return {"X": ybar, "Z": ybar}


@residual.fact("linear in both together: ⟨X, X̄⟩ + ⟨Z, Z̄⟩ = ⟨Ȳ, Y⟩", source="rules-4")
def residual_is_linear(xp, answer, X, Z):
    return homogeneous(xp, answer, {"X": X, "Z": Z})
