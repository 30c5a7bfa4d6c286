"""What is moved on a page: ranges, steps and starts, and what is no range."""

from __future__ import annotations

import pytest

from autograd_core.exploring.sliders import arguments_of, slider_of, sliders_of


@pytest.mark.parametrize(
    ("given", "step", "start"),
    [
        ((-3, 3), 0.05, 0.9),
        ((0, 1), 0.01, 0.65),
        ([-2.0, 2.0, 0.5], 0.02, 0.5),
        ((0, 1e-6), 1e-8, 6.5e-7),
        ((-1e6, 2e6), 20000.0, 960000.0),
    ],
)
def test_steps_and_starts_are_round(given, step, start):
    slider = slider_of("x", given)
    assert (slider.step, slider.start) == (step, start)
    assert (slider.low, slider.high) == tuple(given)[:2]


@pytest.mark.parametrize("given", [3, "ab", (1,), (1, 2, 3, 4), None, ("a", "b")])
def test_what_is_no_range_is_refused(given):
    with pytest.raises(TypeError, match=r"x=.* is no range; give \(low, high\)"):
        slider_of("x", given)


@pytest.mark.parametrize("given", [(1, 1), (2, 1), (0, float("inf")), (float("nan"), 1)])
def test_an_empty_range_is_refused(given):
    with pytest.raises(ValueError, match="is no range of finite numbers"):
        slider_of("x", given)


def test_a_start_outside_is_refused():
    with pytest.raises(ValueError, match=r"x starts at 4\.0, which is not from 0\.0 to 1\.0"):
        slider_of("x", (0, 1, 4))


def test_each_argument_needs_its_range_and_no_other_is_given():
    with pytest.raises(TypeError, match=r"takes x, y.*given for x: .*explore\(f, y=\(-3, 3\)\)"):
        sliders_of(["x", "y"], {"x": (0, 1)})
    with pytest.raises(TypeError, match="of which z is no argument"):
        sliders_of(["x"], {"x": (0, 1), "z": (0, 1)})


def test_arguments_with_defaults_need_no_range():
    assert arguments_of(lambda x, scale=2.0: x * scale, {"x": (0, 1)}) == ["x"]
    assert arguments_of(lambda x, scale=2.0: x, {"x": (0, 1), "scale": (0, 1)}) == ["x", "scale"]
    assert arguments_of(lambda *x: x[0], {"a": (0, 1), "b": (0, 1)}) == ["a", "b"]
