"""no_grad and detect_anomaly: what they do, where they hold, and what an anomaly is called."""

import threading

import pytest

from autograd_core import AnomalyError, Value, detect_anomaly, dot, no_grad, primitive


def test_no_grad_gives_constants_of_the_same_numbers():
    x = Value(3.0)
    with no_grad():
        results = [x * x, x.sin(), dot([x], [x]), x.clamp(0, 1), -x]
    assert [r.data for r in results] == [9.0, (x.sin()).data, 9.0, 1.0, -3.0]
    assert all(r.constant and not r.parents for r in results)
    assert not (x * x).constant


def test_modes_nest_and_survive_exceptions():
    x = Value(1.0)
    with no_grad():
        with pytest.raises(ZeroDivisionError), no_grad():
            raise ZeroDivisionError
        assert (x + 1).constant
    assert not (x + 1).constant


def test_modes_decorate_functions_also_recursive_ones():
    @no_grad()
    def down(x, n):
        return x if n == 0 else down(x * 2, n - 1)

    assert down(Value(1.0), 3).constant
    assert not (Value(1.0) * 2).constant


def test_a_mode_holds_in_its_own_thread_only():
    seen = []
    x = Value(2.0)
    with no_grad():
        worker = threading.Thread(target=lambda: seen.append((x * x).constant))
        worker.start()
        worker.join()
        assert (x * x).constant
    assert seen == [False]


def test_the_first_forward_anomaly_is_named_with_operands_and_line():
    x = Value(-1.0)
    with detect_anomaly():
        fine = x * 2
        with pytest.raises(AnomalyError) as caught:
            fine.sqrt()
    assert "sqrt(-2.0) = nan" in str(caught.value)
    line = (
        test_the_first_forward_anomaly_is_named_with_operands_and_line.__code__.co_firstlineno + 5
    )
    assert f"test_modes.py:{line} in test_the_first_forward" in str(caught.value)


def test_the_first_backward_anomaly_is_named_with_where_it_was_made():
    x = Value(0.0)
    with detect_anomaly():
        root = x.sqrt()
        total = root * 3
        with pytest.raises(AnomalyError) as caught:
            total.backward()
    assert "backward through sqrt(0.0) = 0.0: the cotangent 3.0" in str(caught.value)
    assert "test_modes.py" in str(caught.value)
    assert (x.grad, root.grad, total.grad) == (0.0, 0.0, 0.0)


def test_a_graph_made_before_is_checked_backwards_too():
    root = Value(0.0).sqrt()
    with detect_anomaly(), pytest.raises(AnomalyError, match="made before detect_anomaly"):
        root.backward()


def test_an_infinity_that_came_in_is_not_blamed_on_the_operation():
    with detect_anomaly():
        out = Value(float("inf")) * 2
    assert out.data == float("inf")


def test_the_user_s_own_primitive_is_named_too():
    @primitive(lambda x, out: 1.0, name="to_infinity")
    def to_infinity(x):
        return float("inf")

    with detect_anomaly(), pytest.raises(AnomalyError, match=r"to_infinity\(1.0\) = inf"):
        to_infinity(Value(1.0))


def test_many_operands_are_abridged():
    with detect_anomaly(), pytest.raises(AnomalyError, match=r"\.\.\. 193 more \.\.\."):
        dot([Value(1e308)] * 100, [Value(10.0)] * 100)
