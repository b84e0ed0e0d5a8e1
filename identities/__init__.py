"""What is true: every documented rule as a forward function and its gradient.

One file per family, one screen per identity. Nothing here imports anything but the standard
library: the array namespace comes in as the argument ``xp`` (the Python array API standard, plus
``xp.special.erf``). A new file in this folder joins the catalogue by being there.
"""

import importlib
import pkgutil

from .declaration import CATALOGUE, Identity, identity

for _module in sorted(m.name for m in pkgutil.iter_modules(__path__)):
    importlib.import_module(f"{__name__}.{_module}")

__all__ = ["CATALOGUE", "Identity", "identity"]
