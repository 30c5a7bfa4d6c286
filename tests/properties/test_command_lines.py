"""Whatever is asked of the two command lines: an answer, or one line on standard error."""

import csv
import io
import random
import re

import pytest

from autograd_core.__main__ import main as compute
from nn.__main__ import main as train

LEAVES = ["x", "µ", "1", "2.5", "0", "1e308", "1e400", "True", "'s'", "1j", "...", "None"]
OPERATORS = ["+", "-", "*", "/", "**", "//", "%", "<", ">=", "==", "@", "^", "and", ","]
FUNCTIONS = ["sin", "where", "clamp", "pow", "log", "hypot", "sum", "dot", "foo", "__import__"]
FRAMES = [
    "-{}",
    "[{}]",
    "{}.a",
    "{}[0]",
    "lambda: {}",
    "{} if x else 1",
    "f'{{{}}}'",
    "{};",
    "\0{}",
]
OPTIONS = [
    *(["--explain"], ["--tree"], ["--json"], ["--force"], ["--order", "2"], ["--wrt", "x"]),
    *(["--wrt", "µ,x"], ["--wrt", ","], ["--order", "3"], ["--theme", "dark"], ["--style", "no"]),
    *(["--out", name] for name in ("f.json", "f.mmd", "f.tex", "f.dot", "f", ".", "no/f.json")),
]
CELLS = ["1", "-2.5", "1e308", "-1e308", "1e-310", "1e400", "NA", "", "é", "nan", "1_0", '"', "\0"]
TRAININGS = [
    *(["--hidden", text] for text in ("1", "3", "0", "x", "9999999999")),
    *(["--batch-size", text] for text in ("1", "9" * 30, "0")),
    *(["--learning-rate", text] for text in ("0.1", "1e308", "1e-320", "nan")),
    *(["--held-out", text] for text in ("0.5", "0.99", "1e-9", "2")),
    *(["--activation", text] for text in ("relu", "sin", "no")),
    *(["--task", text] for text in ("classification", "regression", "no")),
    *(["--out", name] for name in ("m.json", "m.json", "no/m.json", ".", "n" * 256)),
    *(["--features", "a"], ["--features", "a", "a"], ["--seed", "-1"], ["--force"], ["--no"]),
]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def expression(rng, depth=0):
    kind = rng.random()
    if depth > 3 or kind < 0.3:
        return rng.choice(LEAVES)
    inside = [expression(rng, depth + 1) for _ in range(rng.randint(1, 3))]
    if kind < 0.6:
        return f"({f' {rng.choice(OPERATORS)} '.join(inside)})"
    if kind < 0.9:
        return f"{rng.choice(FUNCTIONS)}({', '.join(inside)})"
    return rng.choice(FRAMES).format(inside[0])


def check(status, outputs, name, statuses=(0, 2)):
    assert status in statuses
    lines = outputs.err.splitlines()
    assert "Traceback" not in outputs.err
    assert "Warning" not in outputs.err
    if status:
        assert lines[-1].startswith(f"{name}: ")
        assert len(lines[-1]) < 700


@pytest.mark.parametrize("seed", range(4))
def test_any_expression_has_a_value_or_a_line(seed, capsys):
    rng = random.Random(seed)
    seen = set()
    for _ in range(150):
        text = expression(rng)
        given = [f"{name}={rng.choice(['1', '-3', 'inf', '0', 'nan'])}" for name in "xµ"]
        arguments = [text, *(each for each in given if each[0] in text and rng.random() < 0.95)]
        for option in rng.sample(OPTIONS, rng.choice([0, 1, 1, 2])):
            arguments += option
        status = compute(arguments)
        check(status, outputs := capsys.readouterr(), "autograd_core")
        assert not status or outputs.err.count("\n") == 1
        seen.add(status)
    assert seen == {0, 2}


def table(rng):
    """A table, mostly a good one."""
    columns, good = rng.randint(1, 4), rng.random() < 0.8
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow("abcd"[:columns])
    words = rng.random() < 0.5
    for _ in range(rng.choice([0, 1, 3, 12, 30])):
        row = [f"{rng.gauss(0, 3):.3g}" if good else rng.choice(CELLS) for _ in range(columns)]
        row[-1] = rng.choice("uvw") if good and words else row[-1]
        writer.writerow(row)
    damaged = bytearray(text.getvalue().encode())
    if rng.random() < 0.2:
        damaged[rng.randrange(len(damaged))] = rng.randrange(256)
    return bytes(damaged), "abcd"[columns - 1]


@pytest.mark.parametrize("seed", range(4))
def test_any_table_is_learned_or_refused_in_a_line(seed, capsys, here):
    rng = random.Random(seed)
    seen = set()
    for _ in range(60):
        content, target = table(rng)
        (here / "t.csv").write_bytes(content)
        arguments = ["t.csv", "--target", target, "--epochs", "1"]
        for option in rng.sample(TRAININGS, rng.choice([0, 1, 2, 3])):
            arguments += option
        status = train(arguments)
        check(status, capsys.readouterr(), "python -m nn", (0, 1, 2))
        seen.add(status)
        if (here / "m.json").exists():
            status = train(["--predict", "m.json", "t.csv"])
            check(status, outputs := capsys.readouterr(), "python -m nn")
            if status == 0:
                shown = list(csv.reader(io.StringIO(outputs.out)))
                assert all(re.fullmatch(r"[\w.+-]+", row[0]) for row in shown)
            (here / "m.json").unlink()
    assert {0, 2} <= seen
