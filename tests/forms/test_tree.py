"""The tree for terminals: every node once, references, widths, colors."""

import io
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import Value, print_tree, topological, tree
from autograd_core.testing import shared_graphs

CODES = re.compile(r"\x1b\[\d+m")


class Terminal(io.StringIO):
    """A stream that says whether it is a terminal."""

    def __init__(self, terminal=True):
        super().__init__()
        self.terminal = terminal

    def isatty(self):
        return self.terminal


def small():
    x, y = Value(-2.0, name="x"), Value(5.0, name="y")
    root = (x + y) * x * 2
    root.backward()
    return root


def chain(length):
    root = Value(0.5, name="x")
    for _ in range(length):
        root = root.sin() * 2
    return root


def test_operands_stand_below_what_was_computed_from_them():
    assert tree(small()).splitlines() == [
        "f = -12   ×   grad 1",
        "├─ t2 = -6   ×   grad 2",
        "│  ├─ t1 = 3   +   grad -4",
        "│  │  ├─ x = -2   grad 2",
        "│  │  └─ y = 5   grad -4",
        "│  └─ ↑ x",
        "└─ 2",
    ]


def columns(line):
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in line)
    return len(line) + wide - sum(map(bool, map(unicodedata.combining, line)))


@given(shared_graphs(), st.integers(20, 120) | st.none())
def test_every_named_node_has_one_line_of_its_own(graph, width):
    lines = tree(graph.root, width=width, max_lines=None, number_format=".2g").splitlines()
    nodes = topological(graph.root)
    references = sum(bool(re.search("[↑↓] ", line)) for line in lines)
    assert len(lines) - references == len(nodes)
    # Every edge is a line below its node; a tree that goes on below has a first line of its own.
    edges = sum(len(node.parents) for node in nodes)
    starts = sum(line[0] not in "│├└ " for line in lines)
    assert len(lines) == edges + starts


@pytest.mark.parametrize("width", [20, 40, 60])
def test_no_line_is_wider_than_asked_however_deep_the_graph_or_long_the_names(width):
    root = chain(100) + Value(1.0, name="n" * 60) * Value(2.0, name="値" * 30)
    lines = tree(root, width=width, max_lines=None).splitlines()
    assert max(map(columns, lines)) <= width
    assert any(line.endswith("…") for line in lines)


def test_what_is_too_deep_goes_on_below():
    lines = tree(chain(50), width=40, max_lines=None).splitlines()
    sent = [line.split("↓ ")[1] for line in lines if "↓ " in line]
    starts = [line.split(" = ")[0] for line in lines[1:] if line[0] not in "│├└ "]
    assert sent == starts
    assert len(sent) > 1


def test_long_trees_are_cut_and_count_what_is_missing():
    lines = tree(chain(1000), max_lines=10).splitlines()
    assert len(lines) == 11
    told = int(re.search(r"… ([\d,]+) more values", lines[-1])[1].replace(",", ""))
    assert told == len(topological(chain(1000))) - sum("↓" not in line for line in lines[:-1])


def test_a_graph_as_deep_as_memory_is_no_trouble():
    assert len(tree(chain(30_000)).splitlines()) == 201


def test_constants_and_names_are_told_apart():
    k = Value(3.0, name="k").detach()
    k.name = "k"
    assert tree(Value(2.0, name="x") * k).splitlines() == [
        "f = 6   ×   grad 0",
        "├─ x = 2   grad 0",
        "└─ k = 3   constant",
    ]


def test_color_changes_nothing_but_the_color():
    colored = tree(small(), color=True)
    assert CODES.sub("", colored) == tree(small())
    assert "\x1b[36m   grad -4\x1b[0m" in colored
    assert "\x1b[33m   grad 2\x1b[0m" in colored


@pytest.mark.parametrize(
    ("terminal", "environment", "colored"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_color_is_for_terminals_that_want_it(monkeypatch, terminal, environment, colored):
    for name, setting in {"TERM": "xterm", "COLUMNS": "80"}.items():
        monkeypatch.setenv(name, setting)
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, setting in environment.items():
        monkeypatch.setenv(name, setting)
    stream = Terminal(terminal)
    print_tree(small(), stream)
    assert ("\x1b[" in stream.getvalue()) is colored


def test_the_width_is_the_terminal_s_and_a_file_gets_whole_lines(monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    root = Value(1.0, name="a" * 35) + 1
    terminal, file = Terminal(), Terminal(terminal=False)
    print_tree(root, terminal)
    print_tree(root, file)
    assert max(len(CODES.sub("", line)) for line in terminal.getvalue().splitlines()) == 30
    assert "a" * 35 in file.getvalue()


def test_without_a_stream_it_goes_to_standard_output(capsys):
    print_tree(small())
    assert capsys.readouterr().out == tree(small()) + "\n"


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: tree(2.0), TypeError, "takes a Value, not float: 2.0"),
        (lambda: tree(small(), width=19), ValueError, "from 20 up, or None, got 19"),
        (lambda: tree(small(), max_lines=0), ValueError, "from 1 up, or None, got 0"),
        (lambda: tree(small(), number_format="?"), ValueError, "number_format='\\?'"),
    ],
)
def test_misuse_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
