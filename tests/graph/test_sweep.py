"""The reverse sweep: accumulation, order, depth, strong zeros, and all or nothing."""

import math
import os
import subprocess
import sys
import textwrap
import threading

import pytest

import autograd_core
from autograd_core import GraphError, Value, dot, exp, record, where
from autograd_core import sum as sum_of
from autograd_core.graph import marks, sweep


def run_script(script, **environment):
    """Run a script in a process of its own, whose import path is this one's."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_a_second_sweep_doubles_leaves_and_nothing_else():
    x = Value(3.0)
    square = x * x
    cube = square * x
    cube.backward()
    cube.backward()
    assert (x.grad, square.grad, cube.grad) == (54.0, 3.0, 1.0)


def test_sweeps_from_different_roots_add_up_in_the_leaves():
    x = Value(2.0)
    interior = x * x
    root = interior * 3
    interior.backward()
    root.backward()
    assert (x.grad, interior.grad) == (4.0 + 12.0, 3.0)


def test_the_seed_scales_and_a_leaf_is_its_own_root():
    x = Value(2.0)
    (x * x).backward(seed=0.5)
    assert x.grad == 2.0
    x.backward(10)
    assert x.grad == 12.0


def test_zero_grad_clears_the_whole_graph():
    x, y = Value(2.0), Value(3.0)
    inner = x * y
    root = inner + x
    root.backward()
    root.zero_grad()
    assert [node.grad for node in (x, y, inner, root)] == [0.0] * 4


def test_shared_nodes_get_every_contribution():
    # The published example of an engine that loses one: it must give 7 and -15.
    a, b = Value(-4.0), Value(2.0)
    d = a * b
    (d + (3 * d + (b - a).relu())).backward()
    assert (a.grad, b.grad) == (7.0, -15.0)


def test_one_leaf_used_a_hundred_thousand_times():
    x = Value(1.5)
    total = sum_of([x] * 50_000)
    for _ in range(50_000):
        total = total + x
    total.backward()
    assert x.grad == 100_000.0


@pytest.mark.parametrize("build", [sum_of, lambda terms: sum(terms, Value(0.0))])
def test_a_wide_sum_of_computed_terms_costs_no_more_than_its_width(build):
    leaves = [Value(float(i)) for i in range(20_000)]
    root = build([leaf * 2 for leaf in leaves])
    root.backward()
    assert {leaf.grad for leaf in leaves} == {2.0}


def test_nary_nodes_equal_the_chains_they_replace_to_the_last_bit():
    weights = [0.1 * i - 0.7 for i in range(9)]
    inputs = [1.0 / (i + 1) for i in range(9)]

    def gradients(build):
        w, x, bias = [Value(v) for v in weights], [Value(v) for v in inputs], Value(0.3)
        w[4] = w[1]  # used twice
        out = build(w, x, bias)
        exp(out * out).backward()
        return [out.data, *(v.grad for v in (*w, *x, bias))]

    chain = gradients(lambda w, x, b: sum((p * q for p, q in zip(w, x, strict=True)), b))
    node = gradients(dot)
    assert [v.hex() for v in node] == [v.hex() for v in chain]


def test_a_zero_cotangent_is_a_strong_zero():
    x = Value(-1.0)
    chosen = where(x > 0, x.log(), x * 0.5)
    chosen.backward()
    assert x.grad == 0.5
    # Nor does an infinite cotangent leak a NaN into the branch not taken.
    y = Value(0.0)
    where(True, y, (y - 1).log()).sqrt().backward()
    assert y.grad == math.inf


def test_constants_stop_the_sweep_and_are_no_roots():
    x = Value(3.0)
    detached = (x * x).detach()
    (detached * x).backward()
    assert (x.grad, detached.grad) == (9.0, 0.0)
    with pytest.raises(GraphError, match="no gradient flows through numbers, detach"):
        detached.backward()


def test_the_local_gradients_of_the_forward_pass_are_used():
    x = Value(3.0)
    square = x * x
    x.data = 100.0
    square.backward()
    assert x.grad == 6.0


def test_a_wrong_seed_is_refused():
    with pytest.raises(TypeError, match="seed takes real numbers and Values, got 'one'"):
        Value(1.0).backward("one")


@pytest.mark.parametrize("plain", ["", "1"])
def test_deep_graphs_need_no_recursion(plain):
    done = run_script(
        """
        import copy, pickle, sys
        from autograd_core import Value, compiled
        depth = 1_000_000 if compiled else 50_000
        assert sys.getrecursionlimit() == 1000
        x = Value(1.0)
        node = x
        for _ in range(depth):
            node = node + x
        node.backward()
        assert x.grad == depth + 1
        node.zero_grad()
        copied = copy.deepcopy(node) if depth < 100_000 else node
        again = pickle.loads(pickle.dumps(copied)) if depth < 100_000 else node
        again.backward()
        print(again.data == depth + 1, repr(again)[:5])
        del again, copied, node
        """,
        AUTOGRAD_CORE_PLAIN=plain,
    )
    assert done.stdout.split() == ["True", "Value"], done.stderr


@pytest.mark.parametrize("plain", ["", "1"])
def test_an_interrupted_sweep_leaves_gradients_all_old_or_all_new(plain):
    done = run_script(
        """
        import signal, time
        from autograd_core import Value
        leaves = [Value(float(i)) for i in range(2000)]
        root = sum((leaf * leaf for leaf in leaves), Value(0.0))
        start = time.perf_counter(); root.backward(); length = time.perf_counter() - start
        for leaf in leaves: leaf.grad = 0.0

        class Stop(Exception): pass
        def stop(*_): raise Stop
        signal.signal(signal.SIGALRM, stop)
        old = new = 0
        for trial in range(200):
            before = leaves[1].grad
            try:
                signal.setitimer(signal.ITIMER_REAL, length * (trial + 1) / 150)
                root.backward()
                signal.setitimer(signal.ITIMER_REAL, 0)
            except Stop:
                pass
            signal.setitimer(signal.ITIMER_REAL, 0)
            sweeps = {leaf.grad / (2 * leaf.data) for leaf in leaves[1:]}
            assert len(sweeps) == 1, sweeps
            if leaves[1].grad == before: old += 1
            else: new += 1
        root.backward()
        print(old, new)
        """,
        AUTOGRAD_CORE_PLAIN=plain,
    )
    assert done.returncode == 0, done.stderr
    old, new = map(int, done.stdout.split())
    assert new > 0
    assert old > 0 or not plain


def test_gradients_that_are_set_to_zero_are_all_or_none():
    done = run_script(
        """
        import signal, time
        from autograd_core import Value
        leaves = [Value(float(i)) for i in range(2000)]
        root = sum((leaf * leaf for leaf in leaves), Value(0.0))
        start = time.perf_counter(); root.zero_grad(); length = time.perf_counter() - start

        class Stop(Exception): pass
        def stop(*_): raise Stop
        signal.signal(signal.SIGALRM, stop)
        for trial in range(150):
            for leaf in leaves: leaf.grad = 1.0
            try:
                signal.setitimer(signal.ITIMER_REAL, length * (trial + 1) / 150)
                root.zero_grad()
                signal.setitimer(signal.ITIMER_REAL, 0)
            except Stop:
                pass
            signal.setitimer(signal.ITIMER_REAL, 0)
            assert len({leaf.grad for leaf in leaves}) == 1, trial
        """,
        AUTOGRAD_CORE_PLAIN="1",
    )
    assert done.returncode == 0, done.stderr


def marks_used(work):
    """How many of the marks that no order has used some work leaves used."""
    places = []
    for _ in range(2):
        places.append(marks.in_turn(marks.reserve))
        marks.in_turn(marks.give_back, places[-1], places[-1])
        work()
    return places[1] - places[0]


def test_marks_of_recordings_sweeps_and_their_failures_never_run_out():
    """There are 2**63; what a graph of so many nodes may use of them is about as many."""

    class Stopping(Exception):
        pass

    def check(node, cotangent):
        raise Stopping

    x = Value(2.0)
    root = x * x + x
    assert 0 < marks_used(root.backward) < 10
    assert 0 < marks_used(root.zero_grad) < 10
    assert 0 < marks_used(lambda: record(lambda v: v * v + 2.0, 1.0)) < 20

    def failing():
        with pytest.raises(Stopping):
            sweep.backward(root, 1.0, check)

    assert 0 < marks_used(failing) < 10


def test_a_sweep_within_another_s_turn_spoils_no_marks():
    x = Value(2.0)
    root, other = x * x, x * 3.0

    def work():
        base = marks.reserve()
        other.backward()
        marks.give_back(base, base)
        root.backward()

    marks.in_turn(work)
    assert x.grad == 7.0


def test_a_check_meets_every_node_once_with_all_that_comes_to_it():
    x, y = Value(2.0), Value(3.0)
    for root in ((x + y) * x, x * (x + y), x * y * y, dot([x, y], [y, x], x), y * (x.exp() * x)):
        nodes, cotangents = [], []

        def check(node, cotangent, nodes=nodes, cotangents=cotangents):
            nodes.append(node)
            cotangents.append(cotangent)

        sweep.backward(root, 1.0, check)
        assert nodes[0] is root
        assert len(nodes) == len(set(nodes))
        told = [cotangents[nodes.index(leaf)] for leaf in (x, y)]
        assert told == sweep.cotangents_at(root, 1.0, [x, y])


def test_another_thread_sweeps_after_the_first():
    x = Value(2.0)
    (x * x).backward()
    worker = threading.Thread(target=(x * 3.0).backward, daemon=True)
    worker.start()
    worker.join(60)
    assert x.grad == 7.0


def test_one_wide_value_after_another_is_swept_from_its_first_operand():
    for build in (
        lambda x, y, z: dot([x, x, x], [x, x, x]) * dot([y], [y]) + z,
        lambda x, y, z: dot([x, x, x], [x, x, x]) * (dot([y], [y]) + z),
        lambda x, y, z: sum_of([x * 3.0 * x, z, z]) * dot([y], [y]) + sum_of([z, dot([z], [z]), z]),
    ):
        x, y, z = Value(2.0), Value(3.0), Value(0.0)
        build(x, y, z).backward()
        assert (x.grad, y.grad) == (6.0 * 2.0 * 9.0, 12.0 * 6.0)
        assert z.grad in (1.0, 12.0, 20.0)


def test_a_sweep_waits_for_the_one_of_another_thread():
    x = Value(3.0)
    other = threading.Thread(target=(x * x).backward)

    def meanwhile():
        other.start()
        other.join(0.1)
        return x.grad

    assert marks.in_turn(meanwhile) == 0.0
    other.join()
    assert x.grad == 6.0


@pytest.mark.skipif(not autograd_core.compiled, reason="plain Python's memory is Python's affair")
def test_a_sweep_that_gets_no_memory_changes_nothing_and_gives_none_back_twice():
    pytest.importorskip("_testcapi")  # it lets any allocation fail, the first, the second, …
    done = run_script(STARVED, PYTHONMALLOC="debug")  # which ends where memory is freed twice
    assert (done.returncode, done.stdout) == (0, "right\n"), done.stderr[:2000]


STARVED = """
    import _testcapi
    from autograd_core import Value
    from autograd_core.graph import sweep

    x = Value(2.0)
    inputs = [x]
    f = x * x + 1.0
    failed = swept = 0
    for place in range(60):
        for sweeps in (True, False):
            again = True
            _testcapi.set_nomemory(place, place + 1)
            try:
                f.backward() if sweeps else sweep.cotangents_at(f, 1.0, inputs)
                again = False
            except MemoryError:
                pass
            finally:
                _testcapi.remove_mem_hooks()
            failed += again
            swept += sweeps and not again
            assert x.grad == 4.0 * swept, (place, x.grad, swept)
    assert failed > 2 and swept > 2
    print("right")
"""
