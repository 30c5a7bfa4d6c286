"""Images into files: whole or not at all, and never over another file unasked.

This room owns the writing and its errors. It does not know what the bytes are.
"""

import os
from pathlib import Path

from autograd_core.errors import ImageFileError

__all__ = ["check_target", "write_image"]


def check_target(path: Path, *, overwrite: bool) -> None:
    """Raise ImageFileError early where writing would be refused, before time goes into layout."""
    if path.is_dir():
        raise ImageFileError(f"Cannot write {str(path)!r}: it is a directory. Name a file in it.")
    if not path.parent.is_dir():
        raise ImageFileError(
            f"Cannot write {str(path)!r}: the directory {str(path.parent)!r} does not exist. "
            "Create it first."
        )
    if not overwrite and path.exists():
        raise ImageFileError(
            f"Cannot write {str(path)!r}: the file exists. Pass overwrite=True to replace it."
        )


def write_image(path: Path, data: bytes, *, overwrite: bool) -> None:
    """Write `data`; an existing file is kept unless `overwrite`, and until the new one is complete.

    Raises ImageFileError with one line that says what stood in the way.
    """
    check_target(path, overwrite=overwrite)
    try:
        if not path.exists():
            _write_new(path, data)
        elif path.is_file():
            target = path.resolve()  # through a link, so that the link stays
            fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
            _write_new(fresh, data)
            os.replace(fresh, target)
        else:  # a pipe or a device cannot be replaced
            path.write_bytes(data)
    except FileExistsError as error:
        raise ImageFileError(
            f"Cannot write {str(path)!r}: {error.filename!r} was just made by another program. "
            "Try again."
        ) from error
    except OSError as error:
        raise ImageFileError(
            f"Cannot write {str(path)!r}: {error.strerror or error}. Choose another place."
        ) from error


def _write_new(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        try:
            file.write(data)
        except BaseException:
            path.unlink()
            raise
