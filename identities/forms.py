"""Linear and quadratic forms."""

from .declaration import identity
from .homogeneity import homogeneous


@identity(
    tex=r"f = a^\top x",
    shapes={"a": "n", "x": "n"},
    gradients={"a": r"\bar f \, x", "x": r"\bar f \, a"},
    source="zoo-1",
)
def linear_form(xp, a, x):
    """Dot product of two vectors: the sum of the products of their entries."""
    return a @ x


@linear_form.vjp
def linear_form_vjp(xp, ybar, a, x):
    return {"a": ybar * x, "x": ybar * a}


@linear_form.fact("linear in each vector: ⟨a, ā⟩ = ⟨x, x̄⟩ = f̄ f", source="zoo-1")
def linear_form_is_bilinear(xp, answer, a, x):
    return homogeneous(xp, answer, {"a": a}, {"x": x})


@linear_form.component(r"f = \sum_i a_i x_i", source="zoo-1")
def linear_form_component(xp, a, x):
    f = xp.zeros(())
    for i in range(x.shape[0]):
        f = f + a[i] * x[i]
    return f


@linear_form.fact(
    "2x₁ + 3x₂ has gradient (2, 3)ᵀ", source="zoo-1", at=lambda xp, a, x: worked_example(xp)
)
def linear_form_worked_example(xp, answer, a, x):
    return "=", answer.gradients["x"], answer.ybar * xp.stack([2 * xp.ones(()), 3 * xp.ones(())])


def worked_example(xp):
    """The arguments of the document's example, with x = (1, −1)."""
    one = xp.ones(())
    return {"a": xp.stack([2 * one, 3 * one]), "x": xp.stack([one, -one])}


@identity(
    tex=r"f = x^\top A x",
    shapes={"A": "n n", "x": "n"},
    gradients={"A": r"\bar f \, x x^\top", "x": r"\bar f \, (A + A^\top) x"},
    source="zoo-2",
)
def quadratic_form(xp, A, x):
    """Quadratic form of any square matrix: the dot product of x and Ax."""
    return xp.sum(x * (A @ x))


@quadratic_form.vjp
def quadratic_form_vjp(xp, ybar, A, x):
    return {"A": ybar * xp.linalg.outer(x, x), "x": ybar * ((A + A.T) @ x)}


@quadratic_form.fact("of degree 2 in x: ⟨x, x̄⟩ = 2 f̄ f", source="zoo-2")
def quadratic_form_is_quadratic(xp, answer, A, x):
    return homogeneous(xp, answer, {"x": x}, degree=2)


@quadratic_form.fact("linear in A: ⟨A, Ā⟩ = f̄ f", source="zoo-2")
def quadratic_form_is_linear_in_A(xp, answer, A, x):
    return homogeneous(xp, answer, {"A": A})


@quadratic_form.fact("the gradient for A is symmetric", source="zoo-2")
def quadratic_form_gradient_is_symmetric(xp, answer, A, x):
    return "=", answer.gradients["A"], answer.gradients["A"].T


@quadratic_form.component(r"f = \sum_{i,j} A_{ij} x_i x_j", source="zoo-2")
def quadratic_form_component(xp, A, x):
    f = xp.zeros(())
    for i in range(x.shape[0]):
        for j in range(x.shape[0]):
            f = f + A[i, j] * x[i] * x[j]
    return f


@quadratic_form.fact(
    "for symmetric A the gradient in x is 2Ax",
    source="zoo-2",
    at=lambda xp, A, x: {"A": A + A.T, "x": x},
)
def quadratic_form_symmetric(xp, answer, A, x):
    return "=", answer.gradients["x"], 2 * answer.ybar * (A @ x)


@identity(
    tex=r"f = \lVert x \rVert_2^2",
    shapes={"x": "n"},
    gradients={"x": r"\bar f \, 2 x"},
    source="zoo-3",
)
def squared_norm(xp, x):
    """Squared Euclidean length: the sum of the squares of the entries."""
    return x @ x


@squared_norm.vjp
def squared_norm_vjp(xp, ybar, x):
    return {"x": 2 * ybar * x}


@squared_norm.fact("of degree 2: ⟨x, x̄⟩ = 2 f̄ f", source="zoo-3")
def squared_norm_is_of_degree_2(xp, answer, x):
    return homogeneous(xp, answer, {"x": x}, degree=2)


@squared_norm.component(r"f = \sum_i x_i^2", source="zoo-3")
def squared_norm_component(xp, x):
    f = xp.zeros(())
    for i in range(x.shape[0]):
        f = f + x[i] * x[i]
    return f


@squared_norm.fact("‖x‖² is the quadratic form with A = I", source="zoo-3")
def squared_norm_is_quadratic(xp, answer, x):
    return "=", answer.value, quadratic_form(xp, xp.eye(x.shape[0]), x)


@identity(
    tex=r"f = \lVert A x - b \rVert_2^2",
    shapes={"A": "m n", "x": "n", "b": "m"},
    gradients={
        "A": r"\bar f \, 2 (A x - b) x^\top",
        "x": r"\bar f \, 2 A^\top (A x - b)",
        "b": r"-\bar f \, 2 (A x - b)",
    },
    source="zoo-4",
    notes="""The document calls the normal equations AᵀA x = Aᵀb the closed-form solution. They give
    x where the columns of A are independent; else AᵀA has no inverse, and many x make the gradient
    zero.""",
)
def least_squares(xp, A, x, b):
    """Least squares: the squared length of the residual Ax − b of a linear model."""
    r = A @ x - b
    return xp.sum(r * r)


@least_squares.vjp
def least_squares_vjp(xp, ybar, A, x, b):
    r = A @ x - b
    return {
        "A": 2 * ybar * xp.linalg.outer(r, x),
        "x": 2 * ybar * (A.T @ r),
        "b": -2 * ybar * r,
    }


@least_squares.fact(
    "of degree 2 in A and b, and in x and b: ⟨A, Ā⟩ + ⟨b, b̄⟩ = 2 f̄ f", source="zoo-4"
)
def least_squares_is_of_degree_2(xp, answer, A, x, b):
    return homogeneous(xp, answer, {"A": A, "b": b}, {"x": x, "b": b}, degree=2)


def least_squares_solution(xp, A, x, b):
    """Solve the normal equations; A is stacked on I, so that its columns are independent."""
    A = xp.concat([A, xp.eye(x.shape[0])])
    b = xp.concat([b, x])
    return {"A": A, "x": xp.linalg.inv(A.T @ A) @ (A.T @ b), "b": b}


@least_squares.fact(
    "at the least-squares solution the gradient in x is zero (normal equations)",
    source="zoo-4",
    at=least_squares_solution,
)
def least_squares_normal_equations(xp, answer, A, x, b):
    return "=", answer.gradients["x"], xp.zeros_like(x)
