"""Machine code kept on disk, so that the next process need not compile what this one did.

An object is found by a digest of all that it depends on, its text first, so what it was compiled
from need not be trusted to be the same. A file is written beside its place and then put there at
once, so nobody sees half of one; it begins with a digest of itself, so what is damaged is compiled
anew. What is read is executed: therefore files and their folder must be this user's own, and nobody
else may write to them; where that is not so, nothing is read or written.

The folder is the platform's for caches, or what `AUTOGRAD_CORE_CACHE` names; `0` turns all this
off. It holds 64 MiB at most: what was not used for longest goes out first.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import sys
import time
import warnings
from collections.abc import Callable
from typing import BinaryIO

__all__ = ["folder", "key", "read", "write"]

VARIABLE = "AUTOGRAD_CORE_CACHE"
MOST = 64 * 2**20  # bytes
KEPT = 48 * 2**20  # after clearing out
DIGEST = 32  # bytes
HEAD = b"autograd_core object 1\n"
NAME = re.compile(r"[0-9a-f]{64}\.object")
UNFINISHED = ".writing-"
ABANDONED = 3600  # seconds after which nobody is still writing a file
OTHERS = stat.S_IWGRP | stat.S_IWOTH

_refused: set[str] = set()


def key(*parts: str) -> str:
    """A name for what depends on all these.

    >>> key("ab", "c") == key("a", "bc")
    False
    """
    found = hashlib.blake2b(digest_size=DIGEST)
    for part in parts:
        encoded = part.encode()
        found.update(len(encoded).to_bytes(8, "little") + encoded)
    return found.hexdigest()


def folder() -> str | None:
    """Where objects are kept; None if they are not."""
    named = os.environ.get(VARIABLE, "")
    if named == "0":
        return None
    if named:
        return os.path.expanduser(named)
    home = os.path.expanduser("~")
    if home == "~":  # nobody's
        return None
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
        return os.path.join(local, "autograd_core", "cache")
    if sys.platform == "darwin":
        return os.path.join(home, "Library/Caches/autograd_core")
    given = os.environ.get("XDG_CACHE_HOME", "")
    return os.path.join(given if os.path.isabs(given) else f"{home}/.cache", "autograd_core")


def read(name: str) -> bytes | None:
    """The object of that name, as this module wrote it; None if there is none such."""
    place = _usable(create=False)
    if place is None:
        return None
    try:
        with _opened(_path(place, name)) as file:
            about = os.fstat(file.fileno())
            if not _is_own(about, stat.S_ISREG):
                return None
            found = file.read(min(about.st_size, MOST + 1))  # it reserves what it is asked for
    except OSError:  # there is none, or none to be read: it is compiled
        return None
    start = len(HEAD) + DIGEST
    content = found[start:]
    if found[:start] != HEAD + _checksum(name, content):
        return None
    with contextlib.suppress(OSError):
        os.utime(_path(place, name))
    return content


def write(name: str, content: bytes) -> None:
    """Keep an object; where that is impossible, for want of room, say, nothing is lost but time."""
    import tempfile  # only who compiles needs it

    place = _usable(create=True)
    if place is None:
        return
    with contextlib.suppress(OSError):
        number, unfinished = tempfile.mkstemp(prefix=UNFINISHED, dir=place)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(HEAD + _checksum(name, content) + content)
            os.replace(unfinished, _path(place, name))
        except BaseException:  # an interrupt too leaves no unfinished file
            with contextlib.suppress(OSError):
                os.unlink(unfinished)
            raise
        _clear_out(place)


def _path(place: str, name: str) -> str:
    return os.path.join(place, f"{name}.object")


def _checksum(name: str, content: bytes) -> bytes:
    found = hashlib.blake2b(name.encode(), digest_size=DIGEST)
    found.update(content)
    return found.digest()


def _opened(path: str) -> BinaryIO:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags | getattr(os, "O_NONBLOCK", 0)), "rb")


def _usable(create: bool) -> str | None:
    """The folder, if it is this user's alone."""
    place = folder()
    if place is None:
        return None
    try:
        if create:
            os.makedirs(place, mode=0o700, exist_ok=True)
        own = _is_own(os.stat(place), stat.S_ISDIR)
    except OSError as error:
        if not create and isinstance(error, FileNotFoundError):
            return None  # nothing has been written yet
        own = False
    if not own:
        _refuse(place)
        return None
    return place


def _is_own(found: os.stat_result, sort: Callable[[int], bool]) -> bool:
    """Whether a file or folder of that sort is this user's, and nobody else's to write to."""
    if not sort(found.st_mode):
        return False
    if not hasattr(os, "geteuid"):  # Windows keeps a profile's folders from other users
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & OTHERS


def _refuse(place: str) -> None:
    """Say once that the folder asked for is not used; the platform's own is left in silence."""
    if os.environ.get(VARIABLE) and place not in _refused:
        _refused.add(place)
        warnings.warn(
            f"{VARIABLE} is {place!r}, where no machine code is kept: it must be a folder of "
            f"yours to which nobody else may write (chmod 700); {VARIABLE}=0 keeps none",
            RuntimeWarning,
            stacklevel=2,
        )


def _clear_out(place: str) -> None:
    """Remove what was not used for longest, until there is room, and what was never finished."""
    kept, size, now = [], 0, time.time()
    with os.scandir(place) as entries:
        for entry in entries:
            if NAME.fullmatch(entry.name):
                found = entry.stat(follow_symlinks=False)
                kept.append((found.st_mtime, found.st_size, entry.path))
                size += found.st_size
            elif entry.name.startswith(UNFINISHED) and (
                now - entry.stat(follow_symlinks=False).st_mtime > ABANDONED
            ):
                os.unlink(entry.path)
    if size <= MOST:
        return
    for _, own, path in sorted(kept):
        with contextlib.suppress(FileNotFoundError):  # another process was first
            os.unlink(path)
        size -= own
        if size <= KEPT:
            return
