"""no_grad and detect_anomaly: what they do, where they hold, and what an anomaly is called."""

import asyncio
import gc
import inspect
import signal
import threading
from contextlib import ExitStack
from contextvars import copy_context

import pytest

from autograd_core import AnomalyError, Value, detect_anomaly, dot, grad, no_grad, primitive, record
from autograd_core.graph import modes
from autograd_core.graph.nodes.switches import builds_graph, detects_anomalies, innermost, records
from tests.interrupting import interrupted_at


def is_off():
    """Whether nothing is switched here."""
    x = Value(2.0)
    results = (x * x).constant, float(x * x), Value(0.0).log().data, grad(lambda v: v * v)(1.0)
    return results == (False, 4.0, float("-inf"), 2.0)


def is_forgotten():
    """Whether nothing is kept of any mode either: operations do not look for modes then."""
    kept = (builds_graph, detects_anomalies, records, modes.differentiates)
    return is_off() and [innermost(variable) for variable in kept] == [None] * 4


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


def test_one_object_is_entered_as_often_as_one_likes():
    mode, x = no_grad(), Value(2.0)
    with mode:
        with mode:
            pass
        assert (x * x).constant
    assert is_off()


def test_a_mode_is_entered_and_left_by_hand():
    mode, x = no_grad(), Value(2.0)
    mode.__enter__()
    with mode:
        pass
    assert (x * x).constant
    mode.__exit__(None, None, None)
    assert is_off()
    with pytest.raises(RuntimeError, match="more often than it was entered"):
        mode.__exit__(None, None, None)
    assert is_off()


def test_a_mode_entered_by_hand_stays_on_without_its_object():
    def work():
        no_grad().__enter__()
        return (Value(2.0) * 2.0).constant

    assert copy_context().run(work)
    assert is_off()


def test_a_mode_is_entered_on_a_stack():
    with ExitStack() as stack:
        stack.enter_context(no_grad())
        stack.enter_context(detect_anomaly())
        assert (Value(2.0) * 2.0).constant
    assert is_off()


@pytest.mark.parametrize("mode", [no_grad, no_grad()], ids=["bare", "called"])
def test_a_mode_decorates_functions_of_every_kind(mode):
    x = Value(2.0)

    @mode
    def function():
        return x * x

    @mode
    def generator():
        try:
            got = yield x * x
        except LookupError:
            got = yield x * 3.0
        yield got
        return x * 2.0

    @mode
    async def coroutine():
        before = x * x
        await asyncio.sleep(0)
        return before, x * x

    @mode
    async def items():
        got = yield x * x
        await asyncio.sleep(0)
        yield x * got

    class Holder:
        @mode
        def method(self):
            return x * x

        @mode
        @staticmethod
        def static():
            return x * x

    async def all_items():
        found = items()
        return [await anext(found), await found.asend(3.0)]

    assert all(f().constant for f in (function, Holder().method, Holder.static))
    running = generator()
    assert next(running).constant
    assert is_off()
    assert running.throw(LookupError()).constant
    assert is_off()
    assert running.send("sent") == "sent"
    with pytest.raises(StopIteration) as end:
        next(running)
    assert end.value.value.constant
    assert all(result.constant for result in asyncio.run(coroutine()))
    assert [(result.data, result.constant) for result in asyncio.run(all_items())] == [
        (4.0, True),
        (6.0, True),
    ]
    kinds = inspect.isgeneratorfunction, inspect.iscoroutinefunction, inspect.isasyncgenfunction
    assert [kind(made) for kind, made in zip(kinds, (generator, coroutine, items), strict=True)]
    assert generator.__name__ == "generator"
    assert is_off()


def test_a_decorated_generator_is_closed_in_its_mode():
    seen = []

    @no_grad
    def generator():
        try:
            yield
        finally:
            seen.append((Value(2.0) * 2.0).constant)

    running = generator()
    next(running)
    running.close()
    assert seen == [True]
    assert is_off()


@pytest.mark.parametrize("given", [int, 3.0, None], ids=str)
def test_a_mode_refuses_to_decorate_what_is_no_function(given):
    with pytest.raises(TypeError, match="this decorates functions, got"):
        no_grad()(given)


def test_tasks_may_leave_a_mode_in_any_order():
    async def task(before, after, found):
        await asyncio.sleep(before)
        with no_grad():
            await asyncio.sleep(after)
            found.append((Value(2.0) * 2.0).constant)
        found.append((Value(2.0) * 2.0).constant)

    async def both():
        first, second = [], []
        await asyncio.gather(task(0.0, 0.002, first), task(0.001, 0.003, second))
        return first, second, is_off()

    assert asyncio.run(both()) == ([True, False], [True, False], True)
    assert is_off()


def test_a_task_stays_in_the_mode_it_was_started_in():
    async def task():
        await asyncio.sleep(0.001)
        return (Value(2.0) * 2.0).constant

    async def main():
        with no_grad():
            started = asyncio.create_task(task())
        return (Value(2.0) * 2.0).constant, await started

    assert asyncio.run(main()) == (False, True)


def test_generators_may_leave_a_mode_in_any_order():
    def switched():
        with no_grad():
            yield

    first, second = switched(), switched()
    next(first), next(second)
    first.close()
    assert (Value(2.0) * 2.0).constant
    second.close()
    assert is_off()


def test_a_mode_may_be_left_in_another_context():
    def switched():
        with no_grad():
            yield (Value(2.0) * 2.0).constant

    running = switched()
    assert next(running)
    copy_context().run(running.close)
    assert is_off()


def test_threads_share_one_object():
    mode, wrong = no_grad(), []

    def work():
        for _ in range(300):
            with mode:
                wrong.append(not (Value(2.0) * 2.0).constant)
            wrong.append((Value(2.0) * 2.0).constant)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not any(wrong)
    assert is_off()


@no_grad
def decorated():
    return Value(2.0) * 2.0


@no_grad
def decorated_generator():
    yield Value(2.0) * 2.0
    yield Value(3.0) * 2.0


def in_a_block():
    with no_grad(), detect_anomaly():
        return Value(2.0) * 2.0


def left_by_an_error():
    try:
        with no_grad():
            raise LookupError
    except LookupError:
        pass


WORK = {
    "a block": in_a_block,
    "an error": left_by_an_error,
    "a function": decorated,
    "a generator": lambda: list(decorated_generator()),
    "a gradient": lambda: grad(lambda x: x * x)(2.0),
    "a recording": lambda: record(lambda x: x * x, 1.0),
}


MODULES = {"modes.py", "decorating.py", "value.py"}


@pytest.mark.parametrize("work", WORK.values(), ids=list(WORK))
def test_an_interrupt_at_any_instruction_leaves_no_mode_on(work):
    place = 0
    while interrupted_at(place, work, lambda file: file.name in MODULES, then=check_off):
        assert is_forgotten(), place
        place += 1
    assert is_forgotten()
    assert place > 50


def check_off():
    assert is_off()


def interrupted(work, seconds):
    signal.setitimer(signal.ITIMER_REAL, seconds, 5.0)  # again, should it be lost
    while True:
        work()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no timer to interrupt")
@pytest.mark.parametrize("work", WORK.values(), ids=list(WORK))
def test_an_interrupt_at_any_moment_leaves_no_mode_on(work):
    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    gc.disable()  # what is raised in somebody's callback of the collector is lost
    try:
        for trial in range(150):
            with pytest.raises(KeyboardInterrupt):
                interrupted(work, 1e-5 + 1e-5 * (trial % 75))
            assert is_forgotten()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        gc.enable()


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
