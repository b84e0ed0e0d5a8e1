"""The declaration of an identity: a forward function and everything documented about it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .conditions import Condition
from .kinks import Point, Tie, at_numbers
from .shapes import is_many, parse_shape
from .sources import cite

Function = Callable[..., Any]

CATALOGUE: dict[str, Identity] = {}


@dataclass(frozen=True)
class Jacobian:
    """A documented dense Jacobian ∂output/∂argument: shape (*output, *argument).

    ``shapes`` narrows the identity's shapes where the document speaks of one vector only.
    """

    argument: str
    tex: str
    source: str
    shapes: Mapping[str, str]
    function: Function


@dataclass(frozen=True)
class Component:
    """The forward function written with explicit indices and sums."""

    tex: str
    source: str
    shapes: Mapping[str, str]
    function: Function


@dataclass(frozen=True)
class Fact:
    """Something else that is documented: ``function(xp, answer, **arguments)`` returns a relation.

    ``answer`` has ``value``, ``gradients`` (by argument name) and ``ybar``. The relation is
    ``("=", left, right)`` or ``("<=", left, right)``, elementwise. ``at`` replaces the arguments
    first, where the fact is about a special point; ``beside`` gives a second point, and the answer
    there is ``answer.beside``.
    """

    name: str
    says: str
    source: str
    function: Function
    at: Function | None = None
    beside: Function | None = None


@dataclass(eq=False)
class Identity:
    """A differentiable function, its documented gradient, and what is documented beside it.

    ``forward(xp, **arguments, **parameters)`` and ``pullback(xp, ybar, **arguments,
    **parameters)`` are written once, against the array API; ``pullback`` returns the gradients by
    argument name. ``shapes`` gives each array argument's shape in named dimensions (``"m n"``, a
    leading ``...`` for any number more); ``gradients`` the LaTeX of each gradient, in terms of the
    cotangent; ``kinks`` the entries at which an argument has no derivative, or no second one;
    ``ties`` the same between entries; ``points`` where implementations are known to differ;
    ``parameters`` the static values to try; ``normwise`` the matrices that are factorised:
    algorithms for those are backward stable in norm, not entry by entry. ``sources`` are the ids of
    the documented rules (``"zoo-4"``); ``notes`` says where a document is loose or wrong, and what
    holds.
    """

    name: str
    forward: Function
    tex: str
    shapes: Mapping[str, str]
    gradients: Mapping[str, str]
    sources: tuple[str, ...]
    domain: tuple[Condition, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)
    fit: Function | None = None
    kinks: Mapping[str, Sequence[float]] = field(default_factory=dict)
    ties: tuple[Tie, ...] = ()
    points: tuple[Point, ...] = ()
    parameters: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    normwise: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    notes: str = ""
    family: str = ""
    pullback: Function | None = None
    jacobians: list[Jacobian] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    def __call__(self, xp: Any, *arguments: Any, **parameters: Any) -> Any:
        """The forward function itself, for use in another identity.

        An arithmetic that has ``documented_rule`` decides how it is differentiated there.
        """
        rule = getattr(xp, "documented_rule", None)
        if rule is not None:
            return rule(self, xp, arguments, parameters)
        return self.forward(xp, *arguments, **parameters)

    def ways_off_kinks(self, xp: Any, arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The sides of the kinks and ties that the arguments lie on: steps by argument name."""
        return [
            way for tie in (at_numbers(self.kinks), *self.ties) for way in tie.ways(xp, arguments)
        ]

    @property
    def description(self) -> str:
        """The first line of the forward function's docstring."""
        return (inspect.getdoc(self.forward) or "").split("\n")[0]

    @property
    def elementwise(self) -> bool:
        """Whether each entry of the output depends on one entry: one argument of any shape."""
        return list(self.shapes.values()) == ["..."]

    def vjp(self, function: Function) -> Function:
        """Register ``function(xp, ybar, …)`` as the documented gradient (the pullback).

        It takes the cotangent ``ybar``, of the output's shape, and then what the forward takes; it
        returns a dict: for each name in ``gradients`` the sum over the output's entries of ybar
        times their derivative, in the argument's shape (rules-1).
        """
        self.pullback = function
        return function

    def jacobian(
        self, argument: str, tex: str, source: str, shapes: Mapping[str, str] | None = None
    ) -> Callable[[Function], Function]:
        """Register ``function(xp, …)`` as the documented dense Jacobian for one argument.

        It takes what the forward takes, and returns the derivative of every entry of the output for
        every entry of the argument, of shape (*output, *argument). ``shapes`` narrows the
        arguments' shapes where the document speaks of one vector only. Raises ValueError where the
        source is no id of a rule.
        """
        cite(source)

        def register(function: Function) -> Function:
            narrowed = {**self.shapes, **(shapes or {})}
            self.jacobians.append(Jacobian(argument, tex, source, narrowed, function))
            return function

        return register

    def component(
        self, tex: str, source: str, shapes: Mapping[str, str] | None = None
    ) -> Callable[[Function], Function]:
        """Register ``function(xp, …)`` as the forward written with indices and sums.

        It takes what the forward takes, in shapes that ``shapes`` may narrow, and returns the same.
        Raises ValueError where the source is no id of a rule.
        """
        cite(source)

        def register(function: Function) -> Function:
            narrowed = {**self.shapes, **(shapes or {})}
            self.components.append(Component(tex, source, narrowed, function))
            return function

        return register

    def fact(
        self,
        says: str,
        source: str,
        at: Function | None = None,
        beside: Function | None = None,
    ) -> Callable[[Function], Function]:
        """Register ``function(xp, answer, …)`` as a documented fact.

        ``answer`` has ``value``, ``gradients`` by argument name and ``ybar``; the function returns
        ``("=", left, right)`` or ``("<=", left, right)``, which must hold entry by entry.
        ``at(xp, …)`` returns other arguments, by name, for a fact about a special point;
        ``beside(xp, ybar, …)`` the cotangent, as ``"ybar"``, and the arguments of a second point
        (the same in another order, say), whose answer is ``answer.beside``. Raises ValueError where
        the source is no id of a rule.
        """
        cite(source)

        def register(function: Function) -> Function:
            self.facts.append(Fact(function.__name__, says, source, function, at, beside))
            return function

        return register


def identity(
    *,
    tex: str,
    shapes: Mapping[str, str],
    gradients: Mapping[str, str],
    source: str | Sequence[str],
    domain: Sequence[Condition] = (),
    sizes: Mapping[str, int] | None = None,
    fit: Function | None = None,
    kinks: Mapping[str, Sequence[float]] | None = None,
    ties: Sequence[Tie] = (),
    points: Sequence[Point] = (),
    parameters: Mapping[str, Sequence[Any]] | None = None,
    normwise: Sequence[str] = (),
    blocks: Sequence[str] = (),
    notes: str = "",
) -> Callable[[Function], Identity]:
    """Declare an identity: decorate its forward function, then register its ``vjp``.

    The function takes the array namespace, then the array arguments in the order of ``shapes``,
    then the static parameters by keyword. ``shapes`` names dimensions (``{"A": "m n", "x": "n"}``);
    ``tex`` and ``gradients`` are the formulas in LaTeX; ``source`` is a rule's id, or several.
    ``sizes`` gives the smallest size of a dimension where 0 makes no sense (``{"n": 1}``);
    ``fit(sizes, **parameters)`` returns sizes that fit together, made from any (a kernel that is no
    longer than its input); what it made fits, so that it changes nothing the second time;
    ``blocks`` names the dimensions that kernels cut into blocks, so that sizes around those of
    blocks are worth a try.
    Raises ValueError where the declaration contradicts the function's signature, a source is no id
    of a rule, or the name is taken.
    """

    def declare(forward: Function) -> Identity:
        sources = (source,) if isinstance(source, str) else tuple(source)
        declared = Identity(
            name=forward.__name__,
            forward=forward,
            tex=tex,
            shapes=dict(shapes),
            gradients=dict(gradients),
            sources=sources,
            domain=tuple(domain),
            sizes=dict(sizes or {}),
            fit=fit,
            kinks=dict(kinks or {}),
            ties=tuple(ties),
            points=tuple(points),
            parameters=dict(parameters or {}),
            normwise=tuple(normwise),
            blocks=tuple(blocks),
            notes=" ".join(notes.split()),
            family=forward.__module__.rpartition(".")[2],
        )
        _check(declared)
        declared.__doc__ = _documentation(declared)
        if declared.name in CATALOGUE:
            raise ValueError(
                f"identity {declared.name!r} is declared twice: in identities/"
                f"{CATALOGUE[declared.name].family}.py and identities/{declared.family}.py"
            )
        CATALOGUE[declared.name] = declared
        return declared

    return declare


def _documentation(declared: Identity) -> str:
    """What ``inspect.getdoc`` tells of an identity: words, shapes, formulas, domain, sources."""
    lines = [declared.description, "", f"    {declared.tex}", ""]
    lines += [f"{name}: shape ({text})" for name, text in declared.shapes.items()]
    lines += [f"gradient for {name}: {tex}" for name, tex in declared.gradients.items()]
    lines += [f"Holds for {condition.says}." for condition in declared.domain]
    lines += [declared.notes] if declared.notes else []
    return "\n".join([*lines, *(f"Source: {cite(rule)}." for rule in declared.sources)])


def _check(declared: Identity) -> None:
    """Hold the declaration against the signature ``(xp, *arguments, *, parameters)``."""
    where = f"identity {declared.name!r} (identities/{declared.family}.py)"
    signature = list(inspect.signature(declared.forward).parameters.values())[1:]
    arguments = [p.name for p in signature if p.kind is p.POSITIONAL_OR_KEYWORD]
    static = [p.name for p in signature if p.kind is p.KEYWORD_ONLY]
    if arguments != list(declared.shapes):
        raise ValueError(
            f"{where}: the function takes {arguments}, shapes names {list(declared.shapes)}; "
            "they must be the same, in the same order"
        )
    if static != list(declared.parameters):
        raise ValueError(
            f"{where}: the function's keyword-only parameters are {static}, parameters gives "
            f"values for {list(declared.parameters)}"
        )
    dimensions = {d for shape in declared.shapes.values() for d in parse_shape(shape)}
    named = {
        "gradients": (set(declared.gradients), set(declared.shapes)),
        "kinks": (set(declared.kinks), set(declared.gradients)),
        "normwise": (set(declared.normwise), set(declared.shapes)),
        "domain": ({c.argument for c in declared.domain}, set(declared.shapes)),
        "sizes": (set(declared.sizes), dimensions),
        "blocks": (set(declared.blocks), {d for d in dimensions if not is_many(d)}),
    }
    for part, (given, allowed) in named.items():
        if given - allowed:
            raise ValueError(
                f"{where}: {part} names {sorted(given - allowed)}, which is none of "
                f"{sorted(map(str, allowed))}"
            )
    if not declared.gradients:
        raise ValueError(f"{where}: no argument has a gradient")
    for rule in declared.sources:
        cite(rule)
