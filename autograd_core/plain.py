"""Which of the two the package runs: its compiled modules or their plain source.

They are the same source and give the same bits. AUTOGRAD_CORE_PLAIN=1 in the environment asks for
the plain one, also where compiled modules are installed: to step through it with a debugger, say.
The door calls this module first, before anything that may be compiled is imported.
"""

from __future__ import annotations

import os
import sys
import time
import warnings
from collections.abc import Sequence
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    FileFinder,
    ModuleSpec,
    SourceFileLoader,
)
from types import ModuleType

__all__ = ["explain_stale", "is_compiled", "older_than_sources", "prefer_sources_if_asked"]

VARIABLE = "AUTOGRAD_CORE_PLAIN"
BEGUN = time.time_ns()
"""When the import of the package began: a source that was written later may not be what runs."""
_PACKAGE = __name__.rpartition(".")[0]


class SourceFinder:
    """Finds the `.py` file of this package's modules where Python prefers the extension module."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's source, or None, which leaves the module to the other finders."""
        if not fullname.startswith(f"{_PACKAGE}."):
            return None
        for folder in path or ():
            spec = FileFinder(folder, (SourceFileLoader, SOURCE_SUFFIXES)).find_spec(fullname)
            if spec is not None and spec.loader is not None:
                return spec
        return None


def asked() -> bool:
    """Whether the environment asks for the plain source."""
    return os.environ.get(VARIABLE, "") not in ("", "0")


def prefer_sources_if_asked() -> None:
    """Have this package imported from its source from now on, if the variable is set."""
    if asked() and not any(isinstance(finder, SourceFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, SourceFinder())


def is_compiled(module: ModuleType) -> bool:
    """Whether `module` came from an extension module; warns if not, unless that was asked for.

    The warning is for the one who imports the package.
    """
    compiled = (module.__file__ or "").endswith(tuple(EXTENSION_SUFFIXES))
    if not compiled and not asked():
        warnings.warn(
            f"{_PACKAGE} runs uncompiled, many times slower: install a C compiler and reinstall it "
            f"(pip install --no-cache-dir --force-reinstall), or set {VARIABLE}=1 to keep it so",
            RuntimeWarning,
            stacklevel=3,
        )
    return compiled


def older_than_sources(folder: str) -> list[str]:
    """The compiled modules in a folder whose source is there too, and was written after them."""
    stale = []
    for place, _, names in os.walk(folder):
        for name in names:
            source = f"{name.partition('.')[0]}.py"
            if source in names and name.endswith(tuple(EXTENSION_SUFFIXES)):
                written, compiled = (
                    os.path.getmtime(os.path.join(place, n)) for n in (source, name)
                )
                if written > compiled:
                    stale.append(os.path.join(place, name))
    return sorted(stale)


def explain_stale(error: Exception) -> None:
    """Say of an import that failed that a newer source was not compiled, if that may be why."""
    stale = [] if asked() else older_than_sources(os.path.dirname(__file__))
    if stale:
        raise ImportError(
            f"{_PACKAGE} was compiled from an older source, as after a `git pull` in a clone "
            f"({os.path.basename(stale[0])} is older than its source): install it again "
            f"(pip install -e .), or set {VARIABLE}=1 to run the source as it is"
        ) from error
