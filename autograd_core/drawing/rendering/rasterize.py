"""SVG to PNG, in process, with the font that ships beside this file.

This module owns pixels: their number, their limit, and the font they are drawn with, so that a
picture looks the same on every machine. Layout is done before it is reached.
"""

import re
from importlib.resources import as_file, files

from autograd_core.errors import RendererNotFound, RenderingError

__all__ = ["PIXELS_PER_INCH", "POINTS_PER_INCH", "choose_scale", "svg_to_png"]

POINTS_PER_INCH = 72
PIXELS_PER_INCH = 96
_SHARP_SCALE = 2.0
_SHARP_PIXELS = 16_000_000
_MOST_PIXELS = 100_000_000

_SIZE = re.compile(r'<svg\b[^>]*? width="([\d.]+)pt" height="([\d.]+)pt"')
# Graphviz's rectangle, which covers a last row of pixels in part.
_BACKGROUND = re.compile(r'<g id="graph0"[^>]*>\s*(?:<title>.*?</title>\s*)?<polygon fill="(#\w+)"')
# What Liberation Sans draws of what names usually hold: Latin, Greek, Cyrillic, Hebrew, arrows and
# mathematical signs. Anything else makes the system's fonts be loaded too, which takes longer.
_BUNDLED = re.compile(
    "[\n\r\t -~\u00a0-\u036f\u0391-\u03a1\u03a3-\u03ce\u0400-\u0513\u05d0-\u05ea\u1e00-\u1e9b"
    "\u2010\u2012-\u2022\u2026\u2032-\u2034\u2074-\u2079\u207f-\u2089\u2113\u2190-\u2195"
    "\u2202\u2206\u220f\u2211\u2212\u2219\u221a\u221e\u222b\u2248\u2260\u2261\u2264\u2265]*"
)


def choose_scale(svg: str, scale: float | None) -> float:
    """The factor to enlarge a picture by: the one asked for, else 2, or 1 where 2 is very large.

    Raises RenderingError where the picture would have more pixels than memory should be asked for.
    """
    size = _SIZE.search(svg)
    if size is None:
        return scale or _SHARP_SCALE
    width, height = (float(text) * PIXELS_PER_INCH / POINTS_PER_INCH for text in size.groups())
    if scale is None:
        sharp = width * height * _SHARP_SCALE**2 <= _SHARP_PIXELS
        scale = _SHARP_SCALE if sharp else 1.0
    if width * height * scale**2 > _MOST_PIXELS:
        raise RenderingError(
            f"Cannot write PNG: it would be {width * scale:,.0f} × {height * scale:,.0f} pixels. "
            "Use .svg, draw a smaller part, or pass a smaller scale."
        )
    return scale


def svg_to_png(svg: str, scale: float | None) -> bytes:
    """Draw SVG text as PNG, `scale` pixels to each CSS pixel (None: chosen by the picture's size).

    Raises RendererNotFound where the rasterizer cannot be loaded and RenderingError where it
    refuses the picture.
    """
    try:
        import resvg_py
    except (ImportError, OSError) as error:
        raise RendererNotFound(str(error)) from error
    zoom = choose_scale(svg, scale)
    background = _BACKGROUND.search(svg)
    with as_file(
        files("autograd_core.drawing.rendering") / "fonts" / "LiberationSans-Regular.ttf"
    ) as font:
        try:
            return resvg_py.svg_to_bytes(
                svg_string=svg,
                zoom=zoom,
                background=background[1] if background else None,
                dpi=float(PIXELS_PER_INCH),
                skip_system_fonts=_BUNDLED.fullmatch(svg) is not None,
                font_files=[str(font)],
                font_family="Liberation Sans",
                sans_serif_family="Liberation Sans",
                serif_family="Liberation Sans",
                monospace_family="Liberation Sans",
            )
        except ValueError as error:
            raise RenderingError(f"Cannot write PNG: {error}") from error
