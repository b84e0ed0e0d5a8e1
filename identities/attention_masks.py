"""Attention under a mask: causal, boolean, or added to the scores."""

from math import inf

from .attention import attention_pullback, scores, scores_bar, weights
from .conditions import mask
from .declaration import identity
from .kinks import Point
from .shaping import summed_to
from .softmax import largest

TWO = [[[1.0], [2.0]]]
"""A head of two keys, or two values."""


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
    blocks=("n", "d", "v"),
)
def causal_attention(xp, Q, K, V):
    """Attention in which a query sees no later key."""
    return masked_weights(xp, scores(xp, Q, K), causal(xp, Q.shape[0])) @ V


@causal_attention.vjp
def causal_attention_vjp(xp, ybar, Q, K, V):
    A = masked_weights(xp, scores(xp, Q, K), causal(xp, Q.shape[0]))
    return attention_pullback(xp, ybar, A, Q, K, V)


@causal_attention.fact(
    "the same added to every key changes nothing: the rows of K̄ sum to 0", "layers-4"
)
def causal_attention_keys_sum_to_zero(xp, answer, Q, K, V):
    total = xp.sum(answer.gradients["K"], axis=-2)
    return "=", total, xp.zeros_like(total)


@causal_attention.fact("weights sum to 1: the rows of V̄ sum to what those of Ō do", "layers-4")
def causal_attention_values_sum_to_cotangent(xp, answer, Q, K, V):
    return "=", xp.sum(answer.gradients["V"], axis=-2), xp.sum(answer.ybar, axis=-2)


@causal_attention.fact("what scales Q may scale K: ⟨Q, Q̄⟩ = ⟨K, K̄⟩", "layers-4")
def causal_attention_scores_are_shared(xp, answer, Q, K, V):
    return "=", xp.sum(Q * answer.gradients["Q"]), xp.sum(K * answer.gradients["K"])


def causal(xp, n):
    """True where a key is not later than the query."""
    return xp.arange(n)[:, None] >= xp.arange(n)[None, :]


def masked_weights(xp, S, allowed):
    """Softmax over the allowed entries of each row; a row needs one at least."""
    lowest = xp.min(S, axis=-1, keepdims=True)
    # Below all: a backend differentiates the shift, whose share, 0 but for rounding, is theirs.
    below = lowest - xp.abs(lowest) - 1 + xp.zeros_like(S)
    shift = largest(xp, xp.where(allowed, S, below))
    e = xp.exp(xp.where(allowed, S - shift, xp.zeros_like(S)))
    e = xp.where(allowed, e, xp.zeros_like(e))
    return e / xp.sum(e, axis=-1, keepdims=True)


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
    blocks=("n", "m", "d", "v"),
    notes="""Each row has an entry that is allowed. A row with nothing left to attend to is 0/0:
    what is returned there (zeros, the mean of the values, not a number) is a convention, recorded
    and not judged.""",
)
def masked_attention(xp, Q, K, V, M):
    """Attention under a boolean mask: true where a query may see a key."""
    return masked_weights(xp, scores(xp, Q, K), M) @ V


@masked_attention.vjp
def masked_attention_vjp(xp, ybar, Q, K, V, M):
    return attention_pullback(xp, ybar, masked_weights(xp, scores(xp, Q, K), M), Q, K, V)


@masked_attention.fact(
    "the same added to every key changes nothing: the rows of K̄ sum to 0", "layers-4"
)
def masked_attention_keys_sum_to_zero(xp, answer, Q, K, V, M):
    total = xp.sum(answer.gradients["K"], axis=-2)
    return "=", total, xp.zeros_like(total)


@masked_attention.fact("weights sum to 1: the rows of V̄ sum to what those of Ō do", "layers-4")
def masked_attention_values_sum_to_cotangent(xp, answer, Q, K, V, M):
    return "=", xp.sum(answer.gradients["V"], axis=-2), xp.sum(answer.ybar, axis=-2)


@masked_attention.fact("what scales Q may scale K: ⟨Q, Q̄⟩ = ⟨K, K̄⟩", "layers-4")
def masked_attention_scores_are_shared(xp, answer, Q, K, V, M):
    return "=", xp.sum(Q * answer.gradients["Q"]), xp.sum(K * answer.gradients["K"])


def fit_mask(sizes):
    """A mask that has the heads and queries of the scores, or one for all of them."""
    own, full = sizes["*b"][-2:], (sizes["h"], sizes["n"])
    fitted = [1 if k == 1 else n for k, n in zip(own, full[2 - len(own) :], strict=True)]
    return {**sizes, "*b": tuple(fitted)}


@identity(
    tex=r"O_h = \operatorname{softmax}(S_h + B) V_h,\quad S_h = Q_h K_h^\top / \sqrt d",
    shapes={"Q": "h n d", "K": "h m d", "V": "h m v", "B": "*b m"},
    gradients={
        "Q": r"\bar S_h K_h / \sqrt d,\quad \bar S = A \circ (\bar A - \operatorname{rowsum}"
        r"(A \circ \bar A))",
        "K": r"\bar S_h^\top Q_h / \sqrt d",
        "V": r"A_h^\top \bar O_h",
        "B": r"\textstyle\sum \bar S \text{ over what } B \text{ was broadcast along}",
    },
    source=("attention-1", "attention-5", "layers-4", "zoo-25"),
    sizes={"h": 1, "m": 1, "d": 1},
    blocks=("n", "m", "d", "v"),
    fit=fit_mask,
    points=[
        Point(f"Q = 1, K = V = (1, 2), B = {says}", {"Q": [[[1.0]]], "K": TWO, "V": TWO, "B": B})
        for says, B in {"(−∞, 0)": [-inf, 0.0], "(−∞, −∞)": [-inf, -inf]}.items()
    ],
    notes="""B is what is added to the scores of several heads: a mask, a bias for each distance, a
    bias for each key. Its shape ends in m and broadcasts to (h, n, m): what is the same for all
    keys of a row changes nothing, as softmax does not see it. Its entries are finite here; a row
    whose entries are all −∞ has nothing left to attend to, and what is returned there is a
    convention, recorded and not judged.""",
)
def additive_mask_attention(xp, Q, K, V, B):
    """Attention of several heads with a mask, or a bias, that is added to the scores."""
    return weights(xp, scores(xp, Q, K) + B) @ V


@additive_mask_attention.vjp
def additive_mask_attention_vjp(xp, ybar, Q, K, V, B):
    A = weights(xp, scores(xp, Q, K) + B)
    Sbar = scores_bar(xp, A, ybar @ V.mT)
    return {**attention_pullback(xp, ybar, A, Q, K, V), "B": summed_to(xp, Sbar, B)}


@additive_mask_attention.fact(
    "the same added to every key changes nothing: the rows of K̄ sum to 0", "layers-4"
)
def additive_mask_attention_keys_sum_to_zero(xp, answer, Q, K, V, B):
    total = xp.sum(answer.gradients["K"], axis=-2)
    return "=", total, xp.zeros_like(total)


@additive_mask_attention.fact(
    "weights sum to 1: the rows of V̄ sum to what those of Ō do", "layers-4"
)
def additive_mask_attention_values_sum_to_cotangent(xp, answer, Q, K, V, B):
    return "=", xp.sum(answer.gradients["V"], axis=-2), xp.sum(answer.ybar, axis=-2)


@additive_mask_attention.fact("what scales Q may scale K: ⟨Q, Q̄⟩ = ⟨K, K̄⟩", "layers-4")
def additive_mask_attention_scores_are_shared(xp, answer, Q, K, V, B):
    return "=", xp.sum(Q * answer.gradients["Q"]), xp.sum(K * answer.gradients["K"])


@additive_mask_attention.fact("a row of the bias's gradient sums to 0", source="attention-5")
def additive_mask_attention_bias_sums_to_zero(xp, answer, Q, K, V, B):
    total = xp.sum(answer.gradients["B"], axis=-1)
    return "=", total, xp.zeros_like(total)
