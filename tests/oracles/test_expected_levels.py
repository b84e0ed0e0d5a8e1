"""What a failure must miss besides the plain target: the machine's range, and differentiation."""

from __future__ import annotations

import numpy as np
import pytest

from gradient_conformance.identities import CATALOGUE, Identity
from gradient_conformance.laws.cases import Case, parse
from gradient_conformance.laws.shape_pool import shapes_of
from gradient_conformance.laws.strategies import static_choices
from gradient_conformance.oracles.expected import LEVELS
from gradient_conformance.tests.oracles.test_expected import expect, inside, of_case, plain


class TestRange:
    """The tolerance in the machine's range, asked for where the plain one is missed."""

    def test_none_where_the_formula_itself_overflows(self) -> None:
        """The value and the gradients each by themselves: 2x is in range where x² is not."""
        expected = expect("squared_norm", "float32", 1.0, x=[1e30, 1.0])
        assert np.isfinite(plain(expected).tolerance)
        assert expected.target(None, "in range") is None
        assert expected.target("x", "in range") is not None
        assert expected.target("x", "differentiated") is None  # that passes through the value
        large_cotangent = expect("squared_norm", "float32", 1e30, x=[1e10])
        assert large_cotangent.target(None, "in range") is not None
        assert large_cotangent.target("x", "in range") is None

    def test_the_same_in_a_type_that_holds_it(self) -> None:
        expected = expect("squared_norm", "float64", 1.0, x=[1e30, 1.0])
        first, ranged = plain(expected), expected.target(None, "in range")
        assert ranged is not None
        assert np.array_equal(first.exact, ranged.exact)
        assert ranged.tolerance == pytest.approx(first.tolerance, rel=1e-6, abs=0)

    def test_underflow_within_the_formula_is_forgiven(self) -> None:
        """(1e−30 · 1e−30) · 1e30 may come out as 0 in float32."""
        expected = expect("quadratic_form", "float32", 1e30, A=[[1e-30]], x=[1e-10])
        first, ranged = plain(expected, "x"), expected.target("x", "in range")
        assert ranged is not None
        assert not inside([0.0], first)
        assert inside([0.0], ranged)

    @pytest.mark.parametrize(("dtype", "said"), [("float16", False), ("bfloat16", True)])
    def test_the_range_is_that_of_the_type(self, dtype: str, said: bool) -> None:
        expected = expect("linear_form", dtype, 1.0, a=[300.0], x=[300.0])
        assert (expected.target(None, "in range") is not None) == said

    @pytest.mark.parametrize("level", ["in range", "differentiated"])
    def test_of_an_element_wise_function_only_the_entries_beyond_it_are_lost(
        self, level: str
    ) -> None:
        z, ybar = [3.0, 1e30, -0.5, 4.0], [1.0, 1.0, 2.0, 1e38]
        together = expect("square", "float32", ybar, X=z)
        for wrt, lost in ((None, [1]), ("X", [3])):
            target = together.target(wrt, level)
            assert target is not None
            if level == "in range" or wrt is None:
                assert np.flatnonzero(np.isinf(target.tolerance)).tolist() == lost
            for i in np.flatnonzero(np.isfinite(target.tolerance)):
                alone = expect("square", "float32", ybar[i : i + 1], X=z[i : i + 1])
                one = alone.target(wrt, level)
                assert one is not None
                assert one.tolerance[0] == target.tolerance[i]
        assert expect("square", "float32", [1.0, 1.0], X=[1e30, -1e30]).target(None, level) is None


class TestDifferentiated:
    """The widest level: for a backend that differentiates the forward, operation by operation."""

    def test_it_allows_what_the_documented_gradient_does_not_lose(self) -> None:
        """1/(1 + |z|) − |z|/(1 + |z|)² cancels for large z; ȳ/(1 + |z|)² does not."""
        expected = expect("softsign", "float32", 1.0, z=1000.0)
        target = expected.target("z", "differentiated")
        assert target is not None
        assert np.array_equal(target.exact, plain(expected, "z").exact)
        z = np.float32(1000.0)
        by_quotient_rule = 1 / (1 + z) - z / (1 + z) / (1 + z)
        assert not inside(by_quotient_rule, plain(expected, "z"))
        assert inside(by_quotient_rule, target)
        assert not inside(2 * target.exact, target)

    @pytest.mark.parametrize("name", ["softmax", "relu", "matrix_product", "log_determinant"])
    def test_each_level_is_at_least_as_wide(self, name: str) -> None:
        case = Case(name, "float32", shapes_of(name, 2, 0)[1], static_choices(name)[0], seed=3)
        expected = of_case(case)
        for wrt in (None, *CATALOGUE[name].gradients):
            targets = [expected.target(wrt, level) for level in LEVELS["composed"]]
            tolerances = [target.tolerance for target in targets if target is not None]
            assert len(tolerances) == 3
            assert np.all(tolerances[0] <= tolerances[1] * (1 + 1e-9))
            assert np.all(tolerances[1] <= tolerances[2])

    def test_terms_that_cancel_are_rounded_each(self) -> None:
        """ȳ X Xᵀ at [0, 1] is 10ȳ − 10ȳ: 0, but not where ȳX is rounded first."""
        X = np.array([[3.0, 10.0], [10.0, -3.0]])
        expected = expect("trace_of_quadratic", "float32", 0.7, A=np.eye(2), X=X)
        assert 1e-7 < expected.derivative_radius("A", widened=False)[0, 1] < 1e-5

    def test_what_does_not_depend_on_the_cotangent_is_worked_out_once(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        expected = expect("softmax", "float64", [1.0, 2.0], z=[0.5, -1.0])
        first = expected.derivative_radius("z")
        monkeypatch.setattr("gradient_conformance.oracles.expected.slopes_of", None)
        twice = expected.for_cotangent(np.array([2.0, 4.0])).derivative_radius("z")
        assert twice == pytest.approx(2 * first)

    def test_none_where_a_reverse_sweep_may_overflow(self) -> None:
        """The cotangent times an intermediate result, in whatever order."""
        expected = expect("linear_form", "float32", 1e15, a=[1e20], x=[1.0])
        assert expected.target("a", "in range") is not None
        assert expected.target("a", "differentiated") is None
        assert expected.target(None, "differentiated") is not None

    def test_the_arguments_are_among_what_a_reverse_sweep_multiplies(self) -> None:
        """Mish of −6·10⁴ is 0 and so is its slope; 2 · 6·10⁴ is beyond float16 all the same."""
        for z, said in ((-6e4, False), (-3e4, True)):
            expected = expect("mish", "float16", [2.0], z=[z])
            assert (expected.target("z", "differentiated") is not None) == said

    def test_a_diagonal_jacobian_needs_one_direction(self, monkeypatch: pytest.MonkeyPatch) -> None:
        z, ybar = [0.5, -2.0, 3.0, 0.0], [1.0, -3.0, 0.25, 2.0]
        for name in ("softsign", "gelu", "relu6", "mish"):
            quick = expect(name, "float32", ybar, z=z).target("z", "differentiated")
            with monkeypatch.context() as patch:
                patch.setattr(Identity, "elementwise", False)
                by_entries = expect(name, "float32", ybar, z=z).target("z", "differentiated")
            assert quick is not None
            assert by_entries is not None
            # A dual array rounds a quotient's derivative in another order than a series does.
            assert quick.tolerance == pytest.approx(by_entries.tolerance, rel=0.25, abs=0)


def test_a_quotient_may_overflow_in_its_derivative() -> None:
    """The quotient rule multiplies ȳ by 1/σ² before it multiplies by x − μ, which is 0 here."""
    case = parse("layer_normalisation", "float16", "...=- n=1 eps:0.001 regime=exponents seed=1136")
    expected = of_case(case)
    assert expected.target("x", "differentiated") is None
    assert expected.target("x", "in range") is not None
