"""What is given to the command lines, mostly nearly right: expressions, tables and options."""

from __future__ import annotations

import csv
import io
import random

LEAVES = [
    *("x", "µ", "1", "2.5", "0", "1e308", "1e400", "True", "'s'", "1j", "...", "None"),
    *("9" * 5000, "1e-400", "0x10", "1_0", "x\u200b", f"'{'s' * 5000}'", "f" * 5000),
]
OPERATORS = ["+", "-", "*", "/", "**", "//", "%", "<", ">=", "==", "@", "^", "and", ","]
FUNCTIONS = ["sin", "where", "clamp", "pow", "log", "hypot", "sum", "dot", "foo", "__import__"]
FRAMES = [
    *("-{}", "[{}]", "{}.a", "{}[0]", "lambda: {}", "{} if x else 1", "f'{{{}}}'", "{};", "\0{}"),
    *("open('made', 'w') or {}", "({}:=1)", "__import__('os').mkdir('made')", "*{}", "{}\n{}"),
]
AGAIN = [
    *(("(", ")"), ("-", ""), ("sin(", ")"), ("x+", ""), ("", "*x"), ("x**", ""), ("", ".a")),
    *(("[", "]"), ("x<", ""), ("not ", "")),
]
"""What may stand before and behind an expression very often."""
NUMBERS = [
    *(
        "1",
        "-3",
        "inf",
        "0",
        "nan",
        "1",
        "-3",
        "2",
        "",
        "0x10",
        "1_0",
        " 2",
        "\u0663",
        "1j",
        "1e400",
    ),
    *("9" * 5000, "--1", "x"),
]
OPTIONS = [
    *(["--explain"], ["--tree"], ["--json"], ["--force"], ["--order", "2"], ["--wrt", "x"]),
    *(["--wrt", "µ,x"], ["--wrt", ","], ["--order", "3"], ["--theme", "dark"], ["--style", "no"]),
    *(["--wrt", ""], ["--wrt", "x,x"], ["--order", "two"], ["--order"], ["--no"], ["x=3"], ["=1"]),
    *(["x="], ["y=2"], ["--"], ["--out", ""], ["--out", "\0"], ["--out", "n" * 300]),
    *(
        ["--out", name]
        for name in ("f.svg", "f.html", "f.json", "f.mmd", "f.tex", "f.dot", "f", ".", "no/f.json")
    ),
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
    *(["--epochs", text] for text in ("0", "2", "x", "-1")),
    *(["--plot", name] for name in ("t.csv", "no/p.png", "p.nothing", "")),
    *(["--out", "t.csv", "--force"], ["--out", "p.png", "--plot", "p.png"], ["--predict", "t.csv"]),
    *(["--target", "a"], ["--target", ""], ["--features", "b", "d"], ["--hidden", "2", "1", "2"]),
    *(["--features", "a"], ["--features", "a", "a"], ["--seed", "-1"], ["--force"], ["--no"]),
]


def expression(source: random.Random, depth: int = 0) -> str:
    kind = source.random()
    if depth > 3 or kind < 0.3:
        return source.choice(LEAVES)
    inside = [expression(source, depth + 1) for _ in range(source.randint(1, 3))]
    if kind < 0.6:
        return f"({f' {source.choice(OPERATORS)} '.join(inside)})"
    if kind < 0.9:
        return f"{source.choice(FUNCTIONS)}({', '.join(inside)})"
    return source.choice(FRAMES).format(inside[0], inside[-1])


def computation(source: random.Random) -> list[str]:
    """The arguments of the first command line."""
    text = expression(source)
    if source.random() < 0.03:
        (before, behind), often = source.choice(AGAIN), source.choice([10, 100, 500])
        text = f"{before * often}{text}{behind * often}"
    given = [f"{name}={source.choice(NUMBERS)}" for name in "xµ"]
    arguments = [text, *(each for each in given if each[0] in text and source.random() < 0.95)]
    for option in source.sample(OPTIONS, source.choice([0, 1, 1, 2])):
        arguments += option
    return arguments


def table(source: random.Random) -> tuple[bytes, str]:
    """A table, mostly a good one, and its last column."""
    columns, good = source.randint(1, 4), source.random() < 0.8
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow("abcd"[:columns])
    words = source.random() < 0.5
    for _ in range(source.choice([0, 1, 3, 12, 30])):
        row = [f"{source.gauss(0, 3):.3g}" if good else source.choice(CELLS) for _ in "x" * columns]
        row[-1] = source.choice("uvw") if good and words else row[-1]
        writer.writerow(row)
    damaged = bytearray(text.getvalue().encode())
    if source.random() < 0.2:
        damaged[source.randrange(len(damaged))] = source.randrange(256)
    return bytes(damaged), "abcd"[columns - 1]
