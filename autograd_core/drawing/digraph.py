"""The picture that `draw` returns: graphviz's Digraph, rendered where graphviz is not installed.

This module owns `Drawing` and how graphviz's own interface reaches our renderer. It owns neither
the statements of the picture (`statements`) nor the rendering (`rendering`).
"""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, overload

import graphviz

from autograd_core.drawing.rendering.image_file import check_target, write_image
from autograd_core.drawing.rendering.renderer import (
    check_encoding,
    check_engine,
    check_format,
    check_scale,
    check_timeout,
    render,
)
from autograd_core.given import file_path, got

__all__ = ["Drawing"]

_NODE_STATEMENT = re.compile(
    r'\t+(?!(?:graph|node|edge|subgraph)\b)(?:\w+|"(?:[^"\\]|\\.)*")(?: \[|\n?$)'
)
_DOT_TEXT = ("dot", "gv")


class Drawing(graphviz.Digraph):
    """A `graphviz.Digraph` that renders SVG and PNG without the `dot` program.

    It shows itself in a notebook. Everything graphviz's users know works as they know it (`source`,
    `save`, `render`, `pipe`, `view`, `node`, `edge`, `subgraph`, `copy`), except that a file that
    exists under a name given is kept unless one says `overwrite=True`, and with these additions:
    `save_image` writes an image in one step; `engine` may also be "auto" (the default: built-in for
    SVG and PNG, the program for other formats) or "wasm" (built-in or an error), while "dot" forces
    the program; `timeout` limits each layout, in seconds; `scale` enlarges PNG.
    """

    def __init__(
        self,
        name: str | None = None,
        comment: str | None = None,
        *,
        format: str = "svg",
        engine: str = "auto",
        timeout: float | None = 10.0,
        scale: float | None = None,
        **graphviz_options: Any,
    ) -> None:
        for words, what in ((name, "name"), (comment, "comment")):
            if words is not None and not isinstance(words, str):
                raise TypeError(f"{what} must be a str or None, {got(words)}")
        super().__init__(name, comment=comment, format=check_format(format), **graphviz_options)
        self.engine = engine
        self.timeout = timeout
        self.scale = scale

    def __setattr__(self, name: str, value: Any) -> None:
        check = _CHECKS.get(name)
        super().__setattr__(name, value if check is None else check(value))

    @property
    def engine(self) -> str:
        """What lays out and renders: "auto", "wasm", "dot", or another layout algorithm's name."""
        return self._chosen_engine

    @engine.setter
    def engine(self, engine: str) -> None:
        self._chosen_engine = engine

    def _copy_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        options: dict[str, Any] = super()._copy_kwargs(**kwargs)  # type: ignore[no-untyped-call]
        return options | {"engine": self.engine, "timeout": self.timeout, "scale": self.scale}

    def copy(self) -> "Drawing":
        """Return an independent copy."""
        duplicate: Drawing = super().copy()  # type: ignore[no-untyped-call]
        return duplicate

    @property
    def nodes(self) -> int:
        """How many boxes and circles there are."""
        return sum(_NODE_STATEMENT.match(line) is not None for line in self.body)

    def _repr_image_svg_xml(self) -> str:
        """The picture for a notebook, whose page a wide one shrinks to."""
        picture = self.pipe(format="svg", encoding="utf-8")
        return picture.replace("<svg ", '<svg style="max-width: 100%; height: auto" ', 1)

    def __repr__(self) -> str:
        return f"<Drawing of {self.nodes} nodes; .save_image('graph.svg') writes it>"

    def _bytes(
        self, format: str, engine: str | None, scale: float | None, quiet: bool = False
    ) -> bytes:
        return render(
            self.source,
            format,
            engine=self.engine if engine is None else engine,
            timeout=self.timeout,
            scale=self.scale if scale is None else scale,
            nodes=self.nodes,
            quiet=quiet,
        )

    @overload
    def pipe(
        self,
        format: str | None = ...,
        renderer: str | None = ...,
        formatter: str | None = ...,
        neato_no_op: bool | int | None = ...,
        quiet: bool = ...,
        *,
        engine: str | None = ...,
        encoding: None = ...,
    ) -> bytes: ...

    @overload
    def pipe(
        self,
        format: str | None = ...,
        renderer: str | None = ...,
        formatter: str | None = ...,
        neato_no_op: bool | int | None = ...,
        quiet: bool = ...,
        *,
        engine: str | None = ...,
        encoding: str,
    ) -> str: ...

    @overload
    def pipe(
        self,
        format: str | None = ...,
        renderer: str | None = ...,
        formatter: str | None = ...,
        neato_no_op: bool | int | None = ...,
        quiet: bool = ...,
        *,
        engine: str | None = ...,
        encoding: str | None,
    ) -> bytes | str: ...

    def pipe(
        self,
        format: str | None = None,
        renderer: str | None = None,
        formatter: str | None = None,
        neato_no_op: bool | int | None = None,
        quiet: bool = False,
        *,
        engine: str | None = None,
        encoding: str | None = None,
    ) -> bytes | str:
        """Return the rendered image, as bytes or, with an encoding, as text; SVG unless told.

        Raises ValueError for `renderer`, `formatter` and `neato_no_op`, which choose parts of the
        `dot` program, and what `autograd_core.drawing.rendering.renderer.render` raises.
        """
        _refuse_program_options(renderer, formatter, neato_no_op)
        check_encoding(encoding)
        data = self._bytes(self.format if format is None else format, engine, None, quiet)
        return data if encoding is None else data.decode(encoding)

    def save(
        self,
        filename: os.PathLike[str] | str | None = None,
        directory: os.PathLike[str] | str | None = None,
        *,
        skip_existing: bool | None = False,
        overwrite: bool | None = None,
    ) -> str:
        """Write the DOT text and return its path; one that exists stays if `skip_existing`.

        It is replaced with `overwrite` and, unless told, where no name is given here.

        Raises ImageFileError where the file exists otherwise or cannot be written.
        """
        overwrite = filename is None if overwrite is None else overwrite
        if filename is not None:
            self.filename = str(file_path(filename, "filename"))
        if directory is not None:
            self.directory = str(file_path(directory, "directory"))
        target = Path(self.filepath)
        if not (skip_existing and target.exists()):
            target.parent.mkdir(parents=True, exist_ok=True)
            write_image(target, self.source.encode(self.encoding), overwrite=overwrite)
        return str(self.filepath)

    def render(
        self,
        filename: os.PathLike[str] | str | None = None,
        directory: os.PathLike[str] | str | None = None,
        view: bool = False,
        cleanup: bool = False,
        format: str | None = None,
        renderer: str | None = None,
        formatter: str | None = None,
        neato_no_op: bool | int | None = None,
        quiet: bool = False,
        quiet_view: bool = False,
        *,
        outfile: os.PathLike[str] | str | None = None,
        engine: str | None = None,
        overwrite: bool | None = None,
        raise_if_result_exists: bool | None = None,
        overwrite_source: bool = False,
    ) -> str:
        """Save the DOT text as `filename` and the image as `filename.format`; return its path.

        As in graphviz, `outfile` names the image itself, `cleanup` removes the DOT text and `view`
        opens the image. Files that exist are replaced with `overwrite`; unless told, only those of
        the drawing's own name, where none is given here. (`raise_if_result_exists` is graphviz's
        word for the opposite.) One file in one step is `save_image`.

        Raises ImageFileError, before anything is written, where a file is in the way.
        """
        _refuse_program_options(renderer, formatter, neato_no_op)
        if overwrite is None:
            own = filename is None and outfile is None
            overwrite = own if raise_if_result_exists is None else not raise_if_result_exists
        place = file_path(self.directory if directory is None else directory, "directory")
        if outfile is not None:
            image = place / file_path(outfile, "outfile")
            format = _format_of(image) if format is None else format
            filename, directory = filename or image.with_suffix(".gv"), directory or ""
        else:
            format = self.format if format is None else format
            name = file_path(self.filename if filename is None else filename, "filename")
            image = place / f"{name}.{format}"
        text = place / file_path(self.filename if filename is None else filename, "filename")
        if text.resolve() == image.resolve() and not overwrite_source:
            raise ValueError(f"outfile={str(image)!r} would replace the DOT text it is made from")
        for target in (text, image):
            target.parent.mkdir(parents=True, exist_ok=True)
            check_target(target, overwrite=overwrite)
        data = self._bytes(format, engine, None, quiet)
        saved = self.save(filename, directory, overwrite=overwrite)
        write_image(image, data, overwrite=overwrite or text.resolve() == image.resolve())
        if cleanup:
            os.remove(saved)
        if view or quiet_view:
            graphviz.view(str(image), quiet=quiet_view)
        return str(image)

    def save_image(
        self,
        path: os.PathLike[str] | str,
        *,
        overwrite: bool = False,
        scale: float | None = None,
        engine: str | None = None,
    ) -> Path:
        """Write the picture into one file, in the format its ending names, and return the path.

        SVG and PNG need nothing installed, `.dot` and `.gv` hold the text, other formats need the
        `dot` program. `scale` enlarges a PNG (2 unless that is very large).

        Raises ImageFileError where the file exists (and not `overwrite`) or cannot be written,
        ValueError where the name has no ending, and what rendering raises.
        """
        target = file_path(path)
        format = _format_of(target)
        check_target(target, overwrite=overwrite)
        check_scale(scale)
        data = self.source.encode() if format in _DOT_TEXT else self._bytes(format, engine, scale)
        write_image(target, data, overwrite=overwrite)
        return target


def _format_of(path: Path) -> str:
    if not path.suffix[1:]:
        raise ValueError(f"{str(path)!r} does not say which format; name it with .svg or .png")
    return path.suffix[1:].lower()


def _refuse_program_options(
    renderer: str | None, formatter: str | None, neato_no_op: bool | int | None
) -> None:
    options: Mapping[str, object] = {
        "renderer": renderer,
        "formatter": formatter,
        "neato_no_op": neato_no_op,
    }
    for name, value in options.items():
        if value is not None:
            raise ValueError(
                f"{name}={value!r} chooses a part of the 'dot' program, which is not used here; "
                "for it, call graphviz.Source(drawing.source)"
            )


_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "engine": check_engine,
    "timeout": check_timeout,
    "scale": check_scale,
    "format": check_format,
    "encoding": check_encoding,
    "filename": lambda given: str(file_path(given, "filename")),
    "directory": lambda given: str(file_path(given, "directory")),
    "renderer": lambda given: _refuse_program_options(given, None, None),
    "formatter": lambda given: _refuse_program_options(None, given, None),
}
"""What is set is checked there and then, whether at first or later."""
