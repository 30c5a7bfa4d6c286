"""`animate`: the forward pass and the reverse sweep of a graph, to step through or to watch.

This module owns the public function and what it returns. The steps are `sweep_steps`', the picture
`scene`'s, the page `stepping_page`'s, GIF and PNG `frames`'.
"""

import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from autograd_core.drawing.animation.frames import animated, check_pixels, frames_of, slide_scale
from autograd_core.drawing.animation.scene import Scene, make_scene
from autograd_core.drawing.animation.stepping_page import in_frame, page_of
from autograd_core.drawing.animation.sweep_steps import names_of, steps_of
from autograd_core.drawing.folding.numbering import Numbered, number_graph
from autograd_core.drawing.looks import RANKDIRS, THEMES, Theme
from autograd_core.drawing.rendering.image_file import check_target, write_image
from autograd_core.drawing.rendering.renderer import check_scale, check_timeout
from autograd_core.errors import GraphError, GraphTooLarge
from autograd_core.given import checked_limit, choice, file_path, real
from autograd_core.graph.value import Value
from autograd_core.notation import number_writer

__all__ = ["Animation", "animate"]

_FORMATS = {".html": "html", ".htm": "html", ".gif": "gif", ".png": "png", ".apng": "png"}


class Animation:
    """A graph's forward pass and reverse sweep, step by step; it shows itself in a notebook.

    `.save("f.html")` writes a page with buttons, a slider and keys that needs no network,
    `.save("f.gif")` or `.save("f.png")` an animation for slides. `.text` has the steps in words.
    """

    def __init__(
        self,
        graph: Numbered,
        *,
        theme: Theme,
        rankdir: str,
        number: Callable[[float], str],
        interval: float,
        timeout: float | None,
    ) -> None:
        self._graph = graph
        self._theme = theme
        self._rankdir = rankdir
        self._number = number
        self._interval = interval
        self._timeout = timeout
        self._steps = steps_of(graph, number)
        self._title = f"Forward pass and reverse sweep of {names_of(graph)[graph.root]}"

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return len(self._steps)

    @property
    def text(self) -> str:
        """Every step in words."""
        return "\n".join(line for step in self._steps for line in step.lines)

    @cached_property
    def _scene(self) -> Scene:
        return make_scene(
            self._graph,
            self._steps,
            theme=self._theme,
            rankdir=self._rankdir,
            number=self._number,
            timeout=self._timeout,
        )

    @property
    def html(self) -> str:
        """The page, whole."""
        return page_of(
            self._scene,
            self._steps,
            title=self._title,
            theme=self._theme,
            interval=self._interval,
        )

    def _repr_html_(self) -> str:
        return in_frame(self.html, self._scene, self._title)

    def __repr__(self) -> str:
        return f"<Animation of {self.steps} steps; .save('steps.html') writes it>"

    def save(
        self,
        path: os.PathLike[str] | str,
        *,
        overwrite: bool = False,
        scale: float | None = None,
    ) -> Path:
        """Write one file, in the format its ending names, and return the path.

        `.html` is the page; `.gif`, and `.png` or `.apng`, are animations, which need Pillow.
        `scale` enlarges those (to what suits a slide unless given).

        Raises ImageFileError where the file exists (and not `overwrite`) or cannot be written,
        ValueError for another ending, RendererNotFound without Pillow, RenderingError for more
        pixels than there is memory and patience for, and what rendering raises.
        """
        target = file_path(path)
        format = _FORMATS.get(target.suffix.lower())
        if format is None:
            raise ValueError(
                f"{str(target)!r} does not end in one of {', '.join(_FORMATS)}: an animation is a "
                "page, a GIF or an animated PNG; draw() makes still pictures"
            )
        check_scale(scale)
        check_target(target, overwrite=overwrite)
        if format == "html":
            data = self.html.encode()
        else:
            fitting = slide_scale(self._scene) if scale is None else scale
            check_pixels(self._scene, self.steps, fitting)
            frames = frames_of(self._scene, self._steps, self._theme)
            data = animated(frames, format, interval=self._interval, scale=fitting)
        write_image(target, data, overwrite=overwrite)
        return target


def animate(
    root: Value,
    *,
    theme: str = "light",
    rankdir: str = "LR",
    number_format: str | Callable[[float], str] = ".4g",
    interval: float = 1.5,
    timeout: float | None = 10.0,
    max_values: int | None = 200,
) -> Animation:
    """Step through everything that computes `root` and then through its reverse sweep.

    The sweep is the engine's, node by node, as after `zero_grad()`: each gradient is shown as it
    accumulates. The graph's own gradients are neither read nor changed.

    Args:
        root: the value whose `backward()` is shown.
        theme: "light" or "dark".
        rankdir: where the arrows point: "LR", "RL", "TB" or "BT".
        number_format: a format such as ".4g", or a function from float to str.
        interval: seconds between steps when they play by themselves.
        timeout: seconds that the layout may take, None for any time.
        max_values: the largest graph to step through, None for any.

    Raises:
        GraphError: `root` is a constant, from which nothing flows.
        GraphTooLarge: more than `max_values` values.
        TypeError, ValueError: an argument that is not of the kind or not among the choices above.

    >>> from autograd_core import Value
    >>> x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    >>> q = x + y
    >>> q.name = "q"
    >>> print(animate(q * z).text)
    The leaves have their values. Nothing is computed yet, every grad is 0.
    q = x + y = -2 + 5 = 3
    f = q × z = 3 × (-4) = -12
    f.grad = 1: the sweep starts with ∂f/∂f
    q.grad: 0 + (-4) × 1 = -4
    z.grad: 0 + 3 × 1 = 3
    x.grad: 0 + 1 × (-4) = -4
    y.grad: 0 + 1 × (-4) = -4
    ∂f/∂x = -4
    ∂f/∂y = -4
    ∂f/∂z = 3
    """
    if not isinstance(root, Value):
        raise TypeError(
            f"animate() takes the Value whose backward() is to be shown, not "
            f"{type(root).__name__}: {root!r:.60}"
        )
    choice(theme, "theme", THEMES)
    choice(rankdir, "rankdir", RANKDIRS)
    number = number_writer(number_format)
    check_timeout(timeout)
    real(interval, "interval, in seconds,", above=0)
    checked_limit(max_values, "max_values")
    if root.constant:
        raise GraphError(
            f"animate() of {root!r}, which is a constant: no gradient flows from it. "
            "Compute it from a Value."
        )
    graph = number_graph(root)
    if max_values is not None and len(graph.values) > max_values:
        raise GraphTooLarge(
            f"The graph has {len(graph.values):,} values; animate() takes at most {max_values:,} "
            "unless told. Step through a part of it, animate(some_intermediate_value), or pass "
            "max_values=None and a longer timeout."
        )
    return Animation(
        graph,
        theme=THEMES[theme],
        rankdir=rankdir,
        number=number,
        interval=interval,
        timeout=timeout,
    )
