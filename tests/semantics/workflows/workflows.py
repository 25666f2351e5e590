"""Imports every module beside this one, so that a section is a file and no list has to be kept."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from tests.semantics import workflows as _package

for _module in pkgutil.iter_modules(_package.__path__):
    if _module.name != "workflows":
        import_module(f"{_package.__name__}.{_module.name}")
