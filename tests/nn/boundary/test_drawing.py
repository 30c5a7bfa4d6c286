"""Boundaries on axes: a color and a marker a class, faint where the model is not sure."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from nn import MLP, Layer, datasets, plots, predict_probabilities
from nn.axes import COLORS
from nn.boundary.drawing import FAINTEST, MARKERS, STRONGEST

LOGITS = "binary_cross_entropy_with_logits"


@pytest.mark.parametrize("by", ["class", "probability"])
def test_every_class_has_a_color_and_a_marker_of_its_own(by):
    data = datasets.spirals(60, classes=5)
    axes = plots.decision_boundary(MLP(2, [5], seed=0), data, "cross_entropy", by=by, points=9)
    assert [line.get_marker() for line in axes.lines] == list(MARKERS[:5])
    assert [line.get_color() for line in axes.lines] == list(COLORS[:5])
    assert [text.get_text() for text in axes.get_legend().get_texts()] == list(data.classes)
    assert [len(line.get_xdata()) for line in axes.lines] == [12] * 5


def test_by_probability_the_most_probable_class_is_as_strong_as_it_is_sure(tmp_path):
    data, model = datasets.blobs(30), MLP(2, [4, 3], activation="tanh", seed=0)
    axes = plots.decision_boundary(model, data, "cross_entropy", by="probability", points=7)
    (image,) = axes.images
    shades, (left, right, low, high) = np.asarray(image.get_array()), image.get_extent()
    x, y = (np.linspace(*ends, 7) for ends in (axes.get_xlim(), axes.get_ylim()))
    half = (x[1] - x[0]) / 2, (y[1] - y[0]) / 2
    assert (left, right) == pytest.approx((x[0] - half[0], x[-1] + half[0]))
    assert (low, high) == pytest.approx((y[0] - half[1], y[-1] + half[1]))
    grid = [[a, b] for b in y for a in x]
    for row, shade in zip(
        predict_probabilities(model, grid, "cross_entropy"), shades.reshape(-1, 4), strict=True
    ):
        assert tuple(shade[:3]) == pytest.approx(to_rgb(COLORS[row.argmax()]))
        sure = (row.max() - 1 / 3) / (2 / 3)
        assert shade[3] == pytest.approx(FAINTEST + (STRONGEST - FAINTEST) * sure)
    axes.figure.savefig(tmp_path / "boundary.png")


def test_between_two_classes_lines_tell_how_probable_the_second_is():
    """σ(4x - 2) is .1, .5 and .9 on three upright lines."""
    model = Layer.of([[4.0, 0.0]], [-2.0])
    axes = plots.decision_boundary(
        model, datasets.xor(), LOGITS, by="probability", points=81, margin=0.5
    )
    (lines,) = axes.collections
    assert lines.levels.tolist() == [0.1, 0.5, 0.9]
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        assert path.vertices[:, 0] == pytest.approx((np.log(level / (1 - level)) + 2) / 4, abs=1e-2)


def test_a_model_that_is_sure_of_nothing_draws_no_lines():
    axes = plots.decision_boundary(
        Layer.of([[0.0, 0.0]], [-9.0]), datasets.xor(), LOGITS, by="probability", points=5
    )
    assert not axes.collections
