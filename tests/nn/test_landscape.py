"""Loss landscapes: numbers on the grid, projections, pictures; that parameters come back."""

import json
import math
import random
import re
from itertools import count

import numpy as np
import pytest

from autograd_core import Value, sigmoid
from nn import MLP, Layer, Module, Neuron, fit, landscape, losses
from nn.datasets import four_points
from nn.descent import GradientDescent, gradient_descent
from nn.landscape import Path, over_directions, over_parameters, random_directions

COUNT = count()


def test_the_surface_of_the_four_points_is_the_formulas():
    w = [Value(1.0, name="w1"), Value(1.0, name="w2")]
    data = four_points()

    def error():
        pairs = zip(data.inputs.tolist(), data.targets.tolist(), strict=True)
        return sum((y - sigmoid(w[0] * x[0] + w[1] * x[1])) ** 2 for x, y in pairs)

    seen = over_parameters(error, *w, (-2.0, 2.0), (-1.0, 3.0), points=9)
    w1, w2 = np.meshgrid(np.linspace(-2, 2, 9), np.linspace(-1, 3, 9))
    z = w1[..., None] * data.inputs[:, 0] + w2[..., None] * data.inputs[:, 1]
    expected = ((data.targets - 1 / (1 + np.exp(-z))) ** 2).sum(axis=-1)
    np.testing.assert_allclose(seen.loss, expected, rtol=1e-13)
    assert [wi.data for wi in w] == [1.0, 1.0]
    assert seen.labels == ("w1", "w2")


def bowl():
    x = [Value(3.0), Value(-2.0)]
    return x, lambda: x[0] ** 2 + 2 * x[1] ** 2


def test_a_path_over_two_parameters_is_where_it_was(tmp_path):
    x, loss = bowl()
    way = gradient_descent(loss, x, "backtracking", tolerance=1e-3)
    seen = over_parameters(loss, *x, (-4.0, 4.0), (-3.0, 3.0), points=33)
    np.testing.assert_allclose(seen.project(way.path), way.path, atol=1e-12)
    flat = seen.contour(way.path)
    np.testing.assert_allclose(flat.lines[0].get_xydata(), way.path, atol=1e-12)
    flat.figure.savefig(tmp_path / "contour.png")
    solid = seen.surface(way.path)
    heights = np.asarray(solid.lines[0].get_data_3d()[2])
    np.testing.assert_allclose(heights[:-1], way.losses, atol=0.05)
    solid.figure.savefig(tmp_path / "surface.png")


def test_a_point_off_the_plane_goes_to_the_nearest_on_it():
    x = [Value(0.0), Value(0.0), Value(0.0)]
    seen = over_directions(lambda: x[0] + x[1], x, [[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]], points=2)
    np.testing.assert_allclose(seen.project([[3.0, 2.0, 9.0]]), [[1.0, 2.0]], atol=1e-14)
    np.testing.assert_allclose(seen.loss, [[-3.0, -1.0], [1.0, 3.0]])


def test_random_directions_of_a_neuron_by_itself_are_as_long_as_it_is():
    neuron = Neuron(3, seed=0)
    size = np.linalg.norm([parameter.data for parameter in neuron.parameters()])
    np.testing.assert_allclose(np.linalg.norm(random_directions(neuron), axis=1), size)


def test_random_directions_keep_to_the_order_of_the_parameters():
    class Scaled(Module):
        def __init__(self):
            self.weights, self.scale, self.bias = [Value(3.0)], Value(100.0), Value(4.0)

    for row in random_directions(Scaled()):
        assert abs(row[1]) == pytest.approx(100.0)
        assert np.hypot(row[0], row[2]) == pytest.approx(5.0)


def test_random_directions_are_as_long_as_each_neuron():
    model = MLP(3, [4, 2], seed=0)
    directions = random_directions(model, seed=1)
    assert not np.array_equal(directions, random_directions(model, seed=2))
    assert directions.shape == (2, len(model.parameters()))
    place = 0
    for layer in model.layers:
        for neuron in layer.neurons:
            own = [p.data for p in neuron.parameters()]
            for row in directions:
                part = row[place : place + len(own)]
                assert np.linalg.norm(part) == pytest.approx(np.linalg.norm(own))
            place += len(own)


def test_the_directions_of_a_path_show_most_of_it():
    """A path in a plane of a space of five dimensions lies in that very plane."""
    rng = np.random.default_rng(0)
    plane, steps = rng.normal(size=(2, 5)), rng.normal(size=(7, 2))
    path = steps @ plane + rng.normal(size=5)
    directions = landscape.path_directions(path)
    np.testing.assert_allclose(directions @ directions.T, np.eye(2), atol=1e-14)
    offsets = path - path[-1]
    np.testing.assert_allclose(offsets @ directions.T @ directions, offsets, atol=1e-13)
    with pytest.raises(ValueError, match=r"three points .* shape \(2, 5\)"):
        landscape.path_directions(path[:2])


def test_the_path_of_a_training_has_a_row_a_step():
    model, path = Layer.of([[0.0]]), Path()
    fit(model, [[1.0], [2.0]], [1.0, 2.0], batch_size=1, epochs=3, callbacks=[path], progress=False)
    assert path.points.shape == (7, 2)
    assert path.points[0].tolist() == [0.0, 0.0]
    assert path.points[-1].tolist() == [p.data for p in model.parameters()]
    one = Path([model.neurons[0].bias])
    fit(model, [[1.0]], [1.0], epochs=1, callbacks=[one], progress=False)
    assert one.points.shape == (2, 1)


def test_the_path_of_a_line_search_has_its_last_point_once():
    model, path = Layer.of([[0.0]]), Path()
    descent = GradientDescent(model.parameters(), "backtracking", tolerance=1e-2)
    options = {"optimizer": descent, "epochs": 200, "callbacks": [path], "progress": False}
    assert fit(model, [[1.0], [2.0]], [1.0, 2.0], **options).stopped == "converged"
    assert (np.diff(path.points, axis=0) != 0).any(axis=1).all()


def test_the_parameters_come_back_when_the_loss_fails():
    x = [Value(3.0), Value(-2.0)]

    def fails():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        over_parameters(fails, *x, (0.0, 1.0), (0.0, 1.0))
    assert [xi.data for xi in x] == [3.0, -2.0]


@pytest.mark.parametrize("numbers", [landscape.NUMBERS, 100])
def test_a_replayed_surface_is_the_called_one_to_the_bit(monkeypatch, numbers):
    monkeypatch.setattr(landscape, "NUMBERS", numbers)
    model, data = MLP(2, [3, 1], seed=0), four_points()

    def loss():
        return losses.hinge([model(row) for row in data.inputs], 2 * data.targets - 1)

    parameters, directions = model.parameters(), random_directions(model)
    seen = over_directions(loss, parameters, directions, points=17)
    assert (seen.tier, seen.reason) == ("replayed", "")
    for row, column in [(0, 0), (3, 11), (16, 16)]:
        point = seen.origin + seen.x[column] * directions[0] + seen.y[row] * directions[1]
        for parameter, number in zip(parameters, point.tolist(), strict=True):
            parameter.data = number
        assert seen.loss[row, column] == loss().data


@pytest.mark.parametrize(
    ("closure", "reason"),
    [
        (lambda x: max(x[0], x[1]), r"bool\(\) of a Value that is being recorded, at test_land"),
        (lambda x: x[0] * random.random(), "draws random numbers"),
        (lambda x: x[0] * (2.0 if x[1] == x[0] else x[1].data), "data of a Value that is being"),
        (lambda x: x[0] * next(COUNT), "does not compute the same when it is called again"),
    ],
)
def test_a_closure_that_cannot_be_replayed_is_called(closure, reason):
    x, _ = bowl()
    seen = over_parameters(lambda: closure(x), *x, (-1.0, 1.0), (0.0, 1.0), points=17)
    assert seen.tier == "eager"
    assert re.search(reason, seen.reason)
    assert [xi.data for xi in x] == [3.0, -2.0]


def test_few_points_are_called_for():
    x, loss = bowl()
    assert "9 points are too few" in over_parameters(loss, *x, (0, 1), (0, 1), points=3).reason


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda x, f: over_parameters(f, *x, (1.0, 1.0), (0.0, 1.0)),
            r"low < high, got \(1.0, 1.0\)",
        ),
        (
            lambda x, f: over_parameters(f, *x, (0.0, 1.0), (0.0, 1.0), points=1),
            "points must be at least 2, got 1",
        ),
        (
            lambda x, f: over_parameters(f, *x, (0.0, 1.0), (0.0, math.inf)),
            "an end of a range must be a finite number, got inf",
        ),
        (lambda x, f: over_directions(f, x, [[1.0, 0.0]]), r"two rows of 2 .* shape \(1, 2\)"),
    ],
)
def test_misuse_says_what_was_received(call, message):
    with pytest.raises(ValueError, match=message):
        call(*bowl())


def test_the_room_is_part_of_the_door():
    import nn

    assert nn.landscape is landscape


def bowl_of(x, y):
    return x * x / 4 + y * y


def test_several_paths_share_one_picture_and_one_color_bar():
    seen = landscape.over_function(bowl_of, (-3.0, 3.0), (-2.0, 2.0), points=21)
    ways = {"one": [[1.0, 1.0], [0.5, 0.5]], "other": [[-1.0, 1.0], [0.0, 0.0]]}
    axes = seen.contour(ways, equal=True)
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["one", "other"]
    (bar,) = axes.child_axes
    axes.figure.draw_without_rendering()
    inside, beside = (each.get_window_extent() for each in (axes, bar))
    assert (beside.y0, beside.y1) == pytest.approx((inside.y0, inside.y1))
    assert axes.get_aspect() == 1.0
    ends = [line.get_xydata()[0].tolist() for line in axes.lines if line.get_marker() == "*"]
    assert ends == [[0.5, 0.5], [0.0, 0.0]]
    assert len({line.get_color() for line in axes.lines}) == 2
    assert len(seen.contour(color_bar=False).child_axes) == 0


def test_a_logarithmic_contour_has_lines_in_every_decade():
    def valley(x, y):
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2

    seen = landscape.over_function(valley, (-2.0, 2.0), (-1.0, 3.0), points=41)
    assert seen.loss.min() == 0.0  # the minimum lies on the grid
    filled = seen.contour(scale="log", levels=30).collections[0]
    ratios = filled.levels[1:] / filled.levels[:-1]
    np.testing.assert_allclose(ratios, ratios[0])
    with pytest.raises(ValueError, match=r"different heights of at least 0, got -4 to 4"):
        landscape.over_function(lambda x, y: x * y, (-2.0, 2.0), (-2.0, 2.0)).contour(scale="log")
    with pytest.raises(ValueError, match="scale='ln' is unknown; expected one of linear, log"):
        seen.contour(scale="ln")


def test_arrows_of_a_gradient_point_uphill_and_keep_their_proportions():
    axes = landscape.over_function(bowl_of, (-3.0, 3.0), (-2.0, 2.0), points=5).contour()
    landscape.gradient_arrows(bowl_of, [[2.0, 0.0], [0.0, 1.0]], axes, length=0.5)
    landscape.gradient_arrows(bowl_of, [[2.0, 0.0], [0.0, 1.0]], axes, downhill=True)
    up, down = axes.collections[-2:]
    np.testing.assert_allclose(np.c_[up.U, up.V], [[0.25, 0.0], [0.0, 0.5]])
    np.testing.assert_allclose(np.c_[down.U, down.V], [[-0.5, 0.0], [0.0, -1.0]])
    with pytest.raises(ValueError, match=r"at must be rows of numbers, got .* the shape \(2,\)"):
        landscape.gradient_arrows(bowl_of, [1.0, 2.0], axes)


def test_a_tangent_plane_touches_the_surface(tmp_path):
    axes = landscape.over_function(bowl_of, (-3.0, 3.0), (-2.0, 2.0), points=9).surface()
    landscape.tangent_plane(bowl_of, (2.0, 1.0), axes)
    assert np.ravel(axes.lines[-1].get_data_3d()).tolist() == [2.0, 1.0, 2.0]
    plane = axes.collections[-2].get_facecolor()
    assert plane.shape[1] == 4
    axes.figure.savefig(tmp_path / "plane.png")


def test_a_page_to_turn_holds_the_surface_and_its_paths(tmp_path):
    seen = landscape.over_function(bowl_of, (-2.0, 2.0), (-1.0, 1.0), points=3)
    page = seen.turnable({"a </script> way": [[2.0, 1.0], [0.0, 0.0]]})
    text = page.save(tmp_path / "turn.html").read_text(encoding="utf-8")
    assert text == page.html
    data = json.loads(re.search(r'id="data">(.*)</script>', text)[1])
    assert data["height"] == seen.loss.tolist()
    assert data["paths"] == {"a </script> way": [[2.0, 1.0, 2.0], [0.0, 0.0, 0.0]]}
    assert text.count("</script>") == 2
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "srcdoc" in page._repr_html_()
    with pytest.raises(FileExistsError, match="overwrite=True"):
        page.save(tmp_path / "turn.html")
