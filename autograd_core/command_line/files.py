"""What is written for `--out`: the form is the ending of the file's name."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from autograd_core.command_line.invocation import Request, UsageError
from autograd_core.drawing import animate, draw
from autograd_core.explaining import explain
from autograd_core.file_writer import check_target, write_file
from autograd_core.forms import to_json, to_mermaid
from autograd_core.graph.value import Value

__all__ = ["check_out", "write_out"]

TEXTS: dict[str, Callable[[Value], str]] = {
    ".mmd": lambda root: to_mermaid(root) + "\n",
    ".json": lambda root: to_json(root) + "\n",
    ".tex": lambda root: explain(root).latex_document,
}
STEPPED = {
    ".html": "a page to step through",
    ".gif": "an animation",
    ".apng": "an animation",
}
OF_GRADIENTS = (".tex", *STEPPED)


def check_out(request: Request, constant: bool) -> None:
    """Refuse early what could not be written."""
    target = request.out
    if target is None:
        return
    try:
        check_target(target, overwrite=True)
    except ValueError as error:  # no name that a system takes
        raise UsageError(str(error)) from None
    if os.path.lexists(target) and not request.force and not request.is_example:
        raise UsageError(f"{target} exists; --force overwrites it")
    ending = target.suffix.lower()
    if ending in TEXTS and (request.style or request.theme):
        raise UsageError(f"--style and --theme are for pictures; {target} is none")
    if ending in STEPPED and request.style:
        raise UsageError(f"--style is for still pictures; {target} is {STEPPED[ending]}")
    if ending in OF_GRADIENTS and constant:
        raise UsageError(f"{request.text} is a constant: there is no gradient to show")


def write_out(root: Value, request: Request, target: Path) -> None:
    """Write the file, whole or not at all."""
    theme = request.theme or "light"
    if target.suffix.lower() in STEPPED:
        animate(root, theme=theme).save(target, overwrite=request.force)
        return
    text = TEXTS.get(target.suffix.lower())
    if text is not None:
        write_file(target, text(root).encode(), overwrite=request.force)
        return
    picture = draw(root, style=request.style or "modern", theme=theme)
    try:
        picture.save_image(target, overwrite=request.force)
    except ValueError as error:  # a name without an ending
        raise UsageError(str(error)) from None
