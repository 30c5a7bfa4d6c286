"""Axes for pictures, on figures that no window shows, and the colors that all of them use.

Pictures need matplotlib, the extra `plot`, which is imported when the first one is drawn. Who draws
something takes axes or makes new ones here, and returns them.
"""

from __future__ import annotations

import importlib
from typing import Any

__all__ = ["COLORS", "new_axes"]

# Okabe and Ito's colors, told apart by everybody.
COLORS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000")


def new_axes(projection: str | None = None) -> Any:
    """Axes on a new figure that no window shows; lines without a color take `COLORS` in turn.

    Raises ImportError if matplotlib is not installed.
    """
    try:
        figure = importlib.import_module("matplotlib.figure")
    except ImportError as error:
        raise ImportError(
            "pictures are drawn by matplotlib, which is not installed: "
            "pip install 'autograd_core[plot]'"
        ) from error
    page = figure.Figure(figsize=(6.4, 4.8), layout="constrained")
    axes = page.add_subplot(projection=projection)
    axes.set_prop_cycle(color=COLORS)
    if projection == "3d":
        # Seen askew an axis has room for few numbers.
        locator = importlib.import_module("matplotlib.ticker").MaxNLocator
        for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
            axis.set_major_locator(locator(5))
    return axes
