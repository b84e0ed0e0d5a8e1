"""Convolution of batches with stride, padding, dilation and groups, channels last."""

from .declaration import identity
from .homogeneity import homogeneous

GEOMETRIES_1D = ((1, 0, 1, 1), (2, 1, 1, 1), (1, 2, 2, 2), (3, 1, 2, 3))
GEOMETRIES_2D = (
    ((1, 1), (0, 0), (1, 1), 1),
    ((2, 1), (1, 2), (1, 1), 1),
    ((1, 2), (1, 0), (2, 1), 2),
    ((2, 2), (2, 1), (1, 2), 3),
)


def windows(xp, X, axis, taps, stride, padding, dilation):
    """For each tap of the kernel the entries that it meets along a spatial axis."""
    zero = list(X.shape)
    zero[axis] = padding
    border = (
        xp.zeros_like(xp.broadcast_to(take(X, axis, 0, 1, 1), tuple(zero))) if padding else None
    )
    padded = xp.concat([border, X, border], axis=axis) if padding else X
    outputs = (padded.shape[axis] - dilation * (taps - 1) - 1) // stride + 1
    return [
        take(padded, axis, t * dilation, t * dilation + (outputs - 1) * stride + 1, stride)
        for t in range(taps)
    ]


def take(X, axis, start, stop, step):
    """A slice along one axis."""
    return X[(slice(None),) * axis + (slice(start, stop, step),)]


def windows_vjp(xp, bars, n, axis, stride, padding, dilation):
    """Add each tap's cotangent at the entries that it met, and cut the padding off."""
    total = None
    for t, bar in enumerate(bars):
        at = {t * dilation + k * stride: k for k in range(bar.shape[axis])}
        empty = 0 * take(bar, axis, 0, 1, 1)
        pieces = [
            take(bar, axis, at[i], at[i] + 1, 1) if i in at else empty
            for i in range(padding, padding + n)
        ]
        placed = xp.concat(pieces, axis=axis)
        total = placed if total is None else total + placed
    return total


def grouped_product(xp, X, W, groups):
    """Channels times a matrix per group: (…, groups·d) by (d, groups·c)."""
    split = xp.reshape(X, (*X.shape[:-1], groups, 1, X.shape[-1] // groups))
    return xp.reshape(split @ by_group(xp, W, groups), (*X.shape[:-1], W.shape[1]))


def by_group(xp, W, groups):
    """The matrix of each group: (groups, d, c/groups)."""
    d, c = W.shape
    return xp.permute_dims(xp.reshape(W, (d, groups, c // groups)), (1, 0, 2))


def grouped_product_vjp(xp, ybar, X, W, groups):
    """Pullback of ``grouped_product`` for X and W; the batch is joined in the sum for W."""
    d, c = W.shape
    rows = xp.reshape(ybar, (-1, groups, c // groups))
    inputs = xp.reshape(X, (-1, groups, d))
    matrices = by_group(xp, W, groups)
    Xbar = xp.permute_dims(rows, (1, 0, 2)) @ matrices.mT
    Wbar = xp.permute_dims(inputs, (1, 2, 0)) @ xp.permute_dims(rows, (1, 0, 2))
    return (
        xp.reshape(xp.permute_dims(Xbar, (1, 0, 2)), X.shape),
        xp.reshape(xp.permute_dims(Wbar, (1, 0, 2)), (d, c)),
    )


def fit_1d(sizes, *, geometry):
    """Channels that divide into groups, and an input that the kernel fits into."""
    _, padding, dilation, groups = geometry
    needed = dilation * (sizes["k"] - 1) + 1 - 2 * padding
    return {
        **sizes,
        "d": groups * sizes["dg"],
        "c": groups * max(1, sizes["c"] // groups),
        "n": max(sizes["n"], needed, 1),
    }


@identity(
    tex=r"Z_{b i c} = \sum_{t,d} W_{t d c} X_{b,\, s i + \delta t - p,\, d} + b_c",
    shapes={"X": "b n d", "W": "k dg c", "bias": "c"},
    gradients={
        "X": r"\bar X_{b j d} = \sum_{t,c:\, s i + \delta t - p = j} \bar Z_{b i c} W_{t d c}",
        "W": r"\bar W_{t d c} = \sum_{b,i} \bar Z_{b i c} X_{b,\, s i + \delta t - p,\, d}",
        "bias": r"\textstyle\sum_{b,i} \bar Z_{b i c}",
    },
    source="layers-2",
    sizes={"b": 1, "n": 1, "d": 1, "k": 1, "dg": 1, "c": 1},
    blocks=("b", "n", "dg", "c"),
    fit=fit_1d,
    parameters={"geometry": GEOMETRIES_1D},
    notes="The geometry is (stride s, padding p, dilation δ, groups).",
)
def batched_convolution_1d(xp, X, W, bias, *, geometry):
    """Convolution of sequences: at each place a sum over the kernel and the channels of a group."""
    stride, padding, dilation, groups = geometry
    taps = windows(xp, X, 1, W.shape[0], stride, padding, dilation)
    return bias + sum(grouped_product(xp, x, W[t], groups) for t, x in enumerate(taps))


@batched_convolution_1d.vjp
def batched_convolution_1d_vjp(xp, ybar, X, W, bias, *, geometry):
    stride, padding, dilation, groups = geometry
    taps = windows(xp, X, 1, W.shape[0], stride, padding, dilation)
    pairs = [grouped_product_vjp(xp, ybar, x, W[t], groups) for t, x in enumerate(taps)]
    bars = [Xbar for Xbar, _ in pairs]
    return {
        "X": windows_vjp(xp, bars, X.shape[1], 1, stride, padding, dilation),
        "W": xp.stack([Wbar for _, Wbar in pairs]),
        "bias": xp.sum(ybar, axis=(0, 1)),
    }


@batched_convolution_1d.fact(
    "linear in W and b, and in X and b: ⟨W, W̄⟩ + ⟨b, b̄⟩ = ⟨Z̄, Z⟩", source="layers-2"
)
def batched_convolution_1d_is_linear(xp, answer, X, W, bias, *, geometry):
    return homogeneous(xp, answer, {"W": W, "bias": bias}, {"X": X, "bias": bias})


def fit_2d(sizes, *, geometry):
    """The same along both spatial axes."""
    _, padding, dilation, groups = geometry
    return {
        **sizes,
        "d": groups * sizes["dg"],
        "c": groups * max(1, sizes["c"] // groups),
        "h": max(sizes["h"], dilation[0] * (sizes["p"] - 1) + 1 - 2 * padding[0], 1),
        "w": max(sizes["w"], dilation[1] * (sizes["q"] - 1) + 1 - 2 * padding[1], 1),
    }


@identity(
    tex=r"Z_{b i j c} = \sum_{m,n,d} W_{m n d c} "
    r"X_{b,\, s i + \delta m - p,\, s j + \delta n - p,\, d} + b_c",
    shapes={"X": "b h w d", "W": "p q dg c", "bias": "c"},
    gradients={
        "X": r"\text{the cotangent spread by the stride, convolved with the kernel flipped along "
        r"both spatial axes}",
        "W": r"\bar W_{m n d c} = \sum_{b,i,j} \bar Z_{b i j c} X_{b,\, s i + \delta m - p,\, "
        r"s j + \delta n - p,\, d}",
        "bias": r"\textstyle\sum_{b,i,j} \bar Z_{b i j c}",
    },
    source="layers-3",
    sizes={"b": 1, "h": 1, "w": 1, "d": 1, "p": 1, "q": 1, "dg": 1, "c": 1},
    blocks=("h", "w", "dg", "c"),
    fit=fit_2d,
    parameters={"geometry": GEOMETRIES_2D},
    notes="The geometry is (strides, paddings, dilations, groups), the pairs for height and width.",
)
def batched_convolution_2d(xp, X, W, bias, *, geometry):
    """Convolution of images: at each place a sum over the kernel and the channels of a group."""
    (sh, sw), (ph, pw), (dh, dw), groups = geometry
    Z = bias
    for m, rows in enumerate(windows(xp, X, 1, W.shape[0], sh, ph, dh)):
        for n, x in enumerate(windows(xp, rows, 2, W.shape[1], sw, pw, dw)):
            Z = Z + grouped_product(xp, x, W[m, n], groups)
    return Z


@batched_convolution_2d.vjp
def batched_convolution_2d_vjp(xp, ybar, X, W, bias, *, geometry):
    (sh, sw), (ph, pw), (dh, dw), groups = geometry
    row_bars, kernel_bars = [], []
    for m, rows in enumerate(windows(xp, X, 1, W.shape[0], sh, ph, dh)):
        taps = windows(xp, rows, 2, W.shape[1], sw, pw, dw)
        pairs = [grouped_product_vjp(xp, ybar, x, W[m, n], groups) for n, x in enumerate(taps)]
        bars = [Xbar for Xbar, _ in pairs]
        row_bars.append(windows_vjp(xp, bars, X.shape[2], 2, sw, pw, dw))
        kernel_bars.append(xp.stack([Wbar for _, Wbar in pairs]))
    return {
        "X": windows_vjp(xp, row_bars, X.shape[1], 1, sh, ph, dh),
        "W": xp.stack(kernel_bars),
        "bias": xp.sum(ybar, axis=(0, 1, 2)),
    }


@batched_convolution_2d.fact(
    "linear in W and b, and in X and b: ⟨W, W̄⟩ + ⟨b, b̄⟩ = ⟨Z̄, Z⟩", source="layers-3"
)
def batched_convolution_2d_is_linear(xp, answer, X, W, bias, *, geometry):
    return homogeneous(xp, answer, {"W": W, "bias": bias}, {"X": X, "bias": bias})
