"""Lazy names: how the door of a package opens a module when a name of it is first asked for.

Python asks a module's `__getattr__` for a name that it lacks, and `__dir__` for what it has (PEP
562). Both packages have such a door; which name is at home where is the door's own knowledge.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

__all__ = ["lazy_names"]

TRIES = 100


def lazy_names(
    names: dict[str, Any], homes: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """A door's `__getattr__` and `__dir__`, from its `globals()`.

    `homes` lists for modules below it, by their dotted names, the names that they are home to.
    """
    door = names["__name__"]
    home = {name: module for module, listed in homes.items() for name in listed.split()}

    def __getattr__(name: str) -> Any:
        """A public name from its module, or a module by its own name."""
        if name in home:
            module = _opened(f"{door}.{home[name]}")
            return names.setdefault(name, getattr(module, name))
        absent = f"{door}.{name}"
        try:
            if not name.startswith("_"):
                return _opened(absent)
        except ModuleNotFoundError as error:
            if error.name != absent:
                raise
        raise AttributeError(
            f"module {door!r} has no attribute {name!r}", name=name, obj=sys.modules[door]
        )

    def __dir__() -> list[str]:
        return sorted({*names, *names["__all__"], *home, *(of.split(".")[0] for of in homes)})

    return __getattr__, __dir__


def _opened(module: str) -> ModuleType:
    """A module, imported again where two threads stood in each other's way.

    An import holds the module's lock while it imports the package around it, and a package holds
    its own while it imports its modules: of two such threads Python tells one to give up.
    """
    for _ in range(TRIES):
        try:
            return importlib.import_module(module)
        except RuntimeError as error:
            if type(error).__name__ != "_DeadlockError":  # importlib's, without a public name
                raise
        time.sleep(0.01)  # so that the other one gets what it waits for
    return importlib.import_module(module)
