"""A trial: one implementation on one case, with what is expected and what was observed."""

from __future__ import annotations

import functools
import traceback
import warnings
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..identities import CATALOGUE
from ..identities.declaration import Identity
from ..implementations.implementation import BadAnswer, Implementation, Observed
from ..oracles.conditioning import Conditioning
from ..oracles.directional import Directional
from ..oracles.expected import Expected
from ..oracles.facts import Point, StatedFact
from ..oracles.machine import MACHINES, Machine
from .cases import Case, conditioning, directional, expected, stated
from .crashing import deadly
from .time_limit import TimeLimit, time_limit


class NoAnswer(Exception):
    """There is no answer: ``outcome`` is error, timeout or crash, and the message says why."""

    def __init__(self, outcome: str, message: str) -> None:
        super().__init__(message)
        self.outcome = outcome


@dataclass(eq=False)
class Trial:
    """One implementation on one case; asks the backend once for each cotangent.

    ``seconds`` is how long it may take to answer; what raises or hangs is a verdict, not an error.
    ``given`` puts literal arguments and a literal cotangent in place of those that the case builds.
    """

    implementation: Implementation
    case: Case
    seconds: float = 20.0
    given: tuple[Mapping[str, np.ndarray], np.ndarray] | None = None
    _answers: dict[Hashable, Any] = field(default_factory=dict)
    _dangers: dict[str, str] = field(default_factory=dict)

    @property
    def identity(self) -> Identity:
        """What is tried."""
        return CATALOGUE[self.case.identity]

    @property
    def machine(self) -> Machine:
        """The floating-point type that it is tried in, as this implementation computes in it."""
        return MACHINES[self.case.dtype].with_products_of(self._product_bits)

    @functools.cached_property
    def _product_bits(self) -> int | None:
        return self.implementation.product_bits(self.case.dtype)

    @property
    def wrt(self) -> tuple[str, ...]:
        """The arguments that have a gradient."""
        return tuple(self.identity.gradients)

    @functools.cached_property
    def arguments(self) -> dict[str, np.ndarray]:
        """The arguments by name."""
        return dict(self.given[0]) if self.given else self.case.arguments()

    @functools.cached_property
    def ybar(self) -> np.ndarray:
        """The cotangent."""
        return self.given[1] if self.given else self.case.cotangent()

    @functools.cached_property
    def expected(self) -> Expected:
        """What the case's own cotangent should give."""
        return self.expected_for(self.ybar)

    def expected_for(self, ybar: np.ndarray) -> Expected:
        """What another cotangent should give."""
        if self.given:
            static = self.case.parameters
            return Expected(self.identity, self.arguments, ybar, static, self.machine)
        return expected(self.case, ybar, self._product_bits)

    @property
    def conditioning(self) -> Conditioning:
        """What an ideal algorithm may lose at this point, with the case's own cotangent."""
        return Conditioning(self.expected) if self.given else conditioning(self.case, self.ybar)

    @property
    def observed(self) -> Observed:
        """The answer for the case's own cotangent. Raises NoAnswer where there is none."""
        return self.observe(self.ybar)

    def observe(self, ybar: np.ndarray) -> Observed:
        """The answer for a cotangent, asked for once. Raises NoAnswer where there is none."""
        answer: Observed = self._answer(ybar.tobytes(), lambda: self._pulled_back(ybar))
        return answer

    def observe_again(self, ybar: np.ndarray) -> Observed | NoAnswer:
        """Ask the backend, whether it was asked before or not; a failure is returned."""
        answer: Observed | NoAnswer = self._ask(lambda: self._pulled_back(ybar))
        return answer

    def _pulled_back(self, ybar: np.ndarray) -> Observed:
        return self.implementation.vjp(self.arguments, self.wrt, ybar, self.case.parameters)

    def observe_otherwise(
        self,
        of: Hashable,
        arguments: Mapping[str, np.ndarray] | None = None,
        wrt: tuple[str, ...] | None = None,
        ybar: np.ndarray | None = None,
        **how: Any,
    ) -> Observed:
        """The answer to another question, asked for once; ``of`` names the question.

        What is not given is the case's own; ``how`` is passed on to ``Implementation.vjp``. Raises
        NoAnswer where there is none.
        """
        answer: Observed = self._answer(
            of,
            lambda: self.implementation.vjp(
                self.arguments if arguments is None else arguments,
                wrt or self.wrt,
                self.ybar if ybar is None else ybar,
                self.case.parameters,
                **how,
            ),
            how.get("method", "vjp"),
        )
        return answer

    def tangents(self, of: str = "tangent") -> dict[str, np.ndarray]:
        """A direction for each argument that has a gradient; ``of`` names one of several."""
        return self.case.tangents(of)

    def directional(self, of: str = "tangent") -> Directional:
        """What J v and H v should be along a direction, with the case's own cotangent."""
        if self.given:
            return Directional(self.expected, self.tangents(of))
        return directional(self.case, self.ybar, of, self._product_bits)

    @functools.cached_property
    def facts(self) -> tuple[StatedFact, ...]:
        """The identity's facts at this point, or at the special point that one is about."""
        if self.given:
            here = Point(self.expected)
            return tuple(StatedFact(fact, here) for fact in self.identity.facts)
        return stated(self.case, self.ybar, self._product_bits)

    def observe_at(self, point: Expected) -> Observed:
        """The answer at another point. Raises NoAnswer where there is none."""
        key = (point.ybar.tobytes(), *(x.tobytes() for x in point.arguments.values()))
        ybar = self.machine.round(point.ybar)
        return self._answer(
            key,
            lambda: self.implementation.vjp(point.arguments, self.wrt, ybar, self.case.parameters),
        )

    def observe_jvp(self, of: str = "tangent") -> tuple[np.ndarray, np.ndarray]:
        """Value and J v. Raises NoAnswer where there is none."""
        return self._answer(
            ("jvp", of),
            lambda: self.implementation.jvp(
                self.arguments, self.tangents(of), self.case.parameters
            ),
            "jvp",
        )

    def observe_hvp(self, nesting: str, of: str = "tangent") -> dict[str, np.ndarray]:
        """H v by argument. Raises NoAnswer where there is none."""
        return self._answer(
            (nesting, of),
            lambda: self.implementation.hvp(
                nesting, self.arguments, self.ybar, self.tangents(of), self.case.parameters
            ),
            f"hvp {nesting}",
        )

    def _answer(self, key: Hashable, ask: Callable[[], Any], ability: str = "vjp") -> Any:
        """What was answered, asked for once. Raises NoAnswer where there is none."""
        if key not in self._answers:
            self._answers[key] = self._ask(ask, ability)
        answer = self._answers[key]
        if isinstance(answer, NoAnswer):
            raise answer
        return answer

    def _deadly(self, ability: str) -> str:
        """Why no call of an ability is made, looked up once."""
        if ability not in self._dangers:
            self._dangers[ability] = deadly(self.implementation, self.case, ability)
        return self._dangers[ability]

    def _ask(self, ask: Callable[[], Any], ability: str = "vjp") -> Any:
        if reason := self._deadly(ability):
            return NoAnswer("crash", f"not tried, for it ends the process: {reason}")
        try:
            with time_limit(self.seconds), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a warning is no answer, and not ours to judge
                return ask()
        except TimeLimit:
            return NoAnswer(
                "timeout", f"no answer within {self.seconds:g} s, the time limit for a case"
            )
        except BadAnswer as bad:
            return NoAnswer("error", str(bad))
        except KeyboardInterrupt:
            raise
        except BaseException as raised:  # sys.exit and the like are no answer either
            return NoAnswer(
                "error", f"{type(raised).__name__}: {_first_line(raised)}{_where(raised)}"
            )


def _first_line(raised: BaseException) -> str:
    try:
        return (str(raised).strip().splitlines() or ["(no message)"])[0][:300]
    except Exception:
        return "(its message cannot be shown)"


def _where(raised: BaseException) -> str:
    """The innermost line; a path inside site-packages from there on."""
    frames = traceback.extract_tb(raised.__traceback__)
    if not frames:
        return ""
    file = frames[-1].filename.replace("\\", "/").rpartition("site-packages/")[2]
    return f" (raised at {file}:{frames[-1].lineno})"
