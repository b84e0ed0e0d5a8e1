"""``gradient-conformance list``: what the catalogue holds."""

from __future__ import annotations

import json

from ..identities import CATALOGUE
from ..identities.declaration import Identity


def listing(as_json: bool = False) -> int:
    """Print one line per identity, grouped by family, or everything declared as JSON."""
    if as_json:
        print(
            json.dumps([declaration(i) for i in CATALOGUE.values()], indent=2, ensure_ascii=False)
        )
        return 0
    width = max(len(name) for name in CATALOGUE)
    for family in dict.fromkeys(i.family for i in CATALOGUE.values()):
        print(f"{family.replace('_', ' ')}")
        for i in CATALOGUE.values():
            if i.family == family:
                print(f"  {i.name:{width}}  {i.description}  [{', '.join(i.sources)}]")
    return 0


def declaration(i: Identity) -> dict[str, object]:
    """Everything declared about an identity, as JSON types."""
    return {
        "name": i.name,
        "family": i.family,
        "description": i.description,
        "sources": list(i.sources),
        "tex": i.tex,
        "shapes": dict(i.shapes),
        "gradients": dict(i.gradients),
        "domain": [c.says for c in i.domain],
        "smallest_sizes": dict(i.sizes),
        "kinks": {name: list(points) for name, points in i.kinks.items()},
        "ties": [tie.says for tie in i.ties],
        "parameters": {name: list(values) for name, values in i.parameters.items()},
        "jacobians": [{"wrt": j.argument, "tex": j.tex, "source": j.source} for j in i.jacobians],
        "component_forms": [{"tex": c.tex, "source": c.source} for c in i.components],
        "facts": [{"name": f.name, "says": f.says, "source": f.source} for f in i.facts],
        "notes": i.notes,
    }
