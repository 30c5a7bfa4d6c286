"""A drawing shown and saved: graphviz's own interface, files, notebooks."""

import io
import os
from pathlib import Path

import pytest

from autograd_core.drawing import Drawing, draw
from autograd_core.errors import ImageFileError, LayoutTimeout, RendererNotFound
from autograd_core.graph.value import Value


@pytest.fixture
def drawing() -> Drawing:
    a, b = Value(2.0, name="a"), Value(3.0, name="b")
    return draw(a * b)


@pytest.fixture(autouse=True)
def no_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "none"))


def is_svg(data: bytes) -> bool:
    return data.startswith(b"<?xml") and data.rstrip().endswith(b"</svg>")


def is_png(data: bytes) -> bool:
    return data.startswith(b"\x89PNG\r\n\x1a\n") and data.endswith(b"IEND\xaeB`\x82")


@pytest.mark.parametrize(("theme", "color"), [("light", (255, 255, 255)), ("dark", (13, 17, 23))])
def test_the_background_of_a_png_reaches_its_edges(theme: str, color: tuple[int, ...]) -> None:
    image = pytest.importorskip("PIL.Image")
    x, y = Value(-2.0, name="x"), Value(5.0, name="y")
    with image.open(io.BytesIO(draw((x + y) * x, theme=theme).pipe("png"))) as picture:
        right, bottom = picture.width - 1, picture.height - 1
        for corner in ((0, 0), (right, 0), (0, bottom), (right, bottom)):
            assert picture.getpixel(corner) == (*color, 255)


def test_a_background_may_be_transparent(drawing: Drawing) -> None:
    image = pytest.importorskip("PIL.Image")
    drawing.graph_attr["bgcolor"] = "transparent"
    with image.open(io.BytesIO(drawing.pipe("png"))) as picture:
        assert picture.getpixel((0, 0)) == (0, 0, 0, 0)


def test_a_session_without_pictures_says_how_to_get_one(drawing: Drawing) -> None:
    assert repr(drawing) == "<Drawing of 4 nodes; .save_image('graph.svg') writes it>"


def test_pipe_returns_svg_unless_told(drawing: Drawing) -> None:
    assert is_svg(drawing.pipe())
    assert is_png(drawing.pipe("png"))
    assert is_png(drawing.pipe(format="png"))
    assert drawing.pipe(encoding="utf-8") == drawing.pipe().decode()
    assert is_png(draw(Value(1.0), format="png").pipe())


def test_pipe_uses_the_layout_asked_for(drawing: Drawing) -> None:
    assert drawing.pipe(engine="circo") != drawing.pipe()
    drawing.engine = "circo"
    assert drawing.pipe() == drawing.pipe(engine="circo")
    with pytest.raises(RendererNotFound, match="no 'dot' program was found"):
        drawing.pipe(engine="dot")
    with pytest.raises(ValueError, match="engine='paint' is unknown"):
        drawing.engine = "paint"


def test_a_notebook_shows_svg(drawing: Drawing) -> None:
    bundle = drawing._repr_mimebundle_()
    assert list(bundle) == ["image/svg+xml"]
    shrinking = '<svg style="max-width: 100%; height: auto" '
    svg = bundle["image/svg+xml"]
    assert svg.replace(shrinking, "<svg ") == drawing.pipe("svg", encoding="utf-8") != svg
    assert drawing._repr_mimebundle_(include=["image/png"]) == {"image/png": drawing.pipe("png")}


def test_a_value_does_not_draw_itself_unasked() -> None:
    assert not hasattr(Value(1.0), "_repr_svg_")
    assert not hasattr(Value(1.0), "_repr_mimebundle_")


def test_render_writes_text_and_image_as_graphviz_does(drawing: Drawing, tmp_path: Path) -> None:
    rendered = drawing.render("f", directory=tmp_path)
    assert rendered == str(tmp_path / "f.svg")
    assert is_svg((tmp_path / "f.svg").read_bytes())
    assert (tmp_path / "f").read_text(encoding="utf-8") == drawing.source
    drawing.render("g", directory=tmp_path / "new", format="png", cleanup=True)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["g.png"]


def test_render_names_the_image_itself_by_outfile(drawing: Drawing, tmp_path: Path) -> None:
    assert drawing.render(outfile=tmp_path / "f.png") == str(tmp_path / "f.png")
    assert is_png((tmp_path / "f.png").read_bytes())
    assert (tmp_path / "f.gv").read_text(encoding="utf-8") == drawing.source
    with pytest.raises(ImageFileError, match="the file exists"):
        drawing.render(outfile=tmp_path / "f.png", raise_if_result_exists=True)


@pytest.mark.parametrize("taken", ["f", "f.svg"])
def test_render_and_save_replace_files_of_a_given_name_only_when_told(
    drawing: Drawing, tmp_path: Path, taken: str
) -> None:
    (tmp_path / taken).write_text("mine", encoding="utf-8")
    for write in (drawing.render, drawing.view, drawing.save):
        if (write, taken) != (drawing.save, "f.svg"):
            with pytest.raises(ImageFileError, match=r"the file exists. Pass overwrite=True"):
                write("f", directory=tmp_path)
            assert [path.name for path in tmp_path.iterdir()] == [taken]
            assert (tmp_path / taken).read_text(encoding="utf-8") == "mine"
    drawing.render("f", directory=tmp_path, overwrite=True)
    drawing.render("f", directory=tmp_path, raise_if_result_exists=False)
    assert is_svg((tmp_path / "f.svg").read_bytes())
    assert (tmp_path / "f").read_text(encoding="utf-8") == drawing.source
    drawing.save("f", directory=tmp_path, overwrite=True)


def test_a_drawing_replaces_what_has_its_own_name(
    drawing: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert [drawing.render(), drawing.render(), drawing.save()] == [
        "Drawing.gv.svg",
        "Drawing.gv.svg",
        "Drawing.gv",
    ]
    with pytest.raises(ValueError, match="would replace the DOT text"):
        drawing.render("f.svg", outfile="f.svg")
    with pytest.raises(ImageFileError, match="the file exists"):
        drawing.render(overwrite=False)


def test_save_writes_the_text(drawing: Drawing, tmp_path: Path) -> None:
    saved = Path(drawing.save("f.gv", directory=tmp_path))
    assert saved.read_text(encoding="utf-8") == drawing.source
    drawing.node("another")
    assert drawing.save("f.gv", directory=tmp_path, skip_existing=True) == str(saved)
    assert saved.read_text(encoding="utf-8") != drawing.source


def test_a_copy_is_drawn_alike(drawing: Drawing) -> None:
    drawing.engine, drawing.timeout, drawing.scale = "circo", 3.0, 1.0
    copy = drawing.copy()
    assert isinstance(copy, Drawing)
    assert (copy.engine, copy.timeout, copy.scale) == ("circo", 3.0, 1.0)
    assert copy.pipe("png") == drawing.pipe("png")
    copy.node("extra")
    assert copy.source != drawing.source


def test_a_drawing_can_be_added_to(drawing: Drawing) -> None:
    drawing.node("note", "a note", shape="note")
    drawing.edge("note", "v0")
    with drawing.subgraph(name="cluster_inputs") as inputs:
        inputs.node("v0")
    svg = drawing.pipe(encoding="utf-8")
    assert svg.count('class="node"') == 5
    assert "a note" in svg
    assert 'class="cluster"' in svg


@pytest.mark.parametrize("option", ["renderer", "formatter", "neato_no_op"])
def test_options_of_the_dot_program_are_refused(drawing: Drawing, option: str) -> None:
    with pytest.raises(ValueError, match=f"{option}='x' chooses a part of the 'dot' program"):
        drawing.pipe("svg", **{option: "x"})  # type: ignore[call-overload]


def test_an_image_is_saved_in_the_format_its_name_ends_in(drawing: Drawing, tmp_path: Path) -> None:
    assert drawing.save_image(tmp_path / "f.svg") == tmp_path / "f.svg"
    assert is_svg((tmp_path / "f.svg").read_bytes())
    assert is_png(drawing.save_image(str(tmp_path / "f.PNG")).read_bytes())
    assert drawing.save_image(tmp_path / "f.dot").read_text(encoding="utf-8") == drawing.source
    small = drawing.save_image(tmp_path / "small.png", scale=0.5).stat().st_size
    assert small < (tmp_path / "f.PNG").stat().st_size
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize("name", ["picture", ".svg", "picture."])
def test_a_name_without_a_format_is_refused(drawing: Drawing, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"does not say which format; name it with \.svg or \.png"):
        drawing.save_image(tmp_path / name)


def test_a_format_without_renderer_writes_nothing(drawing: Drawing, tmp_path: Path) -> None:
    with pytest.raises(RendererNotFound, match="Cannot write PDF"):
        drawing.save_image(tmp_path / "f.pdf")
    assert not list(tmp_path.iterdir())


def test_an_existing_file_is_kept_unless_told(drawing: Drawing, tmp_path: Path) -> None:
    target = tmp_path / "f.svg"
    target.write_text("precious")
    with pytest.raises(ImageFileError) as raised:
        drawing.save_image(target)
    assert str(raised.value) == (
        f"Cannot write {str(target)!r}: the file exists. Pass overwrite=True to replace it."
    )
    assert target.read_text() == "precious"
    drawing.save_image(target, overwrite=True)
    assert is_svg(target.read_bytes())
    assert [path.name for path in tmp_path.iterdir()] == ["f.svg"]


def test_a_failed_layout_keeps_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "f.svg"
    target.write_text("precious")
    drawing = Drawing(timeout=0.01)  # what follows takes minutes
    for source in range(300):
        drawing.node(f"n{source}")
        for step in (1, 7, 31, 77, 143):
            drawing.edge(f"n{source}", f"n{(source * step + step) % 300}")
    with pytest.raises(LayoutTimeout, match=r"^Layout of 300 nodes did not finish in 0\.01 s\."):
        drawing.save_image(target, overwrite=True)
    assert target.read_text() == "precious"


def test_a_replaced_file_behind_a_link_leaves_the_link(drawing: Drawing, tmp_path: Path) -> None:
    (tmp_path / "real.svg").write_text("old")
    (tmp_path / "link.svg").symlink_to("real.svg")
    drawing.save_image(tmp_path / "link.svg", overwrite=True)
    assert (tmp_path / "link.svg").is_symlink()
    assert is_svg((tmp_path / "real.svg").read_bytes())


def test_a_device_is_written_to_and_not_replaced(drawing: Drawing, tmp_path: Path) -> None:
    (tmp_path / "null.svg").symlink_to(os.devnull)
    drawing.save_image(tmp_path / "null.svg", overwrite=True)
    assert (tmp_path / "null.svg").is_char_device()


def test_a_missing_directory_is_named(drawing: Drawing, tmp_path: Path) -> None:
    with pytest.raises(ImageFileError, match=r"the directory '.*missing' does not exist\. Create"):
        drawing.save_image(tmp_path / "missing" / "f.svg")


def test_a_directory_in_the_way_is_named(drawing: Drawing, tmp_path: Path) -> None:
    (tmp_path / "f.svg").mkdir()
    with pytest.raises(ImageFileError, match="it is a directory"):
        drawing.save_image(tmp_path / "f.svg", overwrite=True)


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_place_without_write_permission_is_named(
    drawing: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, overwrite: bool
) -> None:
    """The refusal is made here, because an administrator is never refused."""
    target = tmp_path / "f.svg"
    if overwrite:
        target.write_text("precious")

    def refuse(path: Path, *arguments: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ImageFileError) as raised:
        drawing.save_image(target, overwrite=overwrite)
    monkeypatch.undo()
    assert str(raised.value) == (
        f"Cannot write {str(target)!r}: Permission denied. Choose another place."
    )
    assert isinstance(raised.value, OSError)
    assert target.exists() == overwrite
