"""Permutation, reshape, slices, masks and the broadcast rule."""

from .conditions import nonzero
from .declaration import identity
from .homogeneity import homogeneous

PERMUTATIONS = (
    (1, 2, 0), (1, 2, 3, 0), (1, 0), (2, 0, 1), (3, 1, 0, 2), (), (0, 2, 1), (2, 1, 0), (0,),
    (2, 3, 0, 1), (1, 0, 2), (0, 1, 2), (4, 2, 0, 1, 3),
)  # fmt: skip


def fit_to_permutation(sizes, *, axes):
    """As many dimensions as axes: the last ones go, or the last one comes again, up to 6.

    On a cube the shape does not show whether the cotangent was permuted back; its entries do.
    """
    given = sizes["*a"][: len(axes)]
    last = min(given[-1], 6) if given else 2
    return {**sizes, "*a": given + (last,) * (len(axes) - len(given))}


@identity(
    tex=r"Y = X \text{ with its axes permuted}",
    shapes={"X": "*a"},
    gradients={"X": r"\bar Y \text{ permuted back}"},
    source="zoo-23",
    fit=fit_to_permutation,
    parameters={"axes": PERMUTATIONS},
    notes="""The document says that the backward pass through a transpose is itself a transpose. It
    is the inverse permutation, which for three axes and more may be another one.""",
)
def permutation(xp, X, *, axes):
    """Permutation of any number of axes; those of order 3 and more are not their own inverse."""
    return xp.permute_dims(X, axes)


@permutation.vjp
def permutation_vjp(xp, ybar, X, *, axes):
    inverse = tuple(axes.index(a) for a in range(len(axes)))
    return {"X": xp.permute_dims(ybar, inverse)}


@permutation.fact("linear: ⟨X, X̄⟩ = ⟨Ȳ, Y⟩", source="zoo-24")
def permutation_is_linear(xp, answer, X, *, axes):
    return homogeneous(xp, answer, {"X": X})


@identity(
    tex=r"Y = X \text{ with its entries in another shape, in the same order}",
    shapes={"X": "l m n"},
    gradients={"X": r"\bar Y \text{ reshaped back}"},
    source="zoo-24",
    parameters={"shape": ("l mn", "lm n", "n m l", "lmn")},
)
def reshape(xp, X, *, shape):
    """Reshape, joining axes or cutting them anew."""
    return xp.reshape(X, target_shape(X, shape))


@reshape.vjp
def reshape_vjp(xp, ybar, X, *, shape):
    return {"X": xp.reshape(ybar, X.shape)}


@reshape.fact("linear: ⟨X, X̄⟩ = ⟨Ȳ, Y⟩", source="zoo-24")
def reshape_is_linear(xp, answer, X, *, shape):
    return homogeneous(xp, answer, {"X": X})


def target_shape(X, words):
    """The shape that words of size letters stand for: ``"l mn"`` is (l, m·n)."""
    size = dict(zip("lmn", X.shape, strict=True))
    shape = []
    for word in words.split():
        product = 1
        for letter in word:
            product *= size[letter]
        shape.append(product)
    return tuple(shape)


@identity(
    tex=r"Y = X_{a:b:s,\, \cdot}",
    shapes={"X": "m n"},
    gradients={"X": r"\bar Y \text{ at the sliced rows, zero elsewhere}"},
    source="zoo-26",
    parameters={"rows": ((0, 2, 1), (1, None, 2), (-2, None, 1), (None, -1, 1), (0, 0, 1))},
)
def slice_of_rows(xp, X, *, rows):
    """Some rows of a matrix, by start, stop and step."""
    return X[slice(*rows), :]


@slice_of_rows.vjp
def slice_of_rows_vjp(xp, ybar, X, *, rows):
    kept = range(X.shape[0])[slice(*rows)]
    return {"X": scattered_rows(xp, ybar, X, list(kept))}


@slice_of_rows.fact("linear: ⟨X, X̄⟩ = ⟨Ȳ, Y⟩", source="zoo-26")
def slice_of_rows_is_linear(xp, answer, X, *, rows):
    return homogeneous(xp, answer, {"X": X})


def scattered_rows(xp, ybar, X, rows):
    """Row k of ȳ at row ``rows[k]``, zero elsewhere."""
    zero = xp.zeros_like(X)
    found = [zero[i] for i in range(X.shape[0])]
    for k, i in enumerate(rows):
        found[i] = found[i] + ybar[k]
    return xp.stack(found) if found else zero


@identity(
    tex=r"Y = X_{M,\, \cdot}",
    shapes={"X": "4 n"},
    gradients={"X": r"\bar Y \text{ at the rows that M keeps, zero elsewhere}"},
    source="zoo-26",
    parameters={"keep": ((True, False, True, True), (False,) * 4, (True,) * 4)},
)
def boolean_selection(xp, X, *, keep):
    """The rows of a matrix at which a mask, known beforehand, is true."""
    rows = [X[i : i + 1, :] for i in range(4) if keep[i]]
    return xp.concat(rows, axis=0) if rows else X[:0, :]


@boolean_selection.vjp
def boolean_selection_vjp(xp, ybar, X, *, keep):
    return {"X": scattered_rows(xp, ybar, X, [i for i in range(4) if keep[i]])}


@boolean_selection.fact("linear: ⟨X, X̄⟩ = ⟨Ȳ, Y⟩", source="zoo-26")
def boolean_selection_is_linear(xp, answer, X, *, keep):
    return homogeneous(xp, answer, {"X": X})


def fit_to_broadcast(sizes):
    """Make two shapes broadcast: aligned at the right, a size of 1 or the other's."""
    a, b = list(sizes["*a"]), list(sizes["*b"])
    for i in range(1, min(len(a), len(b)) + 1):
        if a[-i] != b[-i] and 1 not in (a[-i], b[-i]):
            b[-i] = a[-i]
    return {**sizes, "*a": tuple(a), "*b": tuple(b)}


def summed_to(xp, ybar, x):
    """Sum over the dimensions along which x was broadcast."""
    extra = len(ybar.shape) - len(x.shape)
    summed = xp.sum(ybar, axis=tuple(range(extra))) if extra else ybar
    stretched = tuple(i for i, n in enumerate(x.shape) if n == 1 and summed.shape[i] != 1)
    return xp.sum(summed, axis=stretched, keepdims=True) if stretched else summed


BROADCAST = {"x": "*a", "y": "*b"}
RULE = """The cotangent is summed over the dimensions along which the argument was broadcast. The
document speaks of a smaller array and a larger one; both may be broadcast at once, as shapes (2, 1)
and (3,) are to (2, 3)."""


@identity(
    tex=r"z = x + y",
    shapes=BROADCAST,
    gradients={"x": r"\textstyle\sum \bar z", "y": r"\textstyle\sum \bar z"},
    source="zoo-25",
    fit=fit_to_broadcast,
    notes=RULE,
)
def broadcast_sum(xp, x, y):
    """Sum of two arrays that broadcast."""
    return x + y


@broadcast_sum.vjp
def broadcast_sum_vjp(xp, ybar, x, y):
    return {"x": summed_to(xp, ybar, x), "y": summed_to(xp, ybar, y)}


@broadcast_sum.fact(
    "no cotangent is lost: the sums of x̄, of ȳ and of Z̄ are the same", source="zoo-25"
)
def broadcast_sum_loses_nothing(xp, answer, x, y):
    sums = [xp.sum(answer.gradients["x"]), xp.sum(answer.gradients["y"])]
    return "=", xp.stack(sums), xp.sum(answer.ybar)


@identity(
    tex=r"z = x - y",
    shapes=BROADCAST,
    gradients={"x": r"\textstyle\sum \bar z", "y": r"-\textstyle\sum \bar z"},
    source="zoo-25",
    fit=fit_to_broadcast,
    notes=RULE,
)
def broadcast_difference(xp, x, y):
    """Difference of two arrays that broadcast."""
    return x - y


@broadcast_difference.vjp
def broadcast_difference_vjp(xp, ybar, x, y):
    return {"x": summed_to(xp, ybar, x), "y": summed_to(xp, -ybar, y)}


@broadcast_difference.fact(
    "no cotangent is lost: the sums of x̄, of −ȳ and of Z̄ are the same", source="zoo-25"
)
def broadcast_difference_loses_nothing(xp, answer, x, y):
    sums = [xp.sum(answer.gradients["x"]), -xp.sum(answer.gradients["y"])]
    return "=", xp.stack(sums), xp.sum(answer.ybar)


@identity(
    tex=r"z = x \circ y",
    shapes=BROADCAST,
    gradients={"x": r"\textstyle\sum \bar z \circ y", "y": r"\textstyle\sum \bar z \circ x"},
    source="zoo-25",
    fit=fit_to_broadcast,
    notes=RULE,
)
def broadcast_product(xp, x, y):
    """Product of two arrays that broadcast."""
    return x * y


@broadcast_product.vjp
def broadcast_product_vjp(xp, ybar, x, y):
    return {"x": summed_to(xp, ybar * y, x), "y": summed_to(xp, ybar * x, y)}


@broadcast_product.fact("linear in each: ⟨x, x̄⟩ = ⟨y, ȳ⟩ = ⟨Z̄, Z⟩", source="zoo-25")
def broadcast_product_is_bilinear(xp, answer, x, y):
    return homogeneous(xp, answer, {"x": x}, {"y": y})


@identity(
    tex=r"z = x / y",
    shapes=BROADCAST,
    gradients={"x": r"\textstyle\sum \bar z / y", "y": r"-\textstyle\sum \bar z \circ x / y^2"},
    source="zoo-25",
    domain=[nonzero("y")],
    fit=fit_to_broadcast,
    notes=RULE,
)
def broadcast_quotient(xp, x, y):
    """Quotient of two arrays that broadcast."""
    return x / y


@broadcast_quotient.vjp
def broadcast_quotient_vjp(xp, ybar, x, y):
    return {"x": summed_to(xp, ybar / y, x), "y": summed_to(xp, -ybar * x / y / y, y)}


@broadcast_quotient.fact("of degree 1 in x, −1 in y: ⟨x, x̄⟩ = −⟨y, ȳ⟩ = ⟨Z̄, Z⟩", source="zoo-25")
def broadcast_quotient_is_homogeneous(xp, answer, x, y):
    left = [xp.sum(x * answer.gradients["x"]), -xp.sum(y * answer.gradients["y"])]
    return "=", xp.stack(left), xp.sum(answer.ybar * answer.value)
