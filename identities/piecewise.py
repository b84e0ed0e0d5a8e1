"""Functions that compare and choose: where what they compare is equal there is no derivative."""

from .declaration import identity
from .kinks import Point, equal_arguments, equal_entries


@identity(
    tex=r"y = |x|",
    shapes={"x": "..."},
    gradients={"x": r"\bar y \circ \operatorname{sign} x"},
    source="rules-2",
    kinks={"x": (0.0,)},
    notes="At 0 the slope is −1 from the left and 1 from the right.",
)
def absolute_value(xp, x):
    """Absolute value, element by element."""
    return xp.abs(x)


@absolute_value.vjp
def absolute_value_vjp(xp, ybar, x):
    return {"x": xp.where(x >= 0, ybar, -ybar)}


@absolute_value.fact("|t x| = t |x| for t > 0: x x̄ = ȳ y", source="rules-2")
def absolute_value_is_homogeneous(xp, answer, x):
    return "=", x * answer.gradients["x"], answer.ybar * answer.value


@identity(
    tex=r"z = \max(x, y)",
    shapes={"x": "...", "y": "..."},
    gradients={
        "x": r"\bar z \circ \mathbb{1}[x \ge y]",
        "y": r"\bar z \circ \mathbb{1}[x < y]",
    },
    source="rules-2",
    ties=[equal_arguments("x", "y")],
    points=[Point("x = y", {"x": 1.0, "y": 1.0})],
    notes="""Where x = y the cotangent may go to either, or be shared: each gradient is between 0
    and z̄, and together they are z̄.""",
)
def maximum(xp, x, y):
    """The larger of two arrays, element by element."""
    return xp.maximum(x, y)


@maximum.vjp
def maximum_vjp(xp, ybar, x, y):
    zero = xp.zeros_like(ybar)
    return {"x": xp.where(x >= y, ybar, zero), "y": xp.where(x >= y, zero, ybar)}


@maximum.fact("x̄ + ȳ is the cotangent, at a tie too", source="rules-2")
def maximum_shares_the_cotangent(xp, answer, x, y):
    return "=", answer.gradients["x"] + answer.gradients["y"], answer.ybar


@identity(
    tex=r"y = \min(\max(x, -1), 1)",
    shapes={"x": "..."},
    gradients={"x": r"\bar y \circ \mathbb{1}[-1 \le x \le 1]"},
    source="rules-2",
    kinks={"x": (-1.0, 1.0)},
    notes="""At either bound the slope is 0 from one side and 1 from the other. The same function as
    hard_tanh, by another primitive.""",
)
def clip(xp, x):
    """Each element, but no less than −1 and no more than 1."""
    return xp.clip(x, -1.0, 1.0)


@clip.vjp
def clip_vjp(xp, ybar, x):
    return {"x": xp.where((x >= -1) & (x <= 1), ybar, xp.zeros_like(ybar))}


@clip.fact("|x̄| ≤ |ȳ|", source="rules-2")
def clip_slope_is_bounded(xp, answer, x):
    return "<=", xp.abs(answer.gradients["x"]), xp.abs(answer.ybar)


@identity(
    tex=r"y = \max_i x_i",
    shapes={"x": "... n"},
    sizes={"n": 1},
    gradients={"x": r"\bar x_i = \bar y\, \mathbb{1}[i = \operatorname{arg\,max}_j x_j]"},
    source="zoo-26",
    ties=[equal_entries("x")],
    points=[
        Point("two equal entries, the largest", {"x": [2.0, 1.0, 2.0]}, 1.0),
        Point("three equal entries", {"x": [1.0, 1.0, 1.0]}, 1.0),
    ],
    notes="""The maximum is the entry at the index of the largest one, so that the cotangent goes to
    that position. Where several entries are the largest, each may get any share of it.""",
)
def max_reduction(xp, x):
    """The largest entry of each row of the last axis."""
    return xp.max(x, axis=-1)


@max_reduction.vjp
def max_reduction_vjp(xp, ybar, x):
    largest = xp.argmax(x, axis=-1)[..., None] == xp.arange(x.shape[-1])
    ybar = ybar[..., None] + xp.zeros_like(x)
    return {"x": xp.where(largest, ybar, xp.zeros_like(ybar))}


@max_reduction.fact("the shares of a row add up to its cotangent", source="zoo-26")
def max_reduction_shares_the_cotangent(xp, answer, x):
    return "=", xp.sum(answer.gradients["x"], axis=-1), answer.ybar


@identity(
    tex=r"y_k = x_{\pi(k)},\quad y_1 \le y_2 \le \dots",
    shapes={"x": "... n"},
    sizes={"n": 1},
    gradients={"x": r"\bar x_{\pi(k)} = \bar y_k"},
    source="zoo-26",
    ties=[equal_entries("x")],
    points=[
        Point("two equal entries, cotangent (1, 0)", {"x": [1.0, 1.0]}, [1.0, 0.0]),
        Point("three, cotangent (1, 0, 0)", {"x": [1.0, 1.0, 1.0]}, [1.0, 0.0, 0.0]),
    ],
    notes="""Sorting is indexing by a permutation, so that the cotangent goes back to the positions
    that were indexed. Equal entries may be taken in any order.""",
)
def sort(xp, x):
    """The entries of each row of the last axis in ascending order."""
    return xp.sort(x, axis=-1)


@sort.vjp
def sort_vjp(xp, ybar, x):
    back = xp.argsort(xp.argsort(x, axis=-1), axis=-1)
    return {"x": xp.take_along_axis(ybar, back, axis=-1)}


@sort.fact("the gradient of a row adds up to what its cotangent does", source="zoo-26")
def sort_moves_the_cotangent(xp, answer, x):
    return "=", xp.sum(answer.gradients["x"], axis=-1), xp.sum(answer.ybar, axis=-1)
