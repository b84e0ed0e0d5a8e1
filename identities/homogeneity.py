"""Euler's theorem: f(t x) = tᵏ f(x) for all t gives ⟨x, x̄⟩ = k ⟨ȳ, y⟩."""


def homogeneous(xp, answer, *groups, degree=1):
    """The relation of a fact, for groups of arguments by name that are scaled together.

    Each group gives one entry: the sum of its ⟨x, x̄⟩ on the left, degree · ⟨ȳ, y⟩ on the right.
    """
    pairings = [
        sum((xp.sum(x * answer.gradients[name]) for name, x in group.items()), xp.zeros(()))
        for group in groups
    ]
    return "=", xp.stack(pairings), degree * xp.sum(answer.ybar * answer.value)
