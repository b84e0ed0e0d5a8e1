"""Mistakes that people make in gradients, made on purpose: what the laws must catch."""

from . import (
    axes,
    calls,
    contract,
    cotangents,
    entries,
    formulas,
    modes,
    precision,
    sizes,
)
from .declaration import FAULTS, Fault, fault, gradient_fault
from .faulty import Faulty, FaultyImplementation, with_fault
from .right import Right

__all__ = [
    "FAULTS",
    "Fault",
    "Faulty",
    "FaultyImplementation",
    "Right",
    "axes",
    "calls",
    "contract",
    "cotangents",
    "entries",
    "fault",
    "formulas",
    "gradient_fault",
    "modes",
    "precision",
    "sizes",
    "with_fault",
]
