"""Files written whole or not at all, and never over another file unasked.

This module owns the writing, what is kept of a file that is written over, and the words for what
stands in the way. It does not know what the bytes are.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from autograd_core.given import file_path, flag

__all__ = ["check_target", "write_file"]


def check_target(path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
    """Raise early what `write_file` would, before time goes into what is to be written."""
    place = file_path(path)
    flag(overwrite, "overwrite")
    try:
        if place.is_dir():
            raise IsADirectoryError(f"{_cannot(place)}: it is a directory. Name a file in it.")
        if not place.parent.is_dir():
            raise FileNotFoundError(
                f"{_cannot(place)}: the directory {str(place.parent)!r} does not exist. "
                "Create it first."
            )
        if not overwrite and place.exists():
            raise FileExistsError(
                f"{_cannot(place)}: the file exists. Pass overwrite=True to replace it."
            )
        if not overwrite and place.is_symlink():
            raise FileExistsError(
                f"{_cannot(place)}: it is a link to {os.readlink(place)!r}, which does not exist. "
                "Pass overwrite=True to write there."
            )
    except OSError as error:
        raise _told(place, error) from None


def write_file(path: str | os.PathLike[str], data: bytes, *, overwrite: bool = False) -> None:
    """Write a file; one that exists is kept unless `overwrite`, and until the new one is complete.

    A link stays one, what is written over keeps its mode, its owner and its other names, and a pipe
    or a device is written to.

    Raises FileExistsError for a file that exists, and else the OSError that stood in the way, each
    with one line that says what to do.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_file(Path(folder, "answer"), b"42")
    ...     Path(folder, "answer").read_bytes()
    b'42'
    """
    place = file_path(path)
    check_target(place, overwrite=overwrite)
    try:
        target = Path(os.path.realpath(place))  # through a link, so that the link stays
        if not place.exists():
            _write_new(target, data)
        elif place.is_file():
            _write_over(target, data)
        else:  # a pipe or a device cannot be replaced
            _fill(place, data)
    except OSError as error:
        raise _told(place, error) from error


def _told(place: Path, error: OSError) -> OSError:
    """The error in one line that says what to do; one of ours says so already."""
    if error.errno is None:
        return error
    why = f"{error.strerror}. Choose another place."
    if isinstance(error, FileExistsError):
        why = f"{error.filename!r} was just made by another program. Try again."
        if os.path.islink(error.filename):  # where following all links leaves one
            why = "the links there lead in a circle. Remove them, or choose another place."
    # To a command line, a broken pipe is the one that it prints to.
    kind = OSError if isinstance(error, BrokenPipeError) else type(error)
    return kind(f"{_cannot(place)}: {why}")


def _cannot(place: Path) -> str:
    return f"Cannot write {str(place)!r}"


def _write_new(path: Path, data: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(data)
            file.flush()
    except FileExistsError:
        raise
    except BaseException:  # an interrupt may come as soon as the file is there
        _remove(path)
        raise


def _write_over(target: Path, data: bytes) -> None:
    """Replace a file by a complete one; fill it where another file could not take its place."""
    fresh = target.with_name(f".{os.urandom(8).hex()}.new")  # short, however long the name is
    try:
        fresh.touch(0o600, exist_ok=False)  # others may read it no sooner than they may the old one
        _fill(fresh, data)
        old, new = target.stat(), fresh.stat()
        if old.st_nlink > 1 or (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
            _write_inside(target, data)
            fresh.unlink()
        else:
            fresh.chmod(stat.S_IMODE(old.st_mode))
            fresh.replace(target)
    except BaseException:  # an interrupt too leaves nothing beside the file
        _remove(fresh)
        raise


def _remove(path: Path) -> None:
    """Remove a file that may be there; what stood in the way before is what will be told."""
    with suppress(OSError):
        path.unlink()


def _write_inside(target: Path, data: bytes) -> None:
    """Fill a file that has other names or another's owner; it gets its content back on failure."""
    before = target.read_bytes()
    try:
        _fill(target, data)
    except BaseException:  # an interrupt too leaves the file as it was
        _fill(target, before)
        raise


def _fill(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
