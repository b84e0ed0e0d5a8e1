"""Layer, batch and RMS normalisation, with ε inside the root, scale and shift."""

from .declaration import identity
from .homogeneity import homogeneous

EPSILON = {"eps": (1e-5, 1e-3)}
NOTE = """The document's σ has no ε, so that a constant input gives 0/0; every framework adds ε
inside the root, and uses the biased variance (divided by n, not n − 1)."""
COUPLING = """ The document says that every output is coupled to every input: for i ≠ j the
Jacobian's entry is zero where x̂ᵢ x̂ⱼ = −1, which without ε is everywhere for n = 2."""


def standardised(xp, x, eps, axes):
    """x̂ = (x − μ)/√(σ² + ε) and 1/√(σ² + ε), over the axes."""
    centred = x - xp.mean(x, axis=axes, keepdims=True)
    variance = xp.mean(centred * centred, axis=axes, keepdims=True)
    deviation = xp.sqrt(variance + eps)
    return centred / deviation, 1 / deviation


def standardised_vjp(xp, xhatbar, xhat, inverse, axes):
    """(x̂̄ − mean x̂̄ − x̂ · mean(x̂̄ ∘ x̂)) / √(σ² + ε)."""
    mean = xp.mean(xhatbar, axis=axes, keepdims=True)
    along = xp.mean(xhatbar * xhat, axis=axes, keepdims=True)
    return (xhatbar - mean - xhat * along) * inverse


def orthogonality(xp, xbar, xhatbar, x, eps, axes):
    """⟨x − μ, x̄⟩ = ε ⟨x̂, x̂̄⟩ / (σ² + ε), the relation of a fact; 0 but for ε."""
    centred = x - xp.mean(x, axis=axes, keepdims=True)
    square = xp.mean(centred * centred, axis=axes) + eps
    along = xp.sum(centred * xhatbar, axis=axes) / xp.sqrt(square)
    return "=", xp.sum(centred * xbar, axis=axes), along * eps / square


@identity(
    tex=r"y = \gamma \circ \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta",
    shapes={"x": "... n", "scale": "n", "shift": "n"},
    gradients={
        "x": r"\frac{1}{\sqrt{\sigma^2 + \varepsilon}} \left(\bar{\hat x} - \operatorname{mean} "
        r"\bar{\hat x} - \hat x \operatorname{mean}(\bar{\hat x} \circ \hat x)\right),"
        r"\quad \bar{\hat x} = \gamma \circ \bar y",
        "scale": r"\textstyle\sum \bar y \circ \hat x",
        "shift": r"\textstyle\sum \bar y",
    },
    source="zoo-20",
    sizes={"n": 1},
    parameters=EPSILON,
    notes=NOTE + COUPLING,
)
def layer_normalisation(xp, x, scale, shift, *, eps):
    """Layer normalisation: each row less its mean, over its deviation, then scale and shift."""
    return scale * standardised(xp, x, eps, -1)[0] + shift


@layer_normalisation.vjp
def layer_normalisation_vjp(xp, ybar, x, scale, shift, *, eps):
    xhat, inverse = standardised(xp, x, eps, -1)
    rows = tuple(range(x.ndim - 1))
    return {
        "x": standardised_vjp(xp, ybar * scale, xhat, inverse, -1),
        "scale": xp.sum(ybar * xhat, axis=rows),
        "shift": xp.sum(ybar, axis=rows),
    }


@layer_normalisation.jacobian(
    "x",
    r"\partial y_i / \partial x_j = \frac{\gamma_i}{\sqrt{\sigma^2 + \varepsilon}} "
    r"\left(\delta_{ij} - \tfrac1n - \tfrac1n \hat x_i \hat x_j\right)",
    source="zoo-20",
    shapes={"x": "n"},
)
def layer_normalisation_jacobian(xp, x, scale, shift, *, eps):
    """Every output is coupled to every input."""
    n = x.shape[0]
    xhat, inverse = standardised(xp, x, eps, -1)
    return scale[:, None] * inverse * (xp.eye(n) - (1 + xp.linalg.outer(xhat, xhat)) / n)


@layer_normalisation.fact("the input gradient of a row sums to 0", source="zoo-20")
def layer_normalisation_gradient_sums_to_zero(xp, answer, x, scale, shift, *, eps):
    total = xp.sum(answer.gradients["x"], axis=-1)
    return "=", total, xp.zeros_like(total)


@layer_normalisation.fact(
    "the input gradient is orthogonal to x̂, but for ε: ⟨x − μ, x̄⟩ = ε ⟨x̂, γ ∘ ȳ⟩ / (σ² + ε)",
    source="zoo-20",
)
def layer_normalisation_gradient_is_orthogonal(xp, answer, x, scale, shift, *, eps):
    return orthogonality(xp, answer.gradients["x"], answer.ybar * scale, x, eps, -1)


@layer_normalisation.fact("linear in scale and shift: ⟨γ, γ̄⟩ + ⟨β, β̄⟩ = ⟨ȳ, y⟩", source="zoo-20")
def layer_normalisation_is_linear(xp, answer, x, scale, shift, *, eps):
    return homogeneous(xp, answer, {"scale": scale, "shift": shift})


@identity(
    tex=r"Y_{\cdot c} = \gamma_c \frac{X_{\cdot c} - \mu_c}{\sqrt{\sigma_c^2 + \varepsilon}} "
    r"+ \beta_c",
    shapes={"X": "n c", "scale": "c", "shift": "c"},
    gradients={
        "X": r"\frac{1}{\sqrt{\sigma_c^2 + \varepsilon}} \left(\bar{\hat X} "
        r"- \operatorname{mean}_n \bar{\hat X} "
        r"- \hat X \operatorname{mean}_n(\bar{\hat X} \circ \hat X)\right)",
        "scale": r"\textstyle\sum_n \bar Y \circ \hat X",
        "shift": r"\textstyle\sum_n \bar Y",
    },
    source="zoo-21",
    sizes={"n": 2},
    parameters=EPSILON,
    notes=NOTE,
)
def batch_normalisation(xp, X, scale, shift, *, eps):
    """Normalisation of each channel over the batch, in training mode."""
    return scale * standardised(xp, X, eps, 0)[0] + shift


@batch_normalisation.vjp
def batch_normalisation_vjp(xp, ybar, X, scale, shift, *, eps):
    xhat, inverse = standardised(xp, X, eps, 0)
    return {
        "X": standardised_vjp(xp, ybar * scale, xhat, inverse, 0),
        "scale": xp.sum(ybar * xhat, axis=0),
        "shift": xp.sum(ybar, axis=0),
    }


@batch_normalisation.fact("the input gradient of a channel sums to 0", source="zoo-21")
def batch_normalisation_gradient_sums_to_zero(xp, answer, X, scale, shift, *, eps):
    total = xp.sum(answer.gradients["X"], axis=0)
    return "=", total, xp.zeros_like(total)


@batch_normalisation.fact("the input gradient is orthogonal to x̂, but for ε", source="zoo-21")
def batch_normalisation_gradient_is_orthogonal(xp, answer, X, scale, shift, *, eps):
    return orthogonality(xp, answer.gradients["X"], answer.ybar * scale, X, eps, 0)


@batch_normalisation.fact("linear in scale and shift: ⟨γ, γ̄⟩ + ⟨β, β̄⟩ = ⟨ȳ, y⟩", source="zoo-21")
def batch_normalisation_is_linear(xp, answer, X, scale, shift, *, eps):
    return homogeneous(xp, answer, {"scale": scale, "shift": shift})


@identity(
    tex=r"Y_{nchw} = \gamma_c \hat X_{nchw} + \beta_c",
    shapes={"X": "n c h w", "scale": "c", "shift": "c"},
    gradients={
        "X": r"\frac{1}{\sqrt{\sigma_c^2 + \varepsilon}} \left(\bar{\hat X} "
        r"- \operatorname{mean}_{nhw} \bar{\hat X} "
        r"- \hat X \operatorname{mean}_{nhw}(\bar{\hat X} \circ \hat X)\right)",
        "scale": r"\textstyle\sum_{nhw} \bar Y \circ \hat X",
        "shift": r"\textstyle\sum_{nhw} \bar Y",
    },
    source="zoo-21",
    sizes={"n": 2, "h": 1, "w": 1},
    parameters=EPSILON,
    notes=NOTE,
)
def batch_normalisation_of_images(xp, X, scale, shift, *, eps):
    """Normalisation of each channel over the batch and both spatial axes, in training mode."""
    xhat, _ = standardised(xp, X, eps, (0, 2, 3))
    return scale[:, None, None] * xhat + shift[:, None, None]


@batch_normalisation_of_images.vjp
def batch_normalisation_of_images_vjp(xp, ybar, X, scale, shift, *, eps):
    xhat, inverse = standardised(xp, X, eps, (0, 2, 3))
    xhatbar = ybar * scale[:, None, None]
    return {
        "X": standardised_vjp(xp, xhatbar, xhat, inverse, (0, 2, 3)),
        "scale": xp.sum(ybar * xhat, axis=(0, 2, 3)),
        "shift": xp.sum(ybar, axis=(0, 2, 3)),
    }


@batch_normalisation_of_images.fact("the input gradient of a channel sums to 0", source="zoo-21")
def batch_normalisation_of_images_gradient_sums_to_zero(xp, answer, X, scale, shift, *, eps):
    total = xp.sum(answer.gradients["X"], axis=(0, 2, 3))
    return "=", total, xp.zeros_like(total)


@batch_normalisation_of_images.fact(
    "the input gradient is orthogonal to x̂, but for ε", source="zoo-21"
)
def batch_normalisation_of_images_gradient_is_orthogonal(xp, answer, X, scale, shift, *, eps):
    xhatbar = answer.ybar * scale[:, None, None]
    return orthogonality(xp, answer.gradients["X"], xhatbar, X, eps, (0, 2, 3))


@identity(
    tex=r"y = \gamma \circ \frac{x}{\sqrt{\operatorname{mean} x^2 + \varepsilon}}",
    shapes={"x": "... n", "scale": "n"},
    gradients={
        "x": r"r \left(\bar{\hat x} - \hat x \operatorname{mean}(\bar{\hat x} \circ \hat x)\right),"
        r"\quad r = (\operatorname{mean} x^2 + \varepsilon)^{-1/2}",
        "scale": r"\textstyle\sum \bar y \circ \hat x",
    },
    source="zoo-21",
    sizes={"n": 1},
    parameters=EPSILON,
    notes="The mean is not subtracted, and ε is inside the root.",
)
def rms_normalisation(xp, x, scale, *, eps):
    """RMS normalisation: each row over its root mean square, then scale."""
    return scale * (x / xp.sqrt(xp.mean(x * x, axis=-1, keepdims=True) + eps))


@rms_normalisation.vjp
def rms_normalisation_vjp(xp, ybar, x, scale, *, eps):
    inverse = 1 / xp.sqrt(xp.mean(x * x, axis=-1, keepdims=True) + eps)
    xhat, xhatbar = x * inverse, ybar * scale
    along = xp.mean(xhatbar * xhat, axis=-1, keepdims=True)
    return {
        "x": (xhatbar - xhat * along) * inverse,
        "scale": xp.sum(ybar * xhat, axis=tuple(range(x.ndim - 1))),
    }


@rms_normalisation.fact(
    "the input gradient is orthogonal to x, but for ε: ⟨x, x̄⟩ = ε ⟨x̂, γ ∘ ȳ⟩ / (mean x² + ε)",
    source="zoo-21",
)
def rms_normalisation_gradient_is_orthogonal(xp, answer, x, scale, *, eps):
    square = xp.mean(x * x, axis=-1) + eps
    along = xp.sum(answer.ybar * scale * x, axis=-1) / xp.sqrt(square)
    return "=", xp.sum(x * answer.gradients["x"], axis=-1), along * eps / square


@rms_normalisation.fact("linear in the scale: ⟨γ, γ̄⟩ = ⟨ȳ, y⟩", source="zoo-21")
def rms_normalisation_is_linear(xp, answer, x, scale, *, eps):
    return homogeneous(xp, answer, {"scale": scale})
