"""Pictures: that they hold what they should, and say what is missing."""

import sys

import numpy as np
import pytest

from nn import MLP, Epoch, History, Layer, datasets, plots, predict


def history():
    return History(
        [
            Epoch(1, 4, 0.1, 2.0, {"accuracy": 0.5}, 2.5, {"accuracy": 0.4}),
            Epoch(2, 8, 0.1, 1.0, {"accuracy": 0.9}, 1.5, {"accuracy": 0.8}),
        ]
    )


def test_training_curves_are_those_of_the_history(tmp_path):
    axes = history().plot()
    left, right = axes.figure.axes
    drawn = {line.get_label(): list(line.get_ydata()) for ax in (left, right) for line in ax.lines}
    assert (
        drawn
        == history().curves()
        == {
            "loss": [2.0, 1.0],
            "validation loss": [2.5, 1.5],
            "accuracy": [0.5, 0.9],
            "validation accuracy": [0.4, 0.8],
        }
    )
    axes.figure.savefig(tmp_path / "curves.png")
    assert (tmp_path / "curves.png").stat().st_size > 5000


def test_curves_without_metrics_need_one_axis():
    axes = History([Epoch(1, 1, 0.1, 2.0, {})]).plot()
    assert axes.figure.axes == [axes]


def test_curves_by_step_on_a_logarithmic_axis():
    axes = history().plot(scale="log", by="step")
    left, right = axes.figure.axes
    assert (left.get_yscale(), right.get_yscale(), left.get_xlabel()) == ("log", "linear", "step")
    assert [list(line.get_xdata()) for line in (*left.lines, *right.lines)] == [[4, 8]] * 4


def test_what_a_picture_of_curves_cannot_show_is_refused():
    with pytest.raises(
        ValueError, match="scale='logarithmic' is unknown; expected one of linear, log"
    ):
        history().plot(scale="logarithmic")
    with pytest.raises(ValueError, match="by='time' is unknown; expected one of epoch, step"):
        history().plot(by="time")
    with pytest.raises(ValueError, match=r"needs losses above 0, and one is 0\.0"):
        History([Epoch(1, 1, 0.1, 0.0, {})]).plot(scale="log")


def test_no_epochs_make_no_curves():
    with pytest.raises(ValueError, match="the history has no epochs"):
        History().plot()
    assert History().curves() == {}


def test_a_boundary_separates_what_the_model_separates(tmp_path):
    data = datasets.blobs(30, centers=[(-2.0, 0.0), (2.0, 0.0)])
    axes = plots.decision_boundary(Layer.of([[1.0, 0.0]]), data, "hinge", points=81)
    assert {line.get_label() for line in axes.lines} == {"blob 1", "blob 2"}
    regions, edges = axes.collections
    left, right = (path.get_extents() for path in regions.get_paths()[:2])
    assert left.x1 == pytest.approx(0.0, abs=0.1)
    assert right.x0 == pytest.approx(0.0, abs=0.1)
    ends = np.array(edges.get_segments())
    assert ends[..., 0] == pytest.approx(np.full(ends.shape[:2], left.x1))
    assert ends[..., 1].min() == pytest.approx(axes.get_ylim()[0])
    assert ends[..., 1].max() == pytest.approx(axes.get_ylim()[1])
    axes.figure.savefig(tmp_path / "boundary.png")


def test_a_boundary_of_three_classes():
    model = MLP(2, [3], seed=0)
    axes = plots.decision_boundary(model, datasets.blobs(30), "cross_entropy", points=5)
    assert len(axes.lines) == 3


def regions_of(model, data, loss, points=41):
    """For each class the path around its region."""
    cells, _ = plots.decision_boundary(model, data, loss, points=points).collections
    assert len(cells.get_facecolors()) == len(cells.get_paths()) == len(data.classes)
    return cells.get_paths()


def test_no_class_is_drawn_that_is_never_predicted():
    """Class 0 lies at the left, class 2 at the right, and class 1 nowhere between them."""
    data = datasets.blobs(30)
    model = Layer.of([[-1.0, 0.0], [0.0, 0.0], [1.0, 0.0]], [0.0, -99.0, 0.0])
    left, never, right = regions_of(model, data, "cross_entropy")
    assert len(never.vertices) == 0
    assert left.contains_point((-0.5, 0.3))
    assert not left.contains_point((0.5, 0.3))
    assert right.contains_point((0.5, 0.3))
    assert left.get_extents().x1 == right.get_extents().x0 == pytest.approx(0.0, abs=0.1)


def test_every_point_lies_in_the_region_of_its_class_and_in_no_other():
    data, model = datasets.spirals(60, classes=5), MLP(2, [6, 5], activation="sin", seed=2)
    paths = regions_of(model, data, "cross_entropy")
    low, high = data.inputs.min(axis=0), data.inputs.max(axis=0)
    ticks = [
        np.linspace(low[i] - b, high[i] + b, 41)[1:-1] for i, b in enumerate(0.15 * (high - low))
    ]
    grid = [(x, y) for x in ticks[0] for y in ticks[1]]
    predicted = np.array(predict(model, grid, "cross_entropy"))
    assert len(set(predicted.tolist())) > 3
    for index, path in enumerate(paths):
        assert (path.contains_points(grid) == (predicted == index)).all()


@pytest.mark.parametrize(("weight", "chosen"), [(0.0, 0), (9.0, 1)])
def test_a_boundary_where_one_class_is_predicted_everywhere(weight, chosen):
    data = datasets.blobs(9, centers=[(1.0, 1.0), (2.0, 1.0)], noise=0.0)  # a feature is constant
    model = Layer.of([[weight, weight]], [-1.0])
    paths = regions_of(model, data, "binary_cross_entropy_with_logits", points=5)
    assert [len(path.vertices) for path in paths] == [25 * (index == chosen) for index in (0, 1)]


def test_a_boundary_needs_two_features_and_classes():
    with pytest.raises(
        ValueError, match=r"two features and of classes, got Dataset.150 samples, 4"
    ):
        plots.decision_boundary(MLP(4, [3]), datasets.iris(), "cross_entropy")


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match=r"pip install 'autograd_core\[plot\]'"):
        history().plot()


def test_axes_of_ones_own_are_drawn_on():
    axes = plots.new_axes()
    assert history().plot(axes) is axes
    assert np.all(np.isfinite(axes.get_xlim()))


def test_lines_without_a_color_of_their_own_take_the_ones_everybody_tells_apart():
    axes = plots.new_axes()
    lines = [axes.plot([0, 1], [0, place])[0] for place in range(3)]
    assert [line.get_color() for line in lines] == ["#0072B2", "#E69F00", "#009E73"]
