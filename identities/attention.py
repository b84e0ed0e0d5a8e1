"""Scaled dot-product attention: one head, its stages, and masks."""

from .conditions import mask
from .declaration import identity
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
    notes="""n queries and m keys, n ≠ m allowed, values of a width of their own. The document uses
    the index k for a row and inside d_k.""",
)
def attention(xp, Q, K, V):
    """Scaled dot-product attention, one head."""
    return weights(xp, scores(xp, Q, K)) @ V


@attention.vjp
def attention_vjp(xp, ybar, Q, K, V):
    A = weights(xp, scores(xp, Q, K))
    Sbar = scores_bar(xp, A, ybar @ V.T)
    root = Q.shape[-1] ** 0.5
    return {"Q": Sbar @ K / root, "K": Sbar.T @ Q / root, "V": A.T @ ybar}


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
)
def attention_weights(xp, S):
    """The middle stage of attention: scores to weights."""
    return weights(xp, S)


@attention_weights.vjp
def attention_weights_vjp(xp, ybar, S):
    return {"S": scores_bar(xp, weights(xp, S), ybar)}


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
)
def attention_scores(xp, Q, K):
    """The first stage of attention: queries and keys to scores."""
    return scores(xp, Q, K)


@attention_scores.vjp
def attention_scores_vjp(xp, ybar, Q, K):
    root = Q.shape[-1] ** 0.5
    return {"Q": ybar @ K / root, "K": ybar.T @ Q / root}


@identity(
    tex=r"O = \operatorname{softmax}(S) V,\quad S_{ij} = -\infty \text{ for } j > i",
    shapes={"Q": "n d", "K": "n d", "V": "n v"},
    gradients={
        "Q": r"\bar S K / \sqrt d,\quad \bar S = A \circ (\bar A - \operatorname{rowsum}"
        r"(A \circ \bar A))",
        "K": r"\bar S^\top Q / \sqrt d",
        "V": r"A^\top \bar O",
    },
    source=("attention-1", "layers-4"),
    sizes={"n": 1, "d": 1},
)
def causal_attention(xp, Q, K, V):
    """Attention in which a query sees no later key."""
    return masked_weights(xp, scores(xp, Q, K), causal(xp, Q.shape[0])) @ V


@causal_attention.vjp
def causal_attention_vjp(xp, ybar, Q, K, V):
    A = masked_weights(xp, scores(xp, Q, K), causal(xp, Q.shape[0]))
    return attention_pullback(xp, ybar, A, Q, K, V)


def causal(xp, n):
    """True where a key is not later than the query."""
    return xp.arange(n)[:, None] >= xp.arange(n)[None, :]


def masked_weights(xp, S, allowed):
    """Softmax over the allowed entries of each row; a row needs one at least."""
    lowest = xp.min(S, axis=-1, keepdims=True) + xp.zeros_like(S)
    shift = largest(xp, xp.where(allowed, S, lowest))
    e = xp.exp(xp.where(allowed, S - shift, xp.zeros_like(S)))
    e = xp.where(allowed, e, xp.zeros_like(e))
    return e / xp.sum(e, axis=-1, keepdims=True)


def attention_pullback(xp, Obar, A, Q, K, V):
    """Gradients for Q, K and V from the weights, whatever mask they come from."""
    Sbar = scores_bar(xp, A, Obar @ V.mT)
    root = Q.shape[-1] ** 0.5
    return {"Q": Sbar @ K / root, "K": Sbar.mT @ Q / root, "V": A.mT @ Obar}


@identity(
    tex=r"O = \operatorname{softmax}(S) V,\quad S_{ij} = -\infty \text{ where } \neg M_{ij}",
    shapes={"Q": "n d", "K": "m d", "V": "m v", "M": "n m"},
    gradients={
        "Q": r"\bar S K / \sqrt d,\quad \bar S = A \circ (\bar A - \operatorname{rowsum}"
        r"(A \circ \bar A))",
        "K": r"\bar S^\top Q / \sqrt d",
        "V": r"A^\top \bar O",
    },
    source=("attention-1", "layers-4"),
    domain=[mask("M")],
    sizes={"m": 1, "d": 1},
    notes="Each row has an entry that is allowed; what frameworks do where none is, is not judged.",
)
def masked_attention(xp, Q, K, V, M):
    """Attention under a boolean mask: true where a query may see a key."""
    return masked_weights(xp, scores(xp, Q, K), M) @ V


@masked_attention.vjp
def masked_attention_vjp(xp, ybar, Q, K, V, M):
    return attention_pullback(xp, ybar, masked_weights(xp, scores(xp, Q, K), M), Q, K, V)


def fit_heads(sizes):
    """At most three groups, and heads that divide among them: two for each, if need be."""
    g = min(sizes["g"], 3)
    return {**sizes, "g": g, "h": sizes["h"] if sizes["h"] % g == 0 else 2 * g}


@identity(
    tex=r"O_h = \operatorname{softmax}(Q_h K_{g(h)}^\top / \sqrt d) V_{g(h)}",
    shapes={"Q": "b h n d", "K": "b g m d", "V": "b g m v"},
    gradients={
        "Q": r"\bar S_h K_{g(h)} / \sqrt d",
        "K": r"\textstyle\sum_{h: g(h) = g} \bar S_h^\top Q_h / \sqrt d",
        "V": r"\textstyle\sum_{h: g(h) = g} A_h^\top \bar O_h",
    },
    source=("attention-1", "layers-4"),
    sizes={"b": 1, "h": 1, "g": 1, "m": 1, "d": 1},
    fit=fit_heads,
    notes="""Grouped-query attention: h query heads share g heads of keys and values, in runs of
    h/g. With g = h it is multi-head attention, with g = 1 multi-query attention.""",
)
def grouped_query_attention(xp, Q, K, V):
    """Attention of several heads on a batch, groups of which share keys and values."""
    b, h, n, d = Q.shape
    g = K.shape[1]
    grouped = xp.reshape(Q, (b, g, h // g, n, d))
    A = weights(xp, scores(xp, grouped, K[:, :, None, :, :]))
    return xp.reshape(A @ V[:, :, None, :, :], (b, h, n, V.shape[-1]))


@grouped_query_attention.vjp
def grouped_query_attention_vjp(xp, ybar, Q, K, V):
    b, h, n, d = Q.shape
    g, v = K.shape[1], V.shape[-1]
    grouped = xp.reshape(Q, (b, g, h // g, n, d))
    A = weights(xp, scores(xp, grouped, K[:, :, None, :, :]))
    Obar = xp.reshape(ybar, (b, g, h // g, n, v))
    bars = attention_pullback(xp, Obar, A, grouped, K[:, :, None, :, :], V[:, :, None, :, :])
    return {
        "Q": xp.reshape(bars["Q"], (b, h, n, d)),
        "K": xp.sum(bars["K"], axis=2),
        "V": xp.sum(bars["V"], axis=2),
    }


@identity(
    tex=r"O = \operatorname{softmax}(X W_Q W_K^\top X^\top / \sqrt d) X W_V",
    shapes={"X": "n e", "Wq": "e d", "Wk": "e d", "Wv": "e v"},
    gradients={
        "X": r"\bar Q W_Q^\top + \bar K W_K^\top + \bar V W_V^\top",
        "Wq": r"X^\top \bar Q",
        "Wk": r"X^\top \bar K",
        "Wv": r"X^\top \bar V",
    },
    source="layers-5",
    sizes={"n": 1, "d": 1},
)
def self_attention(xp, X, Wq, Wk, Wv):
    """Self-attention with projections: the gradient for X is the sum of three paths."""
    return attention(xp, X @ Wq, X @ Wk, X @ Wv)


@self_attention.vjp
def self_attention_vjp(xp, ybar, X, Wq, Wk, Wv):
    bars = attention_vjp(xp, ybar, X @ Wq, X @ Wk, X @ Wv)
    return {
        "X": bars["Q"] @ Wq.T + bars["K"] @ Wk.T + bars["V"] @ Wv.T,
        "Wq": X.T @ bars["Q"],
        "Wk": X.T @ bars["K"],
        "Wv": X.T @ bars["V"],
    }
