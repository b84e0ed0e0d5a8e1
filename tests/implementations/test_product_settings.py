"""How many bits matrix products keep, as the settings of PyTorch and JAX have it."""

from __future__ import annotations

import pytest

from gradient_conformance.implementations.loading import load


@pytest.mark.parametrize(
    ("device", "primitive", "settings", "bits"),
    [
        ("", "", {}, None),
        ("cuda:0", "", {}, None),
        ("cuda:0", "convolution_2d", {}, 11),
        ("cuda:0", "", {"matmul": "tf32"}, 11),
        ("cuda:0", "convolution_2d", {"conv": "ieee"}, None),
    ],
)
def test_pytorchs_settings_say_how_many_bits_products_keep(
    device: str,
    primitive: str,
    settings: dict[str, str],
    bits: int | None,
) -> None:
    """PyTorch's defaults: TF32 in cuDNN's convolutions, and in no other product."""
    torch = pytest.importorskip("torch")
    places = {"matmul": torch.backends.cuda.matmul, "conv": torch.backends.cudnn.conv}
    before = {name: place.fp32_precision for name, place in places.items()}
    backend = load("torch")
    backend.device = device
    try:
        for name, value in settings.items():
            places[name].fp32_precision = value
        assert backend.product_bits("float32", primitive) == bits
        assert backend.product_bits("float64", primitive) is None
    finally:
        for name, place in places.items():
            place.fp32_precision = before[name]


@pytest.mark.parametrize(
    ("device", "precision", "bits"),
    [
        ("cpu:0", None, None),
        ("cuda:0", None, 11),
        ("cuda:0", "high", 11),
        ("cuda:0", "highest", None),
        ("cuda:0", "bfloat16", 11),
        ("cuda:0", "BF16_BF16_F32", 8),
        ("cuda:0", "TF32_TF32_F32", 11),
        ("cuda:0", "F32_F32_F32", None),
        ("cuda:0", "F64_F64_F64", None),
        ("tpu:0", "bfloat16", 8),
        ("tpu:0", None, 8),
    ],
)
def test_jaxs_setting_says_how_many_bits_products_keep(
    device: str, precision: str | None, bits: int | None
) -> None:
    jax = pytest.importorskip("jax")
    backend = load("jax")
    backend.device = device
    with jax.default_matmul_precision(precision):
        assert backend.product_bits("float32") == bits
        assert backend.product_bits("bfloat16") is None
