"""The steps as pictures, one below its caption each, and those as an animated GIF or PNG.

This module makes here the changes that the page's script makes in a browser. Pillow, which is no
ordinary dependency, joins the frames; pixels are `rasterize`'s.
"""

import io
import math
from collections.abc import Iterator, Sequence
from copy import deepcopy
from textwrap import wrap
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from autograd_core.drawing.animation.scene import SVG, Change, Scene
from autograd_core.drawing.animation.stepping_page import titles_of
from autograd_core.drawing.animation.sweep_steps import SweepStep
from autograd_core.drawing.looks import Theme
from autograd_core.drawing.rendering.rasterize import svg_to_png
from autograd_core.errors import RendererNotFound, RenderingError

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["animated", "check_pixels", "frames_of", "slide_scale"]

_NARROWEST = 420.0  # points
_MARGIN = 12.0
_LINE_HEIGHT = 15.0
_LETTER_WIDTH = 5.6
_SLIDE_PIXELS = 1_500_000
_COARSE, _SHARP = 0.5, 2.0
_MOST_PIXELS = 150_000_000  # of all frames together: half a minute and half a gigabyte
_LAST_FRAME = 3  # times as long as the others


def frames_of(scene: Scene, steps: Sequence[SweepStep], theme: Theme) -> Iterator[str]:
    """The SVG of each step, all of one size."""
    width, height = max(scene.size[0], _NARROWEST), scene.size[1]
    columns = int((width - 2 * _MARGIN) / _LETTER_WIDTH)
    captions = [
        [title, *(part for line in step.lines for part in wrap(line, columns))]
        for title, step in zip(titles_of(steps), steps, strict=True)
    ]
    total = height + _LINE_HEIGHT * (max(map(len, captions)) + 0.5)
    picture = deepcopy(scene.svg)
    groups = {group.get("id", ""): group for group in picture.iter(f"{SVG}g")}
    for changes, focus, caption in zip(scene.changes, scene.focus, captions, strict=True):
        for change in changes:
            _make(groups, change)
        frame = deepcopy(picture)
        _look_at(frame, focus, theme)
        yield _framed(frame, scene.size, (width, total), caption, theme)


def slide_scale(scene: Scene) -> float:
    """The scale that suits a slide: twice as sharp as a screen unless the picture is large."""
    return min(_SHARP, max(_COARSE, math.sqrt(_SLIDE_PIXELS / math.prod(scene.pixels))))


def _make(groups: dict[str, ElementTree.Element], change: Change) -> None:
    box, part, value = change
    if part in ("data", "grad", "local"):
        for text in groups[box].iter(f"{SVG}text"):
            if text.get("class") == part:
                text.text = value
        return
    outlines = _outlines(groups[box])
    if part == "fill":
        outlines[0].set("fill", value)
    else:
        for line in outlines:
            line.set("stroke", value)


def _outlines(group: ElementTree.Element) -> list[ElementTree.Element]:
    shapes = (f"{SVG}path", f"{SVG}polygon", f"{SVG}polyline")
    return [element for element in group.iter() if element.tag in shapes]


def _look_at(frame: ElementTree.Element, focus: Sequence[str], theme: Theme) -> None:
    groups = {group.get("id", ""): group for group in frame.iter(f"{SVG}g")}
    for name in focus:
        group = groups[name]
        for line in _outlines(group):
            line.set("stroke", theme.focus)
            if line.tag == f"{SVG}polygon":
                line.set("fill", theme.focus)
            else:
                line.set("stroke-width", "2.4")
        if group.get("class") == "edge":
            for text in group.iter(f"{SVG}text"):
                text.set("fill", theme.focus)


def _framed(
    picture: ElementTree.Element,
    size: tuple[float, float],
    room: tuple[float, float],
    caption: Sequence[str],
    theme: Theme,
) -> str:
    """The picture in the middle of a frame, its caption below."""
    frame = ElementTree.Element(f"{SVG}svg", viewBox=f"0 0 {room[0]:g} {room[1]:g}")
    frame.set("width", f"{room[0]:g}pt")
    frame.set("height", f"{room[1]:g}pt")
    ElementTree.SubElement(frame, f"{SVG}rect", width="100%", height="100%", fill=theme.ground)
    picture.set("x", f"{(room[0] - size[0]) / 2:g}")
    picture.set("width", f"{size[0]:g}")
    picture.set("height", f"{size[1]:g}")
    frame.append(picture)
    for number, words in enumerate(caption, start=1):
        line = ElementTree.SubElement(frame, f"{SVG}text")
        line.set("x", f"{_MARGIN:g}")
        line.set("y", f"{size[1] + number * _LINE_HEIGHT:g}")
        line.set("font-family", "Helvetica,sans-Serif")
        line.set("font-size", "11")
        line.set("fill", theme.faint_text if number == 1 else theme.text)
        line.text = words
    return ElementTree.tostring(frame, encoding="unicode")


def check_pixels(scene: Scene, frames: int, scale: float) -> None:
    """Raise RenderingError where the frames together would take minutes and much memory."""
    width, height = (side * scale for side in scene.pixels)
    if frames * width * height > _MOST_PIXELS:
        raise RenderingError(
            f"Cannot write the animation: it would be {frames:,} pictures of {width:,.0f} × "
            f"{height:,.0f} pixels. Save .html, animate a smaller part, or pass a smaller scale."
        )


def animated(frames: Iterator[str], format: str, *, interval: float, scale: float) -> bytes:
    """The frames as a looping "gif" or "png", `interval` seconds each and the last one longer.

    Raises RendererNotFound without Pillow, and what rasterizing raises.
    """
    try:
        from PIL import Image
    except ImportError as error:
        raise RendererNotFound(
            f"Cannot write an animated {format.upper()}: Pillow is not installed. "
            "Install it with 'pip install pillow', or save .html."
        ) from error
    pictures: list[Image.Image] = []
    for frame in frames:
        with Image.open(io.BytesIO(svg_to_png(frame, scale))) as picture:
            pictures.append(_ready(picture, format))
    milliseconds = round(interval * 1000)
    durations = [milliseconds] * (len(pictures) - 1) + [milliseconds * _LAST_FRAME]
    written = io.BytesIO()
    pictures[0].save(
        written, format, save_all=True, append_images=pictures[1:], duration=durations, loop=0
    )
    return written.getvalue()


def _ready(picture: "Image", format: str) -> "Image":
    """Opaque, and for GIF with the colors that suit this frame."""
    from PIL.Image import Dither, Quantize

    opaque = picture.convert("RGB")
    if format != "gif":
        return opaque
    return opaque.quantize(256, method=Quantize.FASTOCTREE, dither=Dither.NONE)
