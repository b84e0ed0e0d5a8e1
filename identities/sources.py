"""The documents that the rules come from, and every rule; an identity cites one as ``"zoo-4"``."""

DOCUMENTS: dict[str, str] = {
    "patterns": "Systematic simplification of component-wise gradients",
    "zoo": "A small zoo of common gradient identities (§3.12)",
    "attention": "Gradient derivations (attention in index notation)",
    "layers": "Layer gradients: linear, convolution, attention",
    "rules": "Computing gradients for the sake of it (7 December 2025)",
}

RULES: dict[str, str] = {
    "patterns-1": "The Jacobian of θ by itself is the Kronecker delta: ∂W_ij/∂W_lk = δ_il δ_jk.",
    "patterns-2": "A Kronecker delta collapses its sum: Σₖ aₖ δᵢₖ = aᵢ.",
    "patterns-3": "Linear layer y = Wx: ∂yᵢ/∂W_lk = δ_il xₖ, so that W̄ = ȳ xᵀ.",
    "patterns-4": "Identity function y = x: ∂yᵢ/∂xⱼ = δᵢⱼ, so that x̄ = ȳ.",
    "patterns-5": "Outer product, by components C_ij = aᵢ bⱼ and as a matrix.",
    "patterns-6": "Matrix-vector product, by components yᵢ = Σⱼ A_ij xⱼ and as Ax.",
    "patterns-7": "Matrix-matrix product, by components Y_ik = Σⱼ A_ij B_jk and as AB.",
    "patterns-8": "Element-wise unary function, by components zᵢ = f(xᵢ) and as a whole.",
    "patterns-9": "Element-wise product (Hadamard), by components zᵢ = xᵢ yᵢ and as a whole.",
    "patterns-10": "Reduction, by components y = Σᵢ xᵢ and as 1ᵀx.",
    "patterns-11": "Transpose, by components Y_ij = X_ji and as a whole.",
    "zoo-1": "Linear form aᵀx: the gradient in x is a; 2x₁ + 3x₂ has (2, 3)ᵀ.",
    "zoo-2": "Quadratic form xᵀAx: (A + Aᵀ)x; for symmetric A, 2Ax.",
    "zoo-3": "Squared norm ‖x‖²: 2x.",
    "zoo-4": "Least squares ‖Ax − b‖²: 2Aᵀ(Ax − b), which is zero at the solution.",
    "zoo-5": "Trace tr X: the identity matrix.",
    "zoo-6": "Trace of a product tr(AX): Aᵀ.",
    "zoo-7": "Trace tr(XᵀAX): (A + Aᵀ)X.",
    "zoo-8": "Log-determinant log det X: X⁻ᵀ; in a Gaussian likelihood log det Σ adds Σ⁻¹.",
    "zoo-9": "Determinant det X: det(X) X⁻ᵀ.",
    "zoo-10": "The log-determinant is the trace of the logarithm: log det X = tr log X.",
    "zoo-11": "Sigmoid: σ(1 − σ); at most ¼, at 0, and tending to zero for large |z|.",
    "zoo-12": "Tanh: 1 − tanh²; at most 1, at 0.",
    "zoo-13": "ReLU: 1 for z > 0, else 0; by convention 0 at z = 0.",
    "zoo-14": "GELU: 0.5 z (1 + tanh(√(2/π)(z + 0.044715 z³))), and the exact form with erf.",
    "zoo-15": "Softmax: the Jacobian is sᵢ(δᵢⱼ − sⱼ), which is diag(s) − s sᵀ.",
    "zoo-16": "Cross-entropy of softmax, for a target that sums to one: s − y.",
    "zoo-17": "Softmax and cross-entropy in one do not overflow for very large logits.",
    "zoo-18": "Binary cross-entropy of sigmoid: σ(z) − y.",
    "zoo-19": "Mean-squared error: prediction minus target, up to the factor of the mean.",
    "zoo-20": "Layer normalisation: its Jacobian couples every output to every input.",
    "zoo-21": "Batch and RMS normalisation: the same, each over its own axes.",
    "zoo-22": "The gradient of a linear layer's weights is an outer product, δ aᵀ.",
    "zoo-23": "Transpose: X̄ = Ȳᵀ.",
    "zoo-24": "Reshape: the cotangent is reshaped back.",
    "zoo-25": "Broadcasting: the cotangent is summed over the dimensions broadcast.",
    "zoo-26": "Indexing: the cotangent goes to the positions indexed; repeated ones add up.",
    "zoo-27": "Matched pairs of output and loss: the gradient is predicted minus true.",
    "zoo-28": "Change of variables of a normalising flow: log|det J|.",
    "attention-1": "Attention: S = QKᵀ/√d, A = softmax of the rows of S, O = AV; n ≠ m is allowed.",
    "attention-2": "∂O_ib/∂V_mn = A_im δ_bn, so that V̄ = Aᵀ Ō.",
    "attention-3": "∂O_ib/∂A_mn = δ_im V_nb, so that Ā = Ō Vᵀ.",
    "attention-4": "∂A_ij/∂S_mn = δ_im A_ij (δ_jn − A_in).",
    "attention-5": "S̄ = A ∘ (Ā − rowsum(A ∘ Ā)).",
    "attention-6": "Q̄ = S̄ K/√d.",
    "attention-7": "K̄ = S̄ᵀ Q/√d.",
    "attention-8": "All gradients of attention can be verified, for a given Q, K and V.",
    "layers-1": "Linear layer z = Wx + b: W̄ = z̄ xᵀ, b̄ = z̄, x̄ = Wᵀ z̄.",
    "layers-2": "1-D convolution: its gradients for input, kernel and bias.",
    "layers-3": "2-D convolution, channels last: its gradients for input, kernel and bias.",
    "layers-4": "Attention, with the gradients that the document on attention derives.",
    "layers-5": "Projections Q = XW_Q, and K, V alike: W̄_Q = Xᵀ Q̄ and so on; X̄ is a sum of three.",
    "rules-1": "The gradient of an array has that array's shape.",
    "rules-2": "Element-wise operation: X̄ = Ȳ ∘ f′(X).",
    "rules-3": "ReLU: the cotangent where X > 0, else zero.",
    "rules-4": "Residual Y = X + Z: the cotangent goes unchanged to both.",
    "rules-5": "Square Y = X²: 2X ∘ Ȳ.",
    "rules-6": "Matrix product Y = XW: X̄ = Ȳ Wᵀ, W̄ = Xᵀ Ȳ.",
    "rules-7": "Cross-entropy over tokens, logits (b, t, v): softmax minus one-hot.",
    "rules-8": "Gated activations (GeGLU) carry weights, which get a gradient too.",
}
"""What each documented rule says, by its id; a bar marks a cotangent."""


def cite(rule: str) -> str:
    """Spell out a rule's id: ``"zoo-4"`` is rule 4 of the document that ``zoo`` stands for.

    Raises ValueError where there is no such rule.
    """
    document, _, number = rule.rpartition("-")
    if rule in RULES:
        return f"{rule}: {DOCUMENTS[document]}, rule {number}"
    if document in DOCUMENTS and number.isdigit():
        last = [known for known in RULES if known.startswith(f"{document}-")][-1]
        raise ValueError(
            f"{rule!r} is not the id of a documented rule; {document} has {document}-1 to {last}"
        )
    known = ", ".join(f"{name}-N" for name in DOCUMENTS)
    raise ValueError(f"{rule!r} is not the id of a documented rule; ids look like {known}")
