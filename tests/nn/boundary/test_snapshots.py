"""Boundaries kept while a model is trained: what is kept, the page's data, the GIF."""

import base64
import json
import math
import sys

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from nn import MLP, Dataset, datasets, fit, optim, predict, predict_probabilities
from nn.plots import BoundarySnapshots

DATA, LOSS = datasets.moons(60), "binary_cross_entropy_with_logits"


def trained(kept, epochs=6):
    model = MLP(2, [6, 1], activation="tanh", seed=0)
    history = fit(
        model, DATA.inputs, DATA.targets, loss=LOSS, optimizer=optim.Adam(model.parameters(), 0.05),
        epochs=epochs, callbacks=[kept], progress=False,
    )  # fmt: skip
    return model, history


@pytest.fixture(scope="module")
def kept():
    snapshots = BoundarySnapshots(DATA, LOSS, by="probability", points=12)
    trained(snapshots, epochs=3)
    return snapshots


def data_of(page):
    start = page.index('id="data">') + len('id="data">')
    return json.JSONDecoder().raw_decode(page[start:])[0]


@pytest.mark.parametrize(("every", "epochs"), [(1, [0, 1, 2, 3, 4, 5, 6]), (4, [0, 4])])
@pytest.mark.parametrize("by", ["class", "probability"])
def test_what_is_kept_is_what_the_model_predicted_then(by, every, epochs):
    kept = BoundarySnapshots(DATA, LOSS, every=every, by=by, points=10)
    plane = kept._plane
    grid = [[x, y] for y in plane.y.tolist() for x in plane.x.tolist()]
    start = predict(MLP(2, [6, 1], activation="tanh", seed=0), grid, LOSS)
    _, history = trained(kept)
    assert [snapshot.epoch for snapshot in kept.snapshots] == epochs
    assert history.tier == "replayed"
    assert kept.snapshots[0].regions.classes.ravel().tolist() == start
    assert math.isnan(kept.snapshots[0].loss)
    assert [s.loss for s in kept.snapshots[1:]] == [history[e - 1].loss for e in epochs[1:]]
    again = BoundarySnapshots(DATA, LOSS, points=10, by=by)
    model, _ = trained(again, epochs=epochs[-1])
    last = kept.snapshots[-1].regions
    assert last.classes.ravel().tolist() == predict(model, grid, LOSS)
    if by == "probability":
        expected = predict_probabilities(model, grid, LOSS)
        assert last.probabilities.reshape(-1, 2) == pytest.approx(expected, rel=1e-9)


def test_a_second_training_begins_anew():
    kept = BoundarySnapshots(DATA, LOSS, points=5)
    trained(kept, epochs=3)
    trained(kept, epochs=2)
    assert [snapshot.epoch for snapshot in kept.snapshots] == [0, 1, 2]


def test_the_page_shows_what_is_kept(kept):
    seen = data_of(kept.page.html)
    assert seen["titles"] == [snapshot.title for snapshot in kept.snapshots]
    assert seen["epochs"] == [snapshot.epoch for snapshot in kept.snapshots]
    assert seen["titles"][0] == "before"
    assert seen["titles"][1].startswith("epoch 1, loss 0.")
    assert (seen["classes"], seen["markers"]) == (["upper", "lower"], ["o", "s"])
    for text, snapshot in zip(seen["frames"], kept.snapshots, strict=True):
        packed = np.frombuffer(base64.b64decode(text), np.uint8).reshape(12, 12)
        assert (packed >> 4).tolist() == snapshot.regions.classes.tolist()
        sure = 2 * snapshot.regions.probabilities.max(axis=-1) - 1
        assert (packed & 15) / 15 == pytest.approx(sure, abs=1 / 30 + 1e-12)
    assert np.array(seen["samples"])[:, :2] == pytest.approx(DATA.inputs, rel=1e-4)
    assert np.array(seen["samples"])[:, 2].tolist() == DATA.targets.tolist()


def test_the_page_stands_alone_and_takes_names_as_they_are(tmp_path):
    names = ("</script>", 'x"'), ("<b>&", "\\u0041")
    data = Dataset(DATA.inputs, DATA.targets, *names)
    kept = BoundarySnapshots(data, LOSS, points=4)
    trained(kept, epochs=1)
    page = kept.save(tmp_path / "page.html").read_text(encoding="utf-8")
    assert page == kept.page.html
    assert page.count("</script>") == 2
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    seen = data_of(page)
    assert (seen["labels"], seen["classes"]) == (["</script>", 'x"'], ["<b>&", "\\u0041"])
    assert kept._repr_html_().startswith('<iframe srcdoc="&lt;!DOCTYPE html&gt;')
    with pytest.raises(FileExistsError):
        kept.save(tmp_path / "page.html")
    kept.save(tmp_path / "page.html", overwrite=True)


def test_the_gif_has_a_picture_a_snapshot_in_the_colors_of_the_classes(kept, tmp_path):
    path = kept.save(tmp_path / "moons.gif", interval=0.1)
    with Image.open(path) as gif:
        assert (gif.n_frames, gif.info["loop"], gif.info["duration"]) == (4, 0, 100)
        pictures = []
        for place in range(gif.n_frames):
            gif.seek(place)
            pictures.append(np.array(gif.convert("RGB")))
        assert gif.info["duration"] == 800
    assert pictures[0][2, 2].tolist() == [255, 255, 255]
    for color in ("#0072B2", "#E69F00"):
        full = np.rint(255 * np.array(to_rgb(color)))
        assert (np.abs(pictures[-1] - full).max(axis=-1) <= 3).sum() > 100
    assert (pictures[0] != pictures[-1]).any(axis=-1).mean() > 0.1


def test_one_snapshot_is_drawn_with_its_title(kept):
    axes = kept.draw(1)
    assert axes.get_title() == kept.snapshots[1].title
    assert len(axes.lines) == 2


def test_what_is_no_class_is_left_blank():
    kept = BoundarySnapshots(DATA, "squared_error", points=6)
    model = MLP(2, [1], seed=0)
    model.layers[0].neurons[0].bias.data = 99.0
    fit(model, DATA.inputs, DATA.targets, optimizer=optim.SGD(model.parameters(), 0.0),
        epochs=1, callbacks=[kept], progress=False)  # fmt: skip
    packed = base64.b64decode(data_of(kept.page.html)["frames"][0])
    assert {byte >> 4 for byte in packed} == {15}


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda: BoundarySnapshots(datasets.iris(), LOSS), ValueError, "two features"),
        (lambda: BoundarySnapshots(DATA, LOSS, every=0), ValueError, "every must be at least 1"),
        (
            lambda: BoundarySnapshots(datasets.spirals(64, classes=16), LOSS),
            ValueError,
            "at most 15 classes apart, got 16",
        ),
        (lambda: BoundarySnapshots(DATA, LOSS).save("x.html"), ValueError, "no snapshots yet"),
        (lambda: BoundarySnapshots(DATA, LOSS).page, ValueError, "give this to fit"),
        (lambda: BoundarySnapshots(DATA, LOSS).draw(), ValueError, "no snapshots yet"),
        (lambda: BoundarySnapshots(DATA, LOSS).save("x.png"), ValueError, "end in .html or .gif"),
        (
            lambda: BoundarySnapshots(DATA, LOSS).save("x.gif", interval=0),
            ValueError,
            "interval must be a finite number, above 0",
        ),
    ],
)
def test_misuse_says_what_was_received(act, error, message):
    with pytest.raises(error, match=message):
        act()


def test_without_pillow_the_page_is_offered(kept, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(ImportError, match=r"autograd_core\[slides\]', or save .html"):
        kept.save(tmp_path / "moons.gif")
    assert not (tmp_path / "moons.gif").exists()
