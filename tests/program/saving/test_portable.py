"""Pickles of programs: by the names of primitives, and refused where they cannot be right."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from pathlib import Path

import numpy
import pytest
from hypothesis import given

from autograd_core import ProgramError, Value, dot, primitive
from autograd_core.program import record
from autograd_core.program.code.verifier import verify
from autograd_core.program.saving.portable import VERSION, reduced, restored
from autograd_core.program.signature.arguments import Holder, Numbers, form_of
from autograd_core.program.signature.recorded import NONE
from tests.program.codes import codes, recorded
from tests.program.replayed import same_bits

ROOT = Path(__file__).resolve().parents[3]
LEAVES = [Value(float(number)) for number in range(300)]
WHOLE = record(lambda a, b: sum((leaf * a for leaf in LEAVES), b), 1.0, 2.0)


@given(codes())
def test_a_code_comes_back_to_the_bit_and_shares_nothing_that_may_change(code):
    for other in (pickle.loads(pickle.dumps(code)), copy.deepcopy(code)):
        assert other == code
        verify(other)
        for part in ("constants", "instructions", "operands", "outputs"):
            assert not numpy.shares_memory(getattr(code, part), getattr(other, part))
            assert getattr(other, part).flags.writeable


def test_a_program_comes_back_with_its_model():
    weights = [Value(0.5, name="w0"), Value(-2.0, name="w1")]
    program = record(lambda x: dot(weights, x, 1.0).tanh(), [0.0, 0.0]).using(threads=2)
    points = [[0.25, 1.0], [-1.0, 3.0]]
    program(points)  # a translated program is not pickled with it
    other_weights, other = pickle.loads(pickle.dumps((weights, program)))
    assert same_bits(other(points), program(points))
    assert (other.names, other.threads) == (program.names, 2)
    other_weights[0].data = 3.0  # they are the leaves that it captured
    assert not same_bits(other(points), program(points))
    weights[0].data = 3.0
    assert same_bits(other(points), program(points))


def test_kinds_are_those_of_the_process_that_reads():
    # There, others are declared before this one: the numbers of rows differ, the names do not.
    @primitive(lambda x, out: 2 * x, name="portable_square")
    def square(x):
        return x * x

    code, _ = recorded(lambda x: square(x) + 1.0, 3.0)
    script = (
        "import pickle, sys\n"
        "from autograd_core import primitive\n"
        "for name in [*(f'other_{k}' for k in range(1000)), 'portable_square']:\n"
        "    primitive(lambda x, out: 2 * x, name=name)(lambda x: x * x)\n"
        "code = pickle.loads(sys.stdin.buffer.read())\n"
        "print(*code.instructions[:, 0].tolist(), *(row.name for _, row, _ in code))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        input=pickle.dumps(code),
        capture_output=True,
        cwd=ROOT,
        check=True,
    )
    kind, _, *names = done.stdout.decode().split()
    assert names == ["portable_square", "add"]
    assert int(kind) != code.instructions[0, 0]


def test_a_primitive_declared_again_is_not_taken_for_the_older_one():
    @primitive(lambda x, out: 1, name="portable_again")
    def older(x):
        return x

    code, _ = recorded(older, 3.0)

    @primitive(lambda x, out: 2, name="portable_again")
    def newer(x):
        return 2 * x

    with pytest.raises(ProgramError, match="'portable_again' was declared again after"):
        pickle.dumps(code)


def state(**changes):
    code, _ = recorded(lambda x, y: x * y + x.sin(), 1.0, 2.0)
    _, given = reduced(code)
    names = ("version", "rows", "inputs", "captured", "constants", "instructions", "operands")
    return dict(zip((*names, "outputs"), given, strict=True)) | changes


ROWS = state()["rows"]


def test_a_pickle_holds_no_array_of_numpy_s_own():
    """Damaged, such a pickle crashes NumPy before anything can be checked."""
    assert b"numpy" not in pickle.dumps(WHOLE)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"version": VERSION + 1}, "newer version of autograd_core .* update autograd_core"),
        ({"version": 0}, "version 0 is none"),
        ({"version": "1"}, "version '1' is none"),
        (
            {"rows": [("no_such", ("x",)), *ROWS[1:]]},
            "primitive 'no_such', which is not known here",
        ),
        ({"rows": [("add", ("x",)), *ROWS[1:]]}, r"'add' takes \(x\), but here it takes \(x, y\)"),
        ({"rows": [("sum", ("w", "x", "...")), *ROWS[1:]]}, r"takes \(w, x, ...\), but here"),
        ({"rows": ROWS[:2]}, "instructions name rows from 0 to 2; there are 2"),
        ({"instructions": numpy.zeros((3, 3))}, "instructions .* are bytes, got ndarray"),
        ({"constants": "none"}, "constants of a pickled program are bytes, got str"),
        ({"instructions": bytes(35)}, "35 bytes are no whole number of parts of 12 bytes"),
        ({"constants": bytes(7)}, "7 bytes are no whole number of parts of 8 bytes"),
        ({"inputs": 1}, r"outputs\[0\] in the outputs is %4; there are 4 values"),
    ],
)
def test_what_cannot_be_right_is_refused(changes, message):
    verify(restored(**state()))
    with pytest.raises(ProgramError, match=message):
        restored(**state(**changes))


def test_a_code_that_is_not_valid_is_not_pickled():
    code, _ = recorded(lambda x: x.sin(), 1.0)
    code.instructions[0, 1] = 5
    with pytest.raises(ProgramError, match="operand 0 is %5"):
        pickle.dumps(code)


NO_NUMBERS = Numbers(("many",))
PARTS = ("code", "captured", "arguments", "names", "result", "auxiliary", "backend", "threads")
PARTS += ("parameters", "replaced")


@pytest.mark.parametrize(
    ("part", "damaged", "complaint"),
    [
        ("captured", LEAVES[:3], "leaves have 3 numbers, but there are 300"),
        ("captured", [*LEAVES, Value(0.0)], "leaves have 301 numbers, but there are 300"),
        ("captured", [1.0] * 300, "captured are leaves"),
        ("captured", [LEAVES[0] * 1.0, *LEAVES[1:]], "captured are leaves"),
        ("arguments", [form_of(0.0)], "arguments have 1 numbers, but there are 2 inputs"),
        ("arguments", [form_of([0.0] * 500)] * 2, "have 1000 numbers, but there are 2 inputs"),
        ("arguments", [NO_NUMBERS, form_of(0.0)], "form of an argument or a result is damaged"),
        ("arguments", [Numbers((-2, -1)), Numbers(())], "form of an argument or a result"),
        ("arguments", [Holder(tuple, (0,), ()), form_of(0.0)], "form of an argument or a result"),
        ("arguments", [Holder.__new__(Holder), form_of(0.0)], "form of an argument or a result"),
        ("names", ["a"], "1 names for 2 arguments"),
        ("names", ["a", 2], "names of a program's arguments"),
        ("result", form_of([1.0] * 50), "result has 50 numbers, but there are 1 outputs"),
        ("auxiliary", True, "auxiliary is true, but the result is no pair"),
        ("auxiliary", 1, "what it returns"),
        ("threads", 0, "one thread or more, not on 0"),
        ("replaced", [LEAVES[0]] * 3, "what the arguments .* replaced in a graph is damaged"),
        ("replaced", [1.0, 2.0], "replaced in a graph is damaged"),
    ],
)
def test_a_pickle_whose_parts_do_not_fit_is_refused(part, damaged, complaint):
    again, parts = WHOLE.__reduce__()
    parts = [*parts, NONE, ()]
    assert again(*parts)(1.0, 2.0) == WHOLE(1.0, 2.0)
    parts[PARTS.index(part)] = damaged
    with pytest.raises(ProgramError, match=complaint):
        again(*parts)
