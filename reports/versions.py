"""Names and versions of what took part in a run, and how a backend computes."""

from __future__ import annotations

from .lines import Environment, Tried


def versions(environment: Environment) -> list[tuple[str, str]]:
    """Names and versions of what took part: the backends, then the packages, then Python."""
    named = {tried.name: _with_what_it_computes(tried) for tried in environment.backends}
    named |= {name: v for name, v in environment.versions.items() if name not in named}
    named |= {"gradient-conformance": environment.package, "Python": environment.python}
    return [(name, version) for name, version in named.items() if version]


def products(tried: Tried) -> list[str]:
    """In words, the matrix products whose factors keep fewer bits than their type."""
    said = []
    for dtype, bits in tried.product_bits.items():
        of: dict[str, list[str]] = {}
        for primitive, kept in bits.items():
            of.setdefault(kept, []).append(primitive)
        for kept, named in of.items():
            all_of_them = "matrix products" if "composed" in named else ", ".join(named)
            said.append(f"factors in {dtype} {all_of_them}: {kept} bits")
    return said


def _with_what_it_computes(tried: Tried) -> str:
    """The version, with the device, and where matrix products are less precise than the type."""
    at = tried.device if "@" not in tried.name else ""  # else the name says it
    parts = [*([f"on {at}"] if at else []), *products(tried)]
    return " ".join(filter(None, [tried.version, f"({'; '.join(parts)})" if parts else ""]))
