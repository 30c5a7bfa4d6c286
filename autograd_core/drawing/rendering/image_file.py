"""Images into files: what `file_writer` does, with the errors of pictures."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograd_core import file_writer
from autograd_core.errors import ImageFileError

__all__ = ["check_target", "write_image"]


def check_target(path: Path, *, overwrite: bool) -> None:
    """Raise ImageFileError early where writing would be refused, before time goes into layout."""
    with _image_errors():
        file_writer.check_target(path, overwrite=overwrite)


def write_image(path: Path, data: bytes, *, overwrite: bool) -> None:
    """Write `data` whole or not at all; an existing file is kept unless `overwrite`.

    Raises ImageFileError with one line that says what stood in the way.
    """
    with _image_errors():
        file_writer.write_file(path, data, overwrite=overwrite)


@contextmanager
def _image_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ImageFileError(str(error)) from error
