"""The state of a model: its numbers by name, checked, and as a file.

The file is plain JSON, read as strictly as it is written. Python writes a float with as many digits
as it takes to read the same float again, so a state survives bit for bit; infinities and NaN, which
JSON does not have, are strings.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from numbers import Real
from typing import Any

from autograd_core import DataError, StrictReader, Value, file_path, json_number, write_file
from nn.options import got

__all__ = ["READER", "PathLike", "apply", "read", "read_json", "write", "write_json"]

PathLike = str | os.PathLike[str]

FORMAT = "autograd_core.nn state"
READER = StrictReader(DataError)
MOST_BYTES = 2**29


def apply(parameters: Mapping[str, Value], numbers: Mapping[str, float], model: str) -> None:
    """Set the parameters from the numbers of the same names, or change nothing and raise."""
    if not isinstance(numbers, Mapping):
        raise TypeError(
            f"a state is a dictionary from names to numbers, as state_dict() gives it, "
            f"{got(numbers)}"
        )
    missing = [name for name in parameters if name not in numbers]
    unexpected = [str(name) for name in numbers if name not in parameters]
    if missing or unexpected:
        raise ValueError(
            f"the state does not fit this {model} of {len(parameters)} parameters: it holds "
            f"{len(numbers)} numbers, {_listed('lacks', missing)} and "
            f"{_listed('has besides', unexpected)}; "
            "build the model with the sizes it was saved with"
        )
    floats = {name: _float(name, number) for name, number in numbers.items()}
    for name, parameter in parameters.items():
        parameter.data = floats[name]


def _float(name: str, number: Any) -> float:
    """A number of Python's or NumPy's, of which arrays without axes are some, as a float."""
    plain = number.item() if getattr(number, "ndim", None) == 0 else number
    if isinstance(plain, bool) or not isinstance(plain, Real):
        raise ValueError(f"the state's {name} must be a number, {got(number)}")
    try:
        return float(plain)
    except OverflowError:
        raise ValueError(f"the state's {name} is beyond a double: {number!r}") from None


def _listed(verb: str, names: list[str]) -> str:
    if not names:
        return f"{verb} none"
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{verb} {', '.join(names[:3])}{more}"


def write(path: PathLike, numbers: Mapping[str, float], *, overwrite: bool) -> None:
    """Write a state to a file."""
    parameters = {name: json_number(number) for name, number in numbers.items()}
    write_json(path, {"format": FORMAT, "parameters": parameters}, overwrite=overwrite)


def read(path: PathLike) -> dict[str, float]:
    """The state in a file that `write` wrote."""
    content = read_json(path)
    if content.get("format") != FORMAT or not isinstance(content.get("parameters"), dict):
        raise DataError(
            f"{os.fspath(path)} is no saved state: it must say 'format': {FORMAT!r} and hold "
            "'parameters'; Module.save() writes such a file"
        )
    READER.members(content, ("format", "parameters"), os.fspath(path))
    return {
        name: READER.number(number, f"{os.fspath(path)}: {name}")
        for name, number in content["parameters"].items()
    }


def write_json(path: PathLike, content: dict[str, Any], *, overwrite: bool) -> None:
    """Write a JSON file whole or not at all; a file that exists stays unless `overwrite` is set.

    Raises DataError for a number that is not finite, as of a training that went astray.
    """
    try:
        text = json.dumps(content, indent=1, allow_nan=False) + "\n"
    except ValueError:
        raise DataError(
            f"Cannot write {os.fspath(path)!r}: a number in it is infinite or NaN. "
            "Train again with a smaller learning rate, or on smaller numbers."
        ) from None
    write_file(path, text.encode(), overwrite=overwrite)


def read_json(path: PathLike) -> dict[str, Any]:
    """The object in a JSON file, or a DataError that says where it stops being one."""
    name = str(file_path(path))
    with file_path(path).open("rb") as file:
        data = file.read(4096)
        if b"\0" not in data:  # as what never ends begins with, /dev/zero
            data += file.read(MOST_BYTES)
    if len(data) > MOST_BYTES:
        raise DataError(f"{name} has more than {MOST_BYTES:,} bytes")
    try:
        content = READER.document(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise DataError(f"{name} is not text in UTF-8 and so not JSON") from error
    except DataError as error:
        raise DataError(f"{name}: {error}") from error
    if not isinstance(content, dict):
        raise DataError(f"{name} must hold a JSON object, not a {type(content).__name__}")
    return content
