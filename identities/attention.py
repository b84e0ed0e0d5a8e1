"""Scaled dot-product attention: one head, as documented, and its stages."""

from .declaration import identity
from .homogeneity import homogeneous
from .softmax import largest


def weights(xp, S):
    """Softmax over the last axis."""
    e = xp.exp(S - largest(xp, S))
    return e / xp.sum(e, axis=-1, keepdims=True)


def scores(xp, Q, K):
    """S = Q Kᵀ / √d."""
    return Q @ K.mT / Q.shape[-1] ** 0.5


def scores_bar(xp, A, Abar):
    """S̄ = A ∘ (Ā − rowsum(A ∘ Ā))."""
    return A * (Abar - xp.sum(A * Abar, axis=-1, keepdims=True))


def attention_pullback(xp, Obar, A, Q, K, V):
    """Gradients for Q, K and V from the weights, whatever mask they come from."""
    Sbar = scores_bar(xp, A, Obar @ V.mT)
    root = Q.shape[-1] ** 0.5
    return {"Q": Sbar @ K / root, "K": Sbar.mT @ Q / root, "V": A.mT @ Obar}


@identity(
    tex=r"O = A V,\quad A = \operatorname{softmax}(S),\quad S = Q K^\top / \sqrt d",
    shapes={"Q": "n d", "K": "m d", "V": "m v"},
    gradients={
        "Q": r"\bar S K / \sqrt d,\quad \bar S = A \circ (\bar A - \operatorname{rowsum}"
        r"(A \circ \bar A)),\ \bar A = \bar O V^\top",
        "K": r"\bar S^\top Q / \sqrt d",
        "V": r"A^\top \bar O",
    },
    source=("attention-1", "attention-2", "attention-5", "attention-6", "attention-7", "layers-4"),
    sizes={"m": 1, "d": 1},
    blocks=("n", "m", "d", "v"),
    notes="""n queries and m keys, n ≠ m allowed, values of a width of their own. The document's dₖ
    is the width d of Q and K; its index k for a row has nothing to do with it.""",
)
def attention(xp, Q, K, V):
    """Scaled dot-product attention, one head: the mean of the values, weighted by the scores."""
    return weights(xp, scores(xp, Q, K)) @ V


@attention.vjp
def attention_vjp(xp, ybar, Q, K, V):
    return attention_pullback(xp, ybar, weights(xp, scores(xp, Q, K)), Q, K, V)


@attention.fact(
    "the same added to every key changes nothing: the rows of K̄ sum to 0", "attention-7"
)
def attention_keys_sum_to_zero(xp, answer, Q, K, V):
    total = xp.sum(answer.gradients["K"], axis=-2)
    return "=", total, xp.zeros_like(total)


@attention.fact("weights sum to 1: the rows of V̄ sum to what those of Ō do", "attention-2")
def attention_values_sum_to_cotangent(xp, answer, Q, K, V):
    return "=", xp.sum(answer.gradients["V"], axis=-2), xp.sum(answer.ybar, axis=-2)


@attention.fact("what scales Q may scale K: ⟨Q, Q̄⟩ = ⟨K, K̄⟩", "attention-7")
def attention_scores_are_shared(xp, answer, Q, K, V):
    return "=", xp.sum(Q * answer.gradients["Q"]), xp.sum(K * answer.gradients["K"])


@attention.component(
    r"O_{ib} = \sum_j A_{ij} V_{jb},\ S_{ij} = \sum_a Q_{ia} K_{ja} / \sqrt d", source="attention-1"
)
def attention_component(xp, Q, K, V):
    (n, d), m, v = Q.shape, K.shape[0], V.shape[1]
    rows = []
    for i in range(n):
        e = []
        for j in range(m):
            s = xp.zeros(())
            for a in range(d):
                s = s + Q[i, a] * K[j, a]
            e.append(xp.exp(s / d**0.5))
        total = sum(e[1:], e[0])
        row = []
        for b in range(v):
            o = xp.zeros(())
            for j in range(m):
                o = o + e[j] / total * V[j, b]
            row.append(o)
        rows.append(xp.stack(row) if row else xp.zeros((0,)))
    return xp.stack(rows) if rows else xp.zeros((0, v))


@attention.jacobian(
    "V", r"\partial O_{ib} / \partial V_{mn} = A_{im} \delta_{bn}", source="attention-2"
)
def attention_jacobian_V(xp, Q, K, V):
    A = weights(xp, scores(xp, Q, K))
    return A[:, None, :, None] * xp.eye(V.shape[1])[None, :, None, :]


@identity(
    tex=r"O = A V",
    shapes={"A": "n m", "V": "m v"},
    gradients={"A": r"\bar O V^\top", "V": r"A^\top \bar O"},
    source=("attention-2", "attention-3"),
)
def attention_output(xp, A, V):
    """The last stage of attention: weights times values."""
    return A @ V


@attention_output.vjp
def attention_output_vjp(xp, ybar, A, V):
    return {"A": ybar @ V.T, "V": A.T @ ybar}


@attention_output.fact("linear in each: ⟨A, Ā⟩ = ⟨V, V̄⟩ = ⟨Ō, O⟩", source="attention-3")
def attention_output_is_bilinear(xp, answer, A, V):
    return homogeneous(xp, answer, {"A": A}, {"V": V})


@attention_output.jacobian(
    "A", r"\partial O_{ib} / \partial A_{mn} = \delta_{im} V_{nb}", source="attention-3"
)
def attention_output_jacobian_A(xp, A, V):
    return xp.eye(A.shape[0])[:, None, :, None] * V.T[None, :, None, :]


@identity(
    tex=r"A = \operatorname{softmax}(S) \text{ over the last axis}",
    shapes={"S": "n m"},
    gradients={"S": r"A \circ (\bar A - \operatorname{rowsum}(A \circ \bar A))"},
    source=("attention-4", "attention-5"),
    sizes={"m": 1},
    notes="""In the document's δᵢₘ Aᵢⱼ (δⱼₙ − Aᵢₙ) the indices i and j are free, not summed: summed
    over j it would be zero. The row sum in S̄ stays a column.""",
)
def attention_weights(xp, S):
    """The middle stage of attention: scores to weights."""
    return weights(xp, S)


@attention_weights.vjp
def attention_weights_vjp(xp, ybar, S):
    return {"S": scores_bar(xp, weights(xp, S), ybar)}


@attention_weights.fact("the weights of a row sum to 1", source="attention-4")
def attention_weights_sum_to_one(xp, answer, S):
    total = xp.sum(answer.value, axis=-1)
    return "=", total, xp.ones_like(total)


@attention_weights.fact("the gradient of a row sums to 0", source="attention-5")
def attention_weights_gradient_sums_to_zero(xp, answer, S):
    total = xp.sum(answer.gradients["S"], axis=-1)
    return "=", total, xp.zeros_like(total)


@attention_weights.jacobian(
    "S",
    r"\partial A_{ij} / \partial S_{mn} = \delta_{im} A_{ij} (\delta_{jn} - A_{in})",
    source="attention-4",
)
def attention_weights_jacobian(xp, S):
    A = weights(xp, S)
    n, m = A.shape
    inner = A[:, :, None] * (xp.eye(m)[None, :, :] - A[:, None, :])
    return xp.eye(n)[:, None, :, None] * inner[:, :, None, :]


@identity(
    tex=r"S = Q K^\top / \sqrt d",
    shapes={"Q": "n d", "K": "m d"},
    gradients={"Q": r"\bar S K / \sqrt d", "K": r"\bar S^\top Q / \sqrt d"},
    source=("attention-6", "attention-7"),
    sizes={"d": 1},
    notes="""√d is the root of the width of Q and K, not of the number of rows that k counts in the
    document.""",
)
def attention_scores(xp, Q, K):
    """The first stage of attention: queries and keys to scores."""
    return scores(xp, Q, K)


@attention_scores.vjp
def attention_scores_vjp(xp, ybar, Q, K):
    root = Q.shape[-1] ** 0.5
    return {"Q": ybar @ K / root, "K": ybar.T @ Q / root}


@attention_scores.fact("linear in each: ⟨Q, Q̄⟩ = ⟨K, K̄⟩ = ⟨S̄, S⟩", source="attention-6")
def attention_scores_is_bilinear(xp, answer, Q, K):
    return homogeneous(xp, answer, {"Q": Q}, {"K": K})
