"""Convolution, as the documents and the frameworks have it: cross-correlation, no flip."""

from .declaration import identity
from .homogeneity import homogeneous

FLIP = """The document calls the operation a convolution; as its formula says, it is a
cross-correlation, with no flip. The input gradient is the convolution of the cotangent with the
kernel flipped along both spatial axes (not only "horizontally"), where a cotangent outside of its
array counts as zero (the document gives no bounds). The bias gradient is a sum for each output
channel (the document says input channel). The kernel's indices m and n start at 0, unlike those of
the document's 1-D case."""


@identity(
    tex=r"z_i = \sum_{j=1}^{k} w_j x_{i+j-1} + b,\quad i = 1, \dots, n - k + 1",
    shapes={"x": "n", "w": "k", "b": ""},
    gradients={
        "x": r"\bar x_p = \sum_{i=\max(1, p-k+1)}^{\min(m, p)} \bar z_i w_{p-i+1}",
        "w": r"\bar w_j = \sum_i \bar z_i x_{i+j-1}",
        "b": r"\bar b = \sum_i \bar z_i",
    },
    source="layers-2",
    sizes={"k": 1},
    blocks=("n", "k"),
    fit=lambda sizes: {**sizes, "n": max(sizes["n"], sizes["k"])},
)
def convolution_1d(xp, x, w, b):
    """Convolution of one sequence with one kernel: a sum over the kernel at each place, plus b."""
    k = w.shape[0]
    windows = xp.stack([x[i : i + k] for i in range(x.shape[0] - k + 1)])
    return windows @ w + b


@convolution_1d.vjp
def convolution_1d_vjp(xp, ybar, x, w, b):
    n, k, m = x.shape[0], w.shape[0], ybar.shape[0]
    padded = pad(xp, ybar, 0, k - 1)
    return {
        "x": xp.stack([padded[p : p + k] for p in range(n)]) @ w[::-1],
        "w": xp.stack([x[j : j + m] for j in range(k)]) @ ybar,
        "b": xp.sum(ybar),
    }


@convolution_1d.fact(
    "linear in w and b, and in x and b: ⟨w, w̄⟩ + ⟨b, b̄⟩ = ⟨z̄, z⟩", source="layers-2"
)
def convolution_1d_is_linear(xp, answer, x, w, b):
    return homogeneous(xp, answer, {"w": w, "b": b}, {"x": x, "b": b})


@convolution_1d.component(r"z_i = \sum_j w_j x_{i+j-1} + b", source="layers-2")
def convolution_1d_component(xp, x, w, b):
    m = x.shape[0] - w.shape[0] + 1
    z = []
    for i in range(m):
        total = b
        for j in range(w.shape[0]):
            total = total + w[j] * x[i + j]
        z.append(total)
    return xp.stack(z)


@identity(
    tex=r"Z_{ijc} = \sum_{m,n,d} W_{mndc} X_{i+m,\,j+n,\,d} + b_c",
    shapes={"X": "h w d", "W": "p q d c", "b": "c"},
    gradients={
        "X": r"\bar X_{ijd} = \sum_{m,n,c} \bar Z_{i-m,\,j-n,\,c} W_{mndc}",
        "W": r"\bar W_{mndc} = \sum_{i,j} \bar Z_{ijc} X_{i+m,\,j+n,\,d}",
        "b": r"\bar b_c = \sum_{i,j} \bar Z_{ijc}",
    },
    source="layers-3",
    sizes={"p": 1, "q": 1, "d": 1, "c": 1},
    blocks=("h", "w", "d", "c"),
    fit=lambda sizes: {
        **sizes,
        "h": max(sizes["h"], sizes["p"]),
        "w": max(sizes["w"], sizes["q"]),
    },
    notes=FLIP,
)
def convolution_2d(xp, X, W, b):
    """Convolution of one image, channels last: a sum over kernel and channels at each place."""
    p, q = W.shape[:2]
    rows, columns = X.shape[0] - p + 1, X.shape[1] - q + 1
    Z = b + xp.zeros_like(X[:rows, :columns, :1])
    for m in range(p):
        for n in range(q):
            Z = Z + X[m : m + rows, n : n + columns, :] @ W[m, n]
    return Z


@convolution_2d.component(
    r"Z_{ijc} = \sum_{m,n,d} W_{mndc} X_{i+m,\,j+n,\,d} + b_c,\quad m, n = 0, 1, \dots",
    source="layers-3",
)
def convolution_2d_component(xp, X, W, b):
    p, q, depth, channels = W.shape
    rows, columns = X.shape[0] - p + 1, X.shape[1] - q + 1

    def entry(i, j, c):
        total = b[c]
        for m in range(p):
            for n in range(q):
                for d in range(depth):
                    total = total + W[m, n, d, c] * X[i + m, j + n, d]
        return total

    return xp.stack(
        [
            xp.stack([xp.stack([entry(i, j, c) for c in range(channels)]) for j in range(columns)])
            for i in range(rows)
        ]
    )


@convolution_2d.vjp
def convolution_2d_vjp(xp, ybar, X, W, b):
    p, q = W.shape[:2]
    rows, columns = ybar.shape[:2]
    flipped = W[::-1, ::-1]  # along both spatial axes
    padded = pad(xp, pad(xp, ybar, 0, p - 1), 1, q - 1)
    Xbar = xp.zeros_like(X)
    for m in range(p):
        for n in range(q):
            window = padded[m : m + X.shape[0], n : n + X.shape[1], :]
            Xbar = Xbar + window @ flipped[m, n].T
    places = xp.reshape(ybar, (rows * columns, -1))
    Wbar = [
        [
            xp.reshape(X[m : m + rows, n : n + columns, :], (rows * columns, -1)).T @ places
            for n in range(q)
        ]
        for m in range(p)
    ]
    return {
        "X": Xbar,
        "W": xp.stack([xp.stack(row) for row in Wbar]),
        "b": xp.sum(ybar, axis=(0, 1)),
    }


@convolution_2d.fact(
    "linear in W and b, and in X and b: ⟨W, W̄⟩ + ⟨b, b̄⟩ = ⟨Z̄, Z⟩", source="layers-3"
)
def convolution_2d_is_linear(xp, answer, X, W, b):
    return homogeneous(xp, answer, {"W": W, "b": b}, {"X": X, "b": b})


def pad(xp, x, axis, amount):
    """Zeros on both sides of an axis."""
    if amount == 0:
        return x
    zeros = xp.zeros(tuple(amount if a == axis else n for a, n in enumerate(x.shape)))
    return xp.concat([zeros, x, zeros], axis=axis)
