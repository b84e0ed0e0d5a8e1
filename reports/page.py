"""What the HTML pages share: the templates, and how a value gets into one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from . import wording


def templates(**names: Any) -> jinja2.Environment:
    """The templates, in which these names are known; what they are given is text, never markup."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters["breakable"] = _breakable
    environment.globals.update(names, wording=wording)
    return environment


def _shown(value: Any) -> Any:
    """Every value that goes into the page passes here: nothing in it acts unseen."""
    return wording.visible(value) if isinstance(value, str) and type(value) is not Markup else value


def _breakable(name: str) -> Markup:
    """A name that may go on in the next line after an underscore."""
    return Markup("_<wbr>").join(wording.visible(name).split("_"))
