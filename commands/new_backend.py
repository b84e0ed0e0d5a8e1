"""``gradient-conformance new-backend NAME``: an adapter to begin with, and what belongs to it."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2

from ..implementations.loading import BUILT_IN
from ..implementations.protocol import PROTOCOL
from .selection import BadChoice

FILES = {
    "{module}.py": "adapter.py.jinja",
    "pyproject.toml": "pyproject.toml.jinja",
    "test_gradients.py": "test_gradients.py.jinja",
    ".github/workflows/gradients.yml": "gradients.yml.jinja",
}
"""What is written, and from which template."""


def new_backend(name: str, folder: Path | None) -> int:
    """Write an adapter, its entry point, a test and a workflow, which run as they are.

    Nothing is overwritten. Raises BadChoice.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,30}", name):
        raise BadChoice(
            f"new-backend {name!r}: a name is a small letter, then up to 30 small letters, digits "
            "and _, such as my_framework"
        )
    if name in BUILT_IN:
        raise BadChoice(f"new-backend {name!r}: there is a backend of that name")
    folder = Path(f"gradient-conformance-{name}") if folder is None else folder
    module = f"gradient_conformance_{name}"
    words = {
        "name": name,
        "module": module,
        "class": "".join(part.capitalize() for part in name.split("_")) or name,
        "protocol": PROTOCOL,
    }
    paths = {folder / path.format(module=module): template for path, template in FILES.items()}
    if there := [str(path) for path in paths if path.exists()]:
        raise BadChoice(f"new-backend {name}: {', '.join(there)} exists, and is left as it is")
    templates = jinja2.Environment(
        loader=jinja2.PackageLoader("gradient_conformance.commands"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    try:
        for path, template in paths.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(templates.get_template(template).render(words), encoding="utf-8")
    except OSError as reason:
        raise BadChoice(f"new-backend {name}: {folder} cannot be written: {reason}") from None
    for path in paths:
        print(path)
    adapter = f"{module}:{words['class']}"
    print(
        f"\nIt runs as it is:\n\n    cd {folder}\n    gradient-conformance check {adapter}\n"
        f"    gradient-conformance run --backend {adapter}\n\nNow put {name} in the place of the "
        "stand-in. ADAPTERS.md says what an adapter may be able to do."
    )
    return 0
