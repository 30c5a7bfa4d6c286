"""An animation saved and asked for wrongly: files, slides, arguments."""

import io
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from autograd_core import sum as total
from autograd_core.drawing import Animation, animate
from autograd_core.errors import (
    GraphError,
    GraphTooLarge,
    ImageFileError,
    RendererNotFound,
    RenderingError,
)
from autograd_core.graph.value import Value
from tests.tiers import for_both_tiers


@pytest.fixture(scope="module")
def animation() -> Animation:
    return animate((Value(-2.0, name="x") + Value(5.0, name="y")) * Value(-4.0, name="z"))


@pytest.mark.parametrize("ending", ["gif", "png", "apng"])
def test_slides_get_an_animation(ending: str, animation: Animation, tmp_path: Path) -> None:
    path = animation.save(tmp_path / f"f.{ending}", scale=0.5)
    with Image.open(io.BytesIO(path.read_bytes())) as picture:
        assert getattr(picture, "n_frames", 1) == animation.steps
        assert picture.info["loop"] == 0
        picture.seek(animation.steps - 1)
        assert picture.info["duration"] == 3 * 1500


@for_both_tiers
def test_a_picture_too_large_for_a_slide_is_coarser_and_beyond_reason_refused(
    tmp_path: Path,
) -> None:
    large = animate(total([Value(1.0, name="x" * 150) for _ in range(20)]))
    with pytest.raises(RenderingError, match=r"it would be 5 pictures of [\d,]+ × [\d,]+ p"):
        large.save(tmp_path / "f.gif", scale=6)
    assert list(tmp_path.iterdir()) == []
    with Image.open(large.save(tmp_path / "f.gif")) as picture:
        assert 500_000 < picture.width * picture.height < 2_500_000


def test_files_are_not_replaced_unasked(animation: Animation, tmp_path: Path) -> None:
    target = tmp_path / "f.html"
    assert animation.save(target) == target
    assert target.read_text(encoding="utf-8") == animation.html
    with pytest.raises(ImageFileError, match="the file exists"):
        animation.save(target)
    animation.save(target, overwrite=True)
    with pytest.raises(ValueError, match=r"does not end in one of \.html, \.htm, \.gif"):
        animation.save(tmp_path / "f.svg")


def test_without_pillow_an_animation_says_what_to_install(
    animation: Animation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(RendererNotFound, match=r"Pillow is not installed.*or save \.html"):
        animation.save(tmp_path / "f.gif")
    assert not (tmp_path / "f.gif").exists()


@pytest.mark.parametrize(
    ("root", "arguments", "error", "message"),
    [
        (
            1.0,
            {},
            TypeError,
            "animate() takes the Value whose backward() is to be shown, not float",
        ),
        (Value(1.0).detach(), {}, GraphError, "which is a constant: no gradient flows from it"),
        (Value(1.0), {"theme": "sepia"}, ValueError, "theme='sepia' is unknown"),
        (Value(1.0), {"rankdir": "up"}, ValueError, "rankdir='up' is unknown"),
        (Value(1.0), {"interval": 0}, ValueError, "a finite number, above 0, got 0"),
        (Value(1.0), {"number_format": ".4q"}, ValueError, "cannot write a float"),
        (Value(1.0) * 2.0, {"max_values": 2}, GraphTooLarge, "The graph has 3 values; animate()"),
    ],
)
def test_impossible_arguments_are_refused(
    root: Any, arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=re.escape(message)):
        animate(root, **arguments)
