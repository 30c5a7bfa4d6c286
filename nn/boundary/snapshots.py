"""How a boundary moves: what a model predicts over a plane, kept while it is trained.

As a page with a slider, which needs no network and no library, or as a GIF for slides. The page
shows what is kept here and computes nothing.
"""

from __future__ import annotations

import base64
import importlib
import io
import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from autograd_core import LivePage, check_target, file_path, write_file
from nn.axes import axes_for, new_axes
from nn.boundary.drawing import (
    FAINTEST,
    MARKERS,
    STRONGEST,
    colors_of,
    draw_boundary,
    strength,
)
from nn.boundary.plane import By, Plane, Regions
from nn.data import Dataset
from nn.options import choice, real, whole
from nn.training.callbacks import Callback
from nn.training.objectives import Loss, Objective, objective
from nn.training.report import Training

__all__ = ["BoundarySnapshots", "Snapshot"]

HEIGHT = 560  # pixels, in a notebook
SHADES = 15  # of a class in the page
NO_CLASS = 15  # in the page, which has room for so many classes
LAST = 8  # times as long as the others, in a GIF
GRAYS = 32  # at least, of a GIF's colors
BODY = """\
<h1>How the boundary moves</h1>
<div class="columns">
<div id="sliders"></div>
<div id="plot"></div>
<div id="said-and-hint"><div id="buttons" role="group" aria-label="Epochs"></div>
<div id="said" class="said" role="status" aria-live="polite"></div>
<ul id="names" class="names"></ul>
<p class="hint">Drag the slider, or press the arrow keys on it; Play runs through the epochs.</p>
</div>
</div>"""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What was predicted after an epoch; epoch 0 is before the first step."""

    epoch: int
    loss: float
    """The epoch's loss; NaN before the first."""
    regions: Regions

    @property
    def title(self) -> str:
        """When it was, in words."""
        return "before" if not self.epoch else f"epoch {self.epoch}, loss {self.loss:.3g}"


class BoundarySnapshots(Callback):
    """A callback that keeps the decision boundary before training and after every so many epochs.

    It shows itself in a notebook as a page with a slider; `.save("moons.html")` writes that page,
    `.save("moons.gif")` a GIF, and `.draw(-1)` draws one of its `snapshots`. `loss` and what else
    there is are `decision_boundary`'s.

    Raises ValueError for data that are not two features and at most 15 classes.

    >>> from nn import MLP, datasets, fit
    >>> data, loss = datasets.moons(40), "binary_cross_entropy_with_logits"
    >>> kept = BoundarySnapshots(data, loss, every=2, points=20)
    >>> model = MLP(2, [4, 1], activation="tanh", seed=0)
    >>> history = fit(model, data.inputs, data.targets, loss=loss, epochs=5, callbacks=[kept],
    ...               progress=False)
    >>> [snapshot.epoch for snapshot in kept.snapshots]
    [0, 2, 4]
    """

    def __init__(
        self,
        data: Dataset,
        loss: str | Loss | Objective,
        *,
        every: int = 1,
        by: By = "class",
        points: int = 80,
        margin: float = 0.15,
    ) -> None:
        self._plane = Plane(data, points, margin)
        if len(data.classes) > NO_CLASS:
            raise ValueError(
                f"snapshots tell at most {NO_CLASS} classes apart, got {len(data.classes)}: join "
                "some, or draw single boundaries by decision_boundary"
            )
        objective(loss)
        choice(by, "by", get_args(By))
        self._loss = loss
        self._every = whole(every, "every")
        self._by: By = by
        self.snapshots: list[Snapshot] = []

    def on_start(self, training: Training) -> None:
        """Keep where it starts."""
        self.snapshots = []
        self._keep(training, math.nan)

    def on_epoch(self, training: Training) -> None:
        """Keep where an epoch led, if it is one of every so many."""
        if training.epoch % self._every == 0:
            self._keep(training, training.history[-1].loss)

    def _keep(self, training: Training, loss: float) -> None:
        regions = self._plane.regions(training.model, self._loss, self._by)
        self.snapshots.append(Snapshot(training.epoch, loss, regions))

    def draw(self, place: int = -1, axes: Any = None) -> Any:
        """Draw one of the snapshots, the last one unless another is asked for. Returns the axes."""
        snapshot = self._kept()[place]
        axes = axes_for(axes)
        draw_boundary(axes, self._plane, snapshot.regions)
        axes.set_title(snapshot.title)
        return axes

    @property
    def page(self) -> LivePage:
        """What is kept, as a page with a slider."""
        plane, data = self._plane, self._plane.data
        seen = {
            "x": [plane.x[0], plane.x[-1]],
            "y": [plane.y[0], plane.y[-1]],
            "points": len(plane.x),
            "labels": list(data.features) or ["x", "y"],
            "classes": list(data.classes),
            "colors": colors_of(data.classes),
            "markers": [MARKERS[index % len(MARKERS)] for index in range(len(data.classes))],
            "opacity": [FAINTEST, STRONGEST] if self._by == "probability" else [0.0, 0.3],
            "samples": [
                [*(float(f"{number:.5g}") for number in point), int(target)]
                for point, target in zip(data.inputs, data.targets, strict=True)
            ],
            "titles": [snapshot.title for snapshot in self._kept()],
            "epochs": [snapshot.epoch for snapshot in self.snapshots],
            "frames": [_packed(snapshot.regions) for snapshot in self.snapshots],
        }
        script = files("nn.boundary").joinpath("snapshots.js").read_text(encoding="utf-8")
        title = "How the boundary moves"
        return LivePage.composed(BODY, script, [], seen, title=title, theme="auto", height=HEIGHT)

    def _repr_html_(self) -> str:
        return self.page._repr_html_()

    def __repr__(self) -> str:
        return (
            f"<BoundarySnapshots of {len(self.snapshots)} epochs; .save('boundary.html') or "
            ".save('boundary.gif') writes them>"
        )

    def save(
        self, path: os.PathLike[str] | str, *, overwrite: bool = False, interval: float = 0.2
    ) -> Path:
        """Write the page, or a GIF of `interval` seconds a snapshot, and return the path.

        Raises ValueError for another ending than .html or .gif and where nothing is kept,
        FileExistsError where the file exists (and not `overwrite`), ImportError for a GIF without
        matplotlib or Pillow, and else the OSError that stood in the way.
        """
        target = file_path(path)
        format = target.suffix.lower()
        if format not in (".html", ".gif"):
            raise ValueError(f"{str(target)!r} must end in .html or .gif: a page or an animation")
        real(interval, "interval", above=0)
        self._kept()
        check_target(target, overwrite=overwrite)
        if format == ".html":
            return self.page.save(target, overwrite=overwrite)
        write_file(target, self._gif(interval), overwrite=overwrite)
        return target

    def _kept(self) -> list[Snapshot]:
        if not self.snapshots:
            raise ValueError("there are no snapshots yet: give this to fit as one of its callbacks")
        return self.snapshots

    def _gif(self, interval: float) -> bytes:
        try:
            image = importlib.import_module("PIL.Image")
        except ImportError as error:
            raise ImportError(
                "a GIF is written by Pillow, which is not installed: pip install "
                "'autograd_core[slides]', or save .html"
            ) from error
        palette = _palette(colors_of(self._plane.data.classes))
        pictures = []
        for pixels in self._pictures():
            picture = image.fromarray(_nearest(pixels, palette))
            picture.putpalette(palette.tobytes())
            pictures.append(picture)
        milliseconds = round(1000 * interval)
        durations = [milliseconds] * (len(pictures) - 1) + [milliseconds * LAST]
        written = io.BytesIO()
        pictures[0].save(
            written, "gif", save_all=True, append_images=pictures[1:], duration=durations, loop=0
        )
        return written.getvalue()

    def _pictures(self) -> Iterator[Any]:
        axes = new_axes()
        canvas = importlib.import_module("matplotlib.backends.backend_agg").FigureCanvasAgg
        for place in range(len(self.snapshots)):
            axes.clear()
            self.draw(place, axes)
            drawn = canvas(axes.figure)
            drawn.draw()
            yield np.array(drawn.buffer_rgba())


def _palette(colors: Sequence[str]) -> NDArray[np.uint8]:
    """The 256 colors of a GIF, one row each: every class's from white to full, and grays."""
    each = (256 - GRAYS) // len(colors)
    ends = [[int(color[at : at + 2], 16) for at in (1, 3, 5)] for color in (*colors, "#000000")]
    counts = [*[each] * len(colors), 256 - each * len(colors)]
    white = [255, 255, 255]
    shades = [np.linspace(white, end, count) for end, count in zip(ends, counts, strict=True)]
    return np.rint(np.concatenate(shades)).astype(np.uint8)


def _nearest(pixels: NDArray[np.uint8], palette: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """For each pixel the place of the nearest color."""
    red, green, blue = (pixels[..., channel].astype(np.int64) for channel in range(3))
    found, places = np.unique(red << 16 | green << 8 | blue, return_inverse=True)
    colors = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=-1)
    apart = colors[:, None] - palette[None].astype(np.int64)
    nearest = (apart * apart).sum(axis=-1).argmin(axis=1).astype(np.uint8)
    picture: NDArray[np.uint8] = nearest[places].reshape(pixels.shape[:2])
    return picture


def _packed(regions: Regions) -> str:
    """A byte a point, its class and how strong its color is, four bits each."""
    classes = np.where(regions.classes < 0, NO_CLASS, regions.classes)
    shades = np.rint(SHADES * np.clip(strength(regions), 0, 1))
    packed = (16 * classes + shades).astype(np.uint8)
    return base64.b64encode(packed.tobytes()).decode()
