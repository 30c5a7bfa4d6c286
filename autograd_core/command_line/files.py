"""What is written for `--out`: the form is the ending of the file's name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from autograd_core.command_line.arguments import Request, UsageError
from autograd_core.drawing import draw
from autograd_core.drawing.image_file import write_image
from autograd_core.explaining import explain
from autograd_core.forms import to_json, to_mermaid
from autograd_core.value import Value

__all__ = ["check_out", "write_out"]

TEXTS: dict[str, Callable[[Value], str]] = {
    ".mmd": lambda root: to_mermaid(root) + "\n",
    ".json": lambda root: to_json(root) + "\n",
    ".tex": lambda root: explain(root).latex_document,
}


def check_out(request: Request, constant: bool) -> None:
    """Refuse early what could not be written."""
    target = request.out
    if target is None:
        return
    if target.exists() and not request.force and not request.is_example:
        raise UsageError(f"{target} exists; --force overwrites it")
    ending = target.suffix.lower()
    if ending in TEXTS and (request.style or request.theme):
        raise UsageError(f"--style and --theme are for pictures; {target} is none")
    if ending == ".tex" and constant:
        raise UsageError(f"{request.text} is a constant: there is no gradient to derive")


def write_out(root: Value, request: Request, target: Path) -> None:
    """Write the file, whole or not at all."""
    text = TEXTS.get(target.suffix.lower())
    if text is not None:
        write_image(target, text(root).encode(), overwrite=request.force)
        return
    picture = draw(root, style=request.style or "modern", theme=request.theme or "light")
    try:
        picture.save_image(target, overwrite=request.force)
    except ValueError as error:  # a name without an ending
        raise UsageError(str(error)) from None
