"""Trace, determinant and log-determinant."""

from .conditions import invertible, maybe_singular, positive_determinant
from .declaration import identity
from .homogeneity import homogeneous


@identity(
    tex=r"f = \operatorname{tr} X",
    shapes={"X": "n n"},
    gradients={"X": r"\bar f \, I"},
    source="zoo-5",
)
def trace(xp, X):
    """Sum of the diagonal."""
    return xp.linalg.trace(X)


@trace.vjp
def trace_vjp(xp, ybar, X):
    return {"X": ybar * xp.eye(X.shape[0])}


@trace.fact("linear: ⟨X, X̄⟩ = f̄ f", source="zoo-5")
def trace_is_linear(xp, answer, X):
    return homogeneous(xp, answer, {"X": X})


@trace.component(r"f = \sum_i X_{ii}", source="zoo-5")
def trace_component(xp, X):
    f = xp.zeros(())
    for i in range(X.shape[0]):
        f = f + X[i, i]
    return f


@identity(
    tex=r"f = \operatorname{tr}(A X)",
    shapes={"A": "m n", "X": "n m"},
    gradients={"A": r"\bar f \, X^\top", "X": r"\bar f \, A^\top"},
    source="zoo-6",
)
def trace_of_product(xp, A, X):
    """Trace of a matrix product: the sum of all entries of A times those of X transposed."""
    return xp.linalg.trace(A @ X)


@trace_of_product.vjp
def trace_of_product_vjp(xp, ybar, A, X):
    return {"A": ybar * X.T, "X": ybar * A.T}


@trace_of_product.fact("linear in each matrix: ⟨A, Ā⟩ = ⟨X, X̄⟩ = f̄ f", source="zoo-6")
def trace_of_product_is_bilinear(xp, answer, A, X):
    return homogeneous(xp, answer, {"A": A}, {"X": X})


@trace_of_product.component(r"f = \sum_{i,j} A_{ij} X_{ji}", source="zoo-6")
def trace_of_product_component(xp, A, X):
    f = xp.zeros(())
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            f = f + A[i, j] * X[j, i]
    return f


@identity(
    tex=r"f = \operatorname{tr}(X^\top A X)",
    shapes={"A": "n n", "X": "n m"},
    gradients={"A": r"\bar f \, X X^\top", "X": r"\bar f \, (A + A^\top) X"},
    source="zoo-7",
)
def trace_of_quadratic(xp, A, X):
    """Trace of XᵀAX: the sum of the quadratic forms of the columns of X."""
    return xp.linalg.trace(X.T @ A @ X)


@trace_of_quadratic.vjp
def trace_of_quadratic_vjp(xp, ybar, A, X):
    return {"A": ybar * (X @ X.T), "X": ybar * ((A + A.T) @ X)}


@trace_of_quadratic.fact("the gradient for A is symmetric", source="zoo-7")
def trace_of_quadratic_gradient_is_symmetric(xp, answer, A, X):
    return "=", answer.gradients["A"], answer.gradients["A"].T


@trace_of_quadratic.fact("of degree 2 in X: ⟨X, X̄⟩ = 2 f̄ f", source="zoo-7")
def trace_of_quadratic_is_of_degree_2(xp, answer, A, X):
    return homogeneous(xp, answer, {"X": X}, degree=2)


@trace_of_quadratic.component(r"f = \sum_{i,j,k} X_{ji} A_{jk} X_{ki}", source="zoo-7")
def trace_of_quadratic_component(xp, A, X):
    f = xp.zeros(())
    for i in range(X.shape[1]):
        for j in range(X.shape[0]):
            for k in range(X.shape[0]):
                f = f + X[j, i] * A[j, k] * X[k, i]
    return f


@identity(
    tex=r"f = \log \det X",
    shapes={"X": "n n"},
    gradients={"X": r"\bar f \, X^{-\top}"},
    source="zoo-8",
    domain=[positive_determinant("X")],
    normwise=["X"],
    notes="""The document's Σ⁻¹ for a covariance matrix is the gradient over all square matrices;
    over symmetric ones the independent entries see 2 Σ⁻¹ − diag(Σ⁻¹). Where det X < 0 there is no
    log det X, and log|det X| has the gradient X⁻ᵀ. The document's log det X = tr log X needs a
    logarithm of X: positive definite matrices have one, and diag(−1, −2), whose determinant is 2,
    has no real one.""",
)
def log_determinant(xp, X):
    """Logarithm of the determinant of a matrix, which is positive."""
    return xp.log(xp.linalg.det(X))


@log_determinant.vjp
def log_determinant_vjp(xp, ybar, X):
    return {"X": ybar * xp.linalg.inv(X).T}


def gram(xp, X):
    """XᵀX: symmetric, and positive definite."""
    return {"X": X.T @ X}


@log_determinant.fact("f(t X) = f(X) + n log t: ⟨X, X̄⟩ = n f̄", source="zoo-8")
def log_determinant_of_a_multiple(xp, answer, X):
    return "=", xp.sum(X * answer.gradients["X"]), X.shape[0] * answer.ybar


@log_determinant.fact("a symmetric matrix has a symmetric gradient", source="zoo-8", at=gram)
def log_determinant_gradient_is_symmetric(xp, answer, X):
    return "=", answer.gradients["X"], answer.gradients["X"].T


@log_determinant.fact(
    "log det S = tr log S, here for S = XᵀX: the sum of the eigenvalues' logarithms",
    source="zoo-10",
    at=gram,
)
def log_determinant_is_trace_of_logarithm(xp, answer, X):
    return "=", answer.value, xp.sum(xp.log(xp.linalg.eigvalsh(X)))


@log_determinant.fact("the symmetric case: the gradient in Σ is Σ⁻¹", source="zoo-8", at=gram)
def log_determinant_of_symmetric(xp, answer, X):
    return "=", answer.gradients["X"] @ X, answer.ybar * xp.eye(X.shape[0])


@identity(
    tex=r"f = \det X",
    shapes={"X": "n n"},
    gradients={"X": r"\bar f \, \det(X) \, X^{-\top}"},
    source="zoo-9",
    domain=[invertible("X")],
    normwise=["X"],
    notes="""At a singular X the document's det(X) X⁻ᵀ is 0 · ∞; determinant_by_cofactors has the
    form that holds there too.""",
)
def determinant(xp, X):
    """Determinant of an invertible matrix."""
    return xp.linalg.det(X)


@determinant.vjp
def determinant_vjp(xp, ybar, X):
    return {"X": ybar * xp.linalg.det(X) * xp.linalg.inv(X).T}


@determinant.fact("of degree n: ⟨X, X̄⟩ = n f̄ f", source="zoo-9")
def determinant_is_of_degree_n(xp, answer, X):
    return homogeneous(xp, answer, {"X": X}, degree=X.shape[0])


@determinant.fact("X̄ᵀ X = ȳ det(X) I", source="zoo-9")
def determinant_adjugate(xp, answer, X):
    n = X.shape[0]
    return "=", answer.gradients["X"].T @ X, answer.ybar * answer.value * xp.eye(n)


@identity(
    tex=r"f = \det X",
    shapes={"X": "n n"},
    gradients={"X": r"\bar f \, \operatorname{cof} X"},
    source="zoo-9",
    domain=[maybe_singular("X")],
    normwise=["X"],
    fit=lambda sizes: {"n": min(sizes["n"], 9)},  # n² determinants of n³ operations each
    notes="""The document's det(X) X⁻ᵀ is 0 · ∞ at a singular X, where the gradient exists and is
    the cofactor matrix.""",
)
def determinant_by_cofactors(xp, X):
    """Determinant of any square matrix, singular ones included."""
    return xp.linalg.det(X)


@determinant_by_cofactors.vjp
def determinant_by_cofactors_vjp(xp, ybar, X):
    return {"X": ybar * cofactors(xp, X)}


@determinant_by_cofactors.fact("of degree n: ⟨X, X̄⟩ = n f̄ f", source="zoo-9")
def determinant_by_cofactors_is_of_degree_n(xp, answer, X):
    return homogeneous(xp, answer, {"X": X}, degree=X.shape[0])


def cofactors(xp, X):
    """(−1)ⁱ⁺ʲ det(X without row i and column j), as a matrix."""
    n = X.shape[0]
    if n == 0:
        return X

    def without(i, j):
        rows = xp.concat([X[:i, :], X[i + 1 :, :]], axis=0)
        return xp.concat([rows[:, :j], rows[:, j + 1 :]], axis=1)

    return xp.stack(
        [
            xp.stack([(-1.0) ** (i + j) * xp.linalg.det(without(i, j)) for j in range(n)])
            for i in range(n)
        ]
    )
