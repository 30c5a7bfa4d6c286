"""Axes for pictures, on figures that no window shows, and the colors that all of them use.

Pictures need matplotlib, the extra `plot`, which is imported when the first one is drawn. Who draws
something takes axes or makes new ones here, and returns them.
"""

from __future__ import annotations

import importlib
from typing import Any

from nn.options import choice, got

__all__ = ["COLORS", "axes_for", "new_axes"]

# Okabe and Ito's colors, told apart by everybody.
COLORS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000")


def new_axes(projection: str | None = None) -> Any:
    """Axes on a new figure that no window shows; lines without a color take `COLORS` in turn.

    Raises ValueError for an unknown projection, ImportError if matplotlib is not installed.
    """
    if projection is not None:
        choice(projection, "projection", _matplotlib("projections").get_projection_names())
    page = _matplotlib("figure").Figure(figsize=(6.4, 4.8), layout="constrained")
    axes = page.add_subplot(projection=projection)
    axes.set_prop_cycle(color=COLORS)
    if projection == "3d":
        # Seen askew an axis has room for few numbers.
        locator = _matplotlib("ticker").MaxNLocator
        for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
            axis.set_major_locator(locator(5))
    return axes


def axes_for(given: Any, projection: str | None = None) -> Any:
    """The axes that are given, or new ones for None.

    Raises TypeError for what is no axes of matplotlib's, ValueError for flat axes where a picture
    has three dimensions, or the other way around, and ImportError if there is no matplotlib.
    """
    if given is None:
        return new_axes(projection)
    if not isinstance(given, _matplotlib("axes").Axes):
        raise TypeError(
            f"axes must be matplotlib's, as new_axes() makes, or None for new ones, {got(given)}"
        )
    if (given.name == "3d") != (projection == "3d"):
        kind = 'in three dimensions, as new_axes("3d")' if projection else "flat, as new_axes()"
        raise ValueError(f"this picture needs axes that are {kind} makes, {got(given)}")
    return given


def _matplotlib(part: str) -> Any:
    try:
        return importlib.import_module(f"matplotlib.{part}")
    except ImportError as error:
        raise ImportError(
            "pictures are drawn by matplotlib, which is not installed: "
            "pip install 'autograd_core[plot]'"
        ) from error
