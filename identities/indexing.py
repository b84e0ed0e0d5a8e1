"""Look-up, gather and scatter: a repeated index adds up."""

from .conditions import index
from .declaration import identity
from .homogeneity import homogeneous


def onehot(xp, i, n, like):
    """Row k is 1 at index i_k and 0 elsewhere, in the arithmetic of ``like``."""
    one = xp.ones_like(like[:1, :1])
    return xp.where(i[:, None] == xp.arange(n)[None, :], one, 0 * one)


@identity(
    tex=r"Y_{k \cdot} = W_{i_k \cdot}",
    shapes={"W": "v d", "i": "k"},
    gradients={"W": r"\bar W_{j \cdot} = \textstyle\sum_{k: i_k = j} \bar Y_{k \cdot}"},
    source="zoo-26",
    domain=[index("i", into="v")],
    sizes={"v": 1, "d": 1},
    notes="""The document says that the gradient equals the incoming one at the indexed positions;
    where an index comes twice, it is the sum of both.""",
)
def embedding(xp, W, i):
    """Rows of a table by index; a row that is looked up twice gets both gradients."""
    return xp.take(W, i, axis=0)


@embedding.vjp
def embedding_vjp(xp, ybar, W, i):
    return {"W": onehot(xp, i, W.shape[0], W).T @ ybar}


@embedding.fact("no cotangent is lost: the sums of W̄ and of Ȳ are the same", source="zoo-26")
def embedding_loses_nothing(xp, answer, W, i):
    return "=", xp.sum(answer.gradients["W"]), xp.sum(answer.ybar)


@identity(
    tex=r"Y_{mk} = X_{m,\, i_{mk}}",
    shapes={"X": "m n", "i": "m k"},
    gradients={"X": r"\bar X_{mj} = \textstyle\sum_{k: i_{mk} = j} \bar Y_{mk}"},
    source="zoo-26",
    domain=[index("i", into="n")],
    sizes={"n": 1},
)
def gather(xp, X, i):
    """Entries of each row by index; one that is looked up twice gets both gradients."""
    return xp.take_along_axis(X, i, axis=1)


@gather.vjp
def gather_vjp(xp, ybar, X, i):
    hit = i[:, :, None] == xp.arange(X.shape[1])[None, None, :]
    cotangents = ybar[:, :, None] + xp.zeros((1, 1, X.shape[1]))
    return {"X": xp.sum(xp.where(hit, cotangents, 0 * cotangents), axis=1)}


@gather.fact("no cotangent is lost: the sums of X̄ and of Ȳ are the same", source="zoo-26")
def gather_loses_nothing(xp, answer, X, i):
    return "=", xp.sum(answer.gradients["X"]), xp.sum(answer.ybar)


@identity(
    tex=r"Y_{kn} = X_{i_{kn},\, n}",
    shapes={"X": "m n", "i": "k n"},
    gradients={"X": r"\bar X_{jn} = \textstyle\sum_{k: i_{kn} = j} \bar Y_{kn}"},
    source="zoo-26",
    domain=[index("i", into="m", axis=0)],
    sizes={"m": 1},
    parameters={"axis": (0, -2)},
)
def gather_in_columns(xp, X, i, *, axis):
    """Entries of each column by index; one that is looked up twice gets both gradients."""
    return xp.take_along_axis(X, i, axis=axis)


@gather_in_columns.vjp
def gather_in_columns_vjp(xp, ybar, X, i, *, axis):
    hit = i[:, None, :] == xp.arange(X.shape[0])[None, :, None]
    cotangents = ybar[:, None, :] + xp.zeros((1, X.shape[0], 1))
    return {"X": xp.sum(xp.where(hit, cotangents, 0 * cotangents), axis=0)}


@gather_in_columns.fact(
    "no cotangent is lost: the sums of X̄ and of Ȳ are the same", source="zoo-26"
)
def gather_in_columns_loses_nothing(xp, answer, X, i, *, axis):
    return "=", xp.sum(answer.gradients["X"]), xp.sum(answer.ybar)


@identity(
    tex=r"Y_{j \cdot} = \sum_{k: i_k = j} X_{k \cdot}",
    shapes={"X": "k d", "i": "k", "Z": "v d"},
    gradients={"X": r"\bar X_{k \cdot} = \bar Y_{i_k \cdot}", "Z": r"\bar Y"},
    source="zoo-26",
    domain=[index("i", into="v")],
    sizes={"v": 1, "d": 1, "k": 1},
)
def scatter_add(xp, X, i, Z):
    """Add the rows of X to rows of Z by index; rows with one index add up."""
    return Z + onehot(xp, i, Z.shape[0], X).T @ X


@scatter_add.vjp
def scatter_add_vjp(xp, ybar, X, i, Z):
    return {"X": xp.take(ybar, i, axis=0), "Z": ybar}


@scatter_add.fact("linear in X and Z together: ⟨X, X̄⟩ + ⟨Z, Z̄⟩ = ⟨Ȳ, Y⟩", source="zoo-26")
def scatter_add_is_linear(xp, answer, X, i, Z):
    return homogeneous(xp, answer, {"X": X, "Z": Z})
