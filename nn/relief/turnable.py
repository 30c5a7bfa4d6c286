"""A surface as a page on which one turns it: one file that needs no network and no library.

The script draws what it is given here; no number is computed in the page but where it is shown.
"""

from __future__ import annotations

import html
import json
import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autograd_core import check_target, write_file

__all__ = ["Turnable"]

Array = NDArray[np.float64]
HEIGHT = 520  # pixels, in a notebook


class Turnable:
    """A page with a surface to turn; it shows itself in a notebook, `.save()` writes it."""

    def __init__(
        self,
        x: Array,
        y: Array,
        height: Array,
        paths: Mapping[str, Array],
        labels: tuple[str, str, str],
    ) -> None:
        self._seen = {
            "x": _shortened(x),
            "y": _shortened(y),
            "height": [_shortened(row) for row in height],
            "paths": {name: [_shortened(point) for point in way] for name, way in paths.items()},
            "labels": labels,
        }
        self._title = f"{labels[2]} over {labels[0]} and {labels[1]}, a surface to turn"

    @property
    def html(self) -> str:
        """The page, whole."""
        page = files("nn.relief").joinpath("turnable.html").read_text(encoding="utf-8")
        data = json.dumps(self._seen, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        title = html.escape(self._title)
        # In a script element only "<" could end the element or begin a comment.
        return page.replace("TITLE", title).replace("DATA", data.replace("<", "\\u003c"))

    def _repr_html_(self) -> str:
        page, title = html.escape(self.html), html.escape(self._title)
        return (
            f'<iframe srcdoc="{page}" title="{title}" sandbox="allow-scripts" '
            f'style="width: 100%; height: {HEIGHT}px; border: 0"></iframe>'
        )

    def __repr__(self) -> str:
        return "<Turnable surface; .save('surface.html') writes it>"

    def save(self, path: os.PathLike[str] | str, *, overwrite: bool = False) -> Path:
        """Write the page into one file and return its path.

        Raises FileExistsError where the file exists (and not `overwrite`), else the OSError that
        stood in the way.
        """
        target = Path(path)
        check_target(target, overwrite=overwrite)
        write_file(target, self.html.encode(), overwrite=overwrite)
        return target


def _shortened(numbers: Array) -> list[float | None]:
    """Numbers with the digits that a picture shows; JSON has none that is not finite."""
    return [float(f"{number:.5g}") if np.isfinite(number) else None for number in numbers]
