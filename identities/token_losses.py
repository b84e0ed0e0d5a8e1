"""Cross-entropy of a language model: logits of shape (b, t, v), some tokens left out."""

from .conditions import token
from .declaration import identity
from .softmax import log_softmax, softmax

IGNORED = -100


@identity(
    tex=r"\ell = -\frac{1}{N} \sum_{b,t:\, y_{bt} \ne -100} \log \operatorname{softmax}"
    r"(z_{bt})_{y_{bt}}",
    shapes={"Z": "b t v", "y": "b t"},
    gradients={
        "Z": r"\bar\ell \, (P - \operatorname{onehot}(y)) / N \text{ at the tokens that count, 0 "
        r"elsewhere}"
    },
    source=("rules-7", "zoo-16", "zoo-17"),
    domain=[token("y", into="v", ignored=IGNORED)],
    sizes={"b": 1, "t": 1, "v": 1},
    parameters={"reduction": ("mean", "sum")},
    notes="""N is the number of tokens that count for the mean, and 1 for the sum: the document's
    P − onehot(y) is the gradient of the sum.""",
)
def token_cross_entropy(xp, Z, y, *, reduction):
    """Cross-entropy of each token's logits with its index; −100 marks a token to leave out."""
    counts = y >= 0
    index = xp.where(counts, y, xp.zeros_like(y))
    found = xp.take_along_axis(log_softmax(xp, Z), index[:, :, None], axis=-1)[:, :, 0]
    total = -xp.sum(xp.where(counts, found, xp.zeros_like(found)))
    return total / number(xp, counts, found) if reduction == "mean" else total


def number(xp, counts, like):
    """How many tokens count, in the type of an array."""
    one = xp.ones_like(like)
    return xp.sum(xp.where(counts, one, 0 * one))


@token_cross_entropy.vjp
def token_cross_entropy_vjp(xp, ybar, Z, y, *, reduction):
    P = softmax(xp, Z)
    hit = y[:, :, None] == xp.arange(Z.shape[-1])[None, None, :]
    difference = P - xp.where(hit, xp.ones_like(P), xp.zeros_like(P))
    counts = y >= 0
    kept = xp.where(counts[:, :, None], difference, xp.zeros_like(P))
    N = number(xp, counts, P[:, :, 0]) if reduction == "mean" else 1
    return {"Z": ybar / N * kept}


@token_cross_entropy.fact("the gradient of a token's logits sums to 0", source="rules-7")
def token_cross_entropy_gradient_sums_to_zero(xp, answer, Z, y, *, reduction):
    total = xp.sum(answer.gradients["Z"], axis=-1)
    return "=", total, xp.zeros_like(total)
