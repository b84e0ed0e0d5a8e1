"""Attention of several heads, and with projections."""

from .attention import attention, attention_pullback, attention_vjp, scores, weights
from .declaration import identity
from .homogeneity import homogeneous


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
    blocks=("n", "m", "d", "v"),
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


@grouped_query_attention.fact("the rows of a group's K̄ sum to 0", source="layers-4")
def grouped_query_attention_keys_sum_to_zero(xp, answer, Q, K, V):
    total = xp.sum(answer.gradients["K"], axis=-2)
    return "=", total, xp.zeros_like(total)


@grouped_query_attention.fact("the rows of V̄ sum to what those of Ō do", source="layers-4")
def grouped_query_attention_values_sum_to_cotangent(xp, answer, Q, K, V):
    axes = (1, 2)
    return "=", xp.sum(answer.gradients["V"], axis=axes), xp.sum(answer.ybar, axis=axes)


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
    blocks=("n", "e", "d", "v"),
    notes="The document gives no gradient for X: it is the sum of three paths.",
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


@self_attention.fact("linear in the values’ projection: ⟨W_V, W̄_V⟩ = ⟨Ō, O⟩", source="layers-5")
def self_attention_is_linear_in_values(xp, answer, X, Wq, Wk, Wv):
    return homogeneous(xp, answer, {"Wv": Wv})


@self_attention.fact("what scales W_Q may scale W_K: ⟨W_Q, W̄_Q⟩ = ⟨W_K, W̄_K⟩", source="layers-5")
def self_attention_scores_are_shared(xp, answer, X, Wq, Wk, Wv):
    return "=", xp.sum(Wq * answer.gradients["Wq"]), xp.sum(Wk * answer.gradients["Wk"])


def fit_to_heads(sizes, *, heads):
    """A width that the heads divide among them."""
    return {**sizes, "e": heads * max(1, sizes["e"] // heads)}


def columns_of(e, heads):
    """The columns of each head."""
    d = e // heads
    return [slice(h * d, (h + 1) * d) for h in range(heads)]


@identity(
    tex=r"O = [O_1 \dots O_H] W_O,\quad "
    r"O_h = \operatorname{attention}(Q W_{Q,h}, K W_{K,h}, V W_{V,h})",
    shapes={
        "Q": "n e",
        "K": "m f",
        "V": "m g",
        "Wq": "e e",
        "Wk": "f e",
        "Wv": "g e",
        "Wo": "e o",
    },
    gradients={
        "Q": r"\bar q W_Q^\top",
        "K": r"\bar k W_K^\top",
        "V": r"\bar v W_V^\top",
        "Wq": r"Q^\top \bar q,\quad \bar q = [\bar q_1 \dots \bar q_H] "
        r"\text{ of each head's attention}",
        "Wk": r"K^\top \bar k",
        "Wv": r"V^\top \bar v",
        "Wo": r"[O_1 \dots O_H]^\top \bar O",
    },
    source=("attention-1", "layers-4", "layers-5"),
    sizes={"m": 1, "e": 1},
    blocks=("n", "m", "e"),
    fit=fit_to_heads,
    parameters={"heads": (2, 1, 3)},
    notes="""Head h has the h-th run of e/H columns of each projection; queries, keys and values may
    have widths of their own. The cotangent of the heads' outputs side by side is Ō W_Oᵀ.""",
)
def multi_head_attention(xp, Q, K, V, Wq, Wk, Wv, Wo, *, heads):
    """Multi-head attention with its four projections."""
    q, k, v = Q @ Wq, K @ Wk, V @ Wv
    each = [attention(xp, q[:, c], k[:, c], v[:, c]) for c in columns_of(q.shape[1], heads)]
    return xp.concat(each, axis=1) @ Wo


@multi_head_attention.vjp
def multi_head_attention_vjp(xp, ybar, Q, K, V, Wq, Wk, Wv, Wo, *, heads):
    q, k, v = Q @ Wq, K @ Wk, V @ Wv
    columns = columns_of(q.shape[1], heads)
    each = xp.concat([attention(xp, q[:, c], k[:, c], v[:, c]) for c in columns], axis=1)
    Obar = ybar @ Wo.T
    bars = [attention_vjp(xp, Obar[:, c], q[:, c], k[:, c], v[:, c]) for c in columns]
    qbar, kbar, vbar = (xp.concat([bar[x] for bar in bars], axis=1) for x in ("Q", "K", "V"))
    return {
        "Q": qbar @ Wq.T,
        "K": kbar @ Wk.T,
        "V": vbar @ Wv.T,
        "Wq": Q.T @ qbar,
        "Wk": K.T @ kbar,
        "Wv": V.T @ vbar,
        "Wo": each.T @ ybar,
    }


@multi_head_attention.fact(
    "linear in the values and their projections: ⟨V, V̄⟩ = ⟨Ō, O⟩", source="layers-5"
)
def multi_head_attention_is_linear_in_values(xp, answer, Q, K, V, Wq, Wk, Wv, Wo, *, heads):
    return homogeneous(xp, answer, {"V": V}, {"Wv": Wv}, {"Wo": Wo})


@multi_head_attention.fact("the rows of K̄ sum to 0", source="layers-4")
def multi_head_attention_keys_sum_to_zero(xp, answer, Q, K, V, Wq, Wk, Wv, Wo, *, heads):
    total = xp.sum(answer.gradients["K"], axis=0)
    return "=", total, xp.zeros_like(total)
