"""Verify gradients on arrays of one's own: a verdict for the value and for each gradient."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..identities import CATALOGUE
from ..identities.declaration import Identity
from ..implementations.declared import records_of
from ..implementations.implementation import ROUTES, Implementation
from ..implementations.loading import load
from ..implementations.protocol import Backend
from ..oracles.machine import MACHINES
from . import examine
from .arguments import check_arguments, check_cotangent, common_dtype, read_array
from .cases import Case, output_shape
from .trial import Trial
from .verdicts import SEVERITY, Verdict

LAWS_OF_AN_ANSWER = ("shape_and_dtype", "value", "gradient")


@dataclass(frozen=True)
class Verification:
    """Whether the value and each gradient are right; true where all of them are.

    ``value`` and ``gradients[name]`` are verdicts, with ``outcome`` (``"pass"`` is right),
    ``digits`` that are right, ``margin`` (the error over the derived tolerance) and a ``message``.
    ``recorded`` is what is known of the backend about this. ``str`` shows all of it as a table.
    """

    identity: str
    backend: str
    route: str
    dtype: str
    value: Verdict
    gradients: Mapping[str, Verdict]
    recorded: str = ""

    @property
    def conforms(self) -> bool:
        """Whether the value and every gradient are right; what is undecided is not."""
        return not self.not_right and not self.undecided

    @property
    def not_right(self) -> tuple[str, ...]:
        """The gradients, by argument name, and ``"value"``, that are not right."""
        return tuple(name for name, v in self._verdicts().items() if v.failed)

    @property
    def undecided(self) -> tuple[str, ...]:
        """Those of which nothing can be said: too few digits, or no such primitive."""
        found = self._verdicts().items()
        return tuple(name for name, v in found if not v.failed and v.outcome != "pass")

    def __bool__(self) -> bool:
        return self.conforms

    def __str__(self) -> str:
        parts = [("not right", self.not_right), ("undecided", self.undecided)]
        said = [f"{word}: {', '.join(names)}" for word, names in parts if names]
        where = f"{self.identity} on {self.backend} ({self.route}, {self.dtype})"
        lines = [f"{where}: {'; '.join(said) or 'all right'}"]
        lines.append(f"  {'':8}{'verdict':12}{'digits':>7}{'error/tolerance':>17}")
        messages: dict[str, list[str]] = {}
        for name, v in self._verdicts().items():
            digits = "–" if v.digits is None else f"{v.digits + 0.0:.1f}"  # −0.0 is 0.0
            margin = "–" if v.margin is None else f"{v.margin:.2g}"
            lines.append(f"  {name:8}{v.outcome:12}{digits:>7}{margin:>17}")
            if v.message:
                messages.setdefault(v.message, []).append(name)
        lines += [f"  {', '.join(names)}: {message}" for message, names in messages.items()]
        return "\n".join([*lines, *([f"  recorded: {self.recorded}"] if self.recorded else [])])

    def _verdicts(self) -> dict[str, Verdict]:
        return {"value": self.value, **self.gradients}


def verify_gradients(
    identity: str | Identity,
    arguments: Mapping[str, Any],
    *,
    backend: str | Backend = "numpy",
    route: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    ybar: Any = None,
    seed: int = 0,
    seconds: float = 60.0,
) -> Verification:
    """Hold the gradients that a backend gives for these arguments against the exact ones.

    ``arguments`` are arrays by name, of the shapes that the identity names, all of one type:
    float64, float32, float16 or bfloat16 (integers or booleans where it takes an index or a mask).
    ``backend`` is a built-in name, an entry point, ``module:Class``, or a Backend. ``route`` is
    ``"native"`` (the backend's own primitive, and the choice where there is one) or ``"composed"``
    (the identity's own function, differentiated by the backend). ``ybar`` is the cotangent, of the
    output's shape; without one it is drawn from ``seed``. ``seconds`` limits the backend's answer.

    Raises TypeError for what is no array of numbers, LookupError for an identity or argument that
    does not exist, and ValueError for arrays that do not fit together, that are empty or not
    finite, and for a backend that does not exist or lacks the type.
    """
    declared = named_identity(identity)
    if not isinstance(arguments, Mapping):
        raise TypeError(f"arguments is a {type(arguments).__name__}; pass a dict of arrays by name")
    if not (isinstance(seed, int) and seed >= 0):
        raise ValueError(f"the seed is {seed!r}; a seed is 0, 1, 2 and so on")
    static = static_parameters(declared, parameters or {})
    arrays = {name: read_array(name, x) for name, x in arguments.items()}
    dtype = common_dtype(declared, arrays)
    sizes = check_arguments(declared, arrays, static)
    implementation = _implementation(declared, backend, route, dtype)
    case = Case(declared.name, dtype, tuple(sizes.items()), tuple(static.items()))
    shape = output_shape(declared.name, case.sizes, case.static)
    if ybar is None:
        drawn = np.random.default_rng(seed).standard_normal(shape)
        cotangent = MACHINES[dtype].round(drawn)
    else:
        cotangent = check_cotangent(read_array("the cotangent", ybar), shape, dtype)
    trial = Trial(implementation, case, seconds, (arrays, cotangent))
    found = examine(trial, LAWS_OF_AN_ANSWER)
    lacking, recorded = _recorded(found, trial)
    return Verification(
        declared.name,
        f"{implementation.backend.name} {implementation.backend.version}",
        implementation.route,
        dtype,
        _worst(found, None, lacking),
        {name: _worst(found, name, lacking) for name in declared.gradients},
        recorded,
    )


def verify_attention_gradients(
    Q: Any,
    K: Any,
    V: Any,
    *,
    backend: str | Backend = "numpy",
    route: str | None = None,
    Obar: Any = None,
    seed: int = 0,
) -> Verification:
    """Whether a backend's gradients of attention for Q, K and V, and the value O, are right.

    O = softmax(Q Kᵀ / √d) V with Q of shape (n, d), K (m, d) and V (m, v), arrays of one
    floating-point type. Right is what agrees with V̄ = Aᵀ Ō, Q̄ = S̄ K / √d and K̄ = S̄ᵀ Q / √d,
    S̄ = A ∘ (Ā − rowsum(A ∘ Ā)) and Ā = Ō Vᵀ, within what rounding may lose. ``Obar`` is the
    cotangent Ō, of shape (n, v); without one it is drawn from ``seed``. The other arguments, the
    answer and the errors are those of ``verify_gradients``.

    Source: attention-8.
    """
    arrays = {"Q": Q, "K": K, "V": V}
    return verify_gradients("attention", arrays, backend=backend, route=route, ybar=Obar, seed=seed)


def named_identity(identity: str | Identity) -> Identity:
    """The identity, by its name. Raises TypeError and LookupError."""
    if isinstance(identity, Identity):
        return identity
    if not isinstance(identity, str):
        raise TypeError(f"the identity is a {type(identity).__name__}; pass its name")
    if identity not in CATALOGUE:
        raise LookupError(
            f"there is no identity {identity!r}; gradient-conformance list names all "
            f"{len(CATALOGUE)}"
        )
    return CATALOGUE[identity]


def static_parameters(identity: Identity, given: Mapping[str, Any]) -> dict[str, Any]:
    """The static parameters in the identity's order: a number, or one of the values it names."""
    if extra := [name for name in given if name not in identity.parameters]:
        raise LookupError(
            f"{identity.name} has no parameter {', '.join(extra)}; it has "
            f"{', '.join(identity.parameters) or 'none'}"
        )
    for name, values in identity.parameters.items():
        if name not in given:
            raise ValueError(f"{identity.name} needs the parameter {name}, such as {values[0]!r}")
        value = given[name]
        number = isinstance(value, float) and isinstance(values[0], float)
        if not number and not (isinstance(value, Hashable) and value in values):
            raise ValueError(
                f"the parameter {name} is {value!r}; it must be one of "
                f"{', '.join(map(repr, values))}"
            )
    return {name: given[name] for name in identity.parameters}


def _implementation(
    identity: Identity, backend: str | Backend, route: str | None, dtype: str
) -> Implementation:
    """The backend's implementation of the identity. Raises ValueError where it has none."""
    if not isinstance(backend, str | Backend):
        raise TypeError(
            f"the backend is a {type(backend).__name__}; pass a name, module:Class, or an instance "
            "of a subclass of gradient_conformance.Backend"
        )
    if route is not None and route not in ROUTES:
        raise ValueError(f"there is no route {route!r}; choose from {', '.join(ROUTES)}")
    adapter = load(backend) if isinstance(backend, str) else backend
    if adapter.only_for:
        raise ValueError(
            f"{adapter.name} is there for {adapter.only_for} alone, which is not asked here; its "
            "other answers are those of another backend of the framework: name that"
        )
    chosen = route or ("native" if identity.name in adapter.native else "composed")
    found = Implementation(adapter, chosen, identity.name, identity.forward)
    if not found.supported:
        raise ValueError(f"{adapter.name} has no {chosen} implementation of {identity.name}")
    if dtype not in adapter.dtypes:
        raise ValueError(
            f"the arrays hold {dtype}, which {adapter.name} does not have; it has "
            f"{', '.join(adapter.dtypes)}"
        )
    return found


def _worst(found: list[Verdict], wrt: str | None, lacking: bool) -> Verdict:
    """The worst verdict on the value or a gradient; no answer at all is a verdict on each."""
    silent = [v for v in found if v.outcome in ("error", "timeout")]
    if silent:
        outcome = "unsupported" if lacking else silent[0].outcome
        return dataclasses.replace(silent[0], wrt=wrt, outcome=outcome)
    about = [v for v in found if v.wrt == wrt and v.law != ("gradient" if wrt is None else "value")]
    return max(about, key=lambda v: (SEVERITY[v.outcome], v.margin is not None))


def _recorded(found: list[Verdict], trial: Trial) -> tuple[bool, str]:
    """Whether the backend is known to lack this, and what is recorded about what failed."""
    i, case = trial.implementation, trial.case
    records = records_of(i.backend)
    reason = records.unsupported_reason(i.identity, i.route, case.dtype)
    if reason and any(v.outcome == "error" for v in found):
        return True, reason
    known = records.deviations_of(i.identity, i.route, case.dtype, i.backend.version)
    at = dict(case.sizes), case.parameters, trial.arguments
    failed = [(v.law, v.outcome) for v in found if v.failed]
    covering = (d.reason for d in known if d.holds_at(*at) and any(d.covers(*f) for f in failed))
    return False, next(covering, "")
