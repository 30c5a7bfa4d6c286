"""CSV files: what is read, and that every error names the file, the line and the column."""

import pytest

from autograd_core import DataError
from nn import Table, read_csv


@pytest.fixture
def write(tmp_path):
    def written(content):
        path = tmp_path / "t.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


def test_numbers_are_a_regression_and_words_a_classification(write):
    table = read_csv(write("a,b,kind\n1,2,x\n3,4.5,y\n\n5,-6e1,x\n"))
    words = table.dataset("kind")
    assert words.inputs.tolist() == [[1, 2], [3, 4.5], [5, -60]]
    assert (words.classes, words.targets.tolist()) == (("x", "y"), [0, 1, 0])
    numbers = table.dataset("b", features=["a"])
    assert (numbers.classes, numbers.targets.tolist()) == ((), [2, 4.5, -60])
    assert numbers.features == ("a",)


def test_numbers_are_classes_where_it_is_said(write):
    data = read_csv(write("a,t\n1,0\n2,1\n3,0\n")).dataset("t", kind="classification")
    assert (data.classes, data.targets.tolist()) == (("0", "1"), [0, 1, 0])


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_byte_order_marks_quotes_and_both_line_ends_are_read(write, newline):
    text = newline.join(["\ufeffa, b", '1,"x, ""y"""', "2,z", ""])
    table = read_csv(write(text))
    assert table.columns == ("a", "b")
    assert table.texts("b") == ['x, "y"', "z"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"t\.csv is empty; its first line must name the columns"),
        ("a,b\n", r"t\.csv has a header and no rows"),
        ("a,,c\n1,2,3\n", r"t\.csv, line 1: column 2 has no name"),
        ("a,b,a\n1,2,3\n", r"line 1: two columns are named 'a'"),
        ("1,2\n3,4\n", r"line 1: numbers where the names"),
        ("a,b\n1,2\n3\n", r"t\.csv, line 3: 1 entry where the header names 2"),
        ("a,b\n1,2\n\n3,4,5\n", r"line 4: 3 entries where the header names 2"),
        ('a,b\n1,"2\n', r"line 2: unexpected end of data"),
        (b"a,b\n1,2\0\n", r"t\.csv, line 2: not text in UTF-8"),
        (b"a,b\n1,\xff\n", r"t\.csv, line 2: not text in UTF-8"),
        ("größe,b\n1,2\n".encode("latin-1"), r"t\.csv, line 1: not text in UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), r"t\.csv, line 1: not text in UTF-8"),
        (b"a,b\n" + b"1,2\n" * 9999 + b"1,\xe9\n1,2\n", r"t\.csv, line 10001: not text in UTF-8"),
    ],
)
def test_a_file_that_is_no_table_is_refused(write, content, message):
    with pytest.raises(DataError, match=message):
        read_csv(write(content))


@pytest.mark.parametrize(
    ("content", "target", "options", "message"),
    [
        ("a,b\n1,2\n", "c", {}, "has no column 'c'; its columns are a, b"),
        ("a,b\n1,2\n", "b", {"features": ["z"]}, "has no column 'z'"),
        ("a;b\n1;2\n", "b", {}, "columns are a;b; separated by ';', it seems: save .* commas"),
        ("a\tb\n1\t2\n", "b", {}, r"separated by '\\t', it seems"),
        ("a;b,c\n1,2\n", "b", {}, "its columns are a;b, c$"),
        ("a,b\n1,2\n", "b", {"features": ["b"]}, "columns besides the target 'b'"),
        ("b\n1\n", "b", {}, "columns besides the target 'b'"),
        ("a,b\n1,x\nfoo,y\n", "b", {}, r"t\.csv, line 3, column 'a': 'foo' is no finite number"),
        ("a,b\n1,x\n,y\n", "b", {}, r"line 3, column 'a': nothing is there"),
        ("a,b\nnan,x\n1,y\n", "b", {}, r"line 2, column 'a': 'nan' is no finite number"),
        ("a,b\n1_0,x\n1,y\n", "b", {}, r"line 2, column 'a': '1_0' is no finite number"),
        ("a,b\n1,x\n2,\n", "b", {}, r"line 3, column 'b': nothing is there"),
        ("a,b\n1,x\n2,y\n", "b", {"features": ["a", "a"]}, "named twice among the features"),
        (
            "a,b\nNA,x\n1,y\n?,x\n",
            "b",
            {},
            r"line 2.* 'NA' is no .* \(nor in 1 other line\); write",
        ),
        ("a,b\nNA,x\n1,y\n", "b", {}, "or choose the columns to read: features=.*--features"),
        ("a,b\n1,x\n2,x\n", "b", {}, r"every 'b' is 'x'; nothing to tell apart"),
        ("a,b\n1,x\n2,3\n", "b", {"kind": "regression"}, r"line 2, column 'b': 'x' is no finite"),
    ],
)
def test_a_table_without_the_dataset_is_refused(write, content, target, options, message):
    with pytest.raises(DataError, match=message):
        read_csv(write(content)).dataset(target, **options)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (lambda table: table.dataset("kind", kind="classify"), "kind='classify' is unknown; .*cla"),
        (lambda table: table.dataset("kind", features="ab"), "features must be names .* got 'ab'"),
        (lambda table: table.dataset("kind", features=3), "features must be names of columns"),
        (lambda table: table.columns_of("ab"), "names must be names of columns, got 'ab'"),
        (lambda table: table.dataset(["kind"]), r"a column must be a name .* got \['kind'\]"),
    ],
)
def test_what_names_no_columns_is_told(write, asked, message):
    """One word was read letter by letter, and an unknown kind was classification."""
    table = read_csv(write("a,b,kind\n1,2,x\n3,4,y\n"))
    assert table.columns_of([]).shape == (2, 0)
    with pytest.raises((TypeError, ValueError), match=message):
        asked(table)


@pytest.mark.parametrize(
    "missing", ["NA", "N/A", "nan", "", "?", "-", "null", "inf", "1 234", "12 €"]
)
def test_a_target_of_numbers_with_one_entry_that_is_none_is_asked_about(write, missing):
    """It made a classification of 59 prices."""
    prices = [str(100 + place * 3) for place in range(60)]
    prices[41] = missing
    lines = [f"{place},{price}" for place, price in enumerate(prices)]
    table = read_csv(write("\n".join(["size,price", *lines, ""])))
    with pytest.raises(DataError) as raised:
        table.dataset("price")
    what = f"{missing!r} is no finite number" if missing else "nothing is there"
    assert f"t.csv, line 43, column 'price': {what}; write a number there" in str(raised.value)
    assert "leave the row out, or say that the column holds classes" in str(raised.value)
    assert "--task classification" in str(raised.value)
    with pytest.raises(DataError, match=r"line 43, .* leave the row out$"):
        table.dataset("price", kind="regression")
    if missing:
        assert len(table.dataset("price", kind="classification").classes) == 60


def test_a_hundred_thousand_columns_are_read():
    """Each name was sought among all: the square of their number."""
    names = [f"c{place}" for place in range(100_000)]
    table = Table("t", tuple(names), [["1"] * 100_000], [2])
    assert table.columns_of(names).shape == (1, 100_000)


def test_the_last_of_a_hundred_thousand_columns_that_comes_twice_is_named(write):
    names = [f"c{place}" for place in range(100_000)]
    with pytest.raises(DataError, match="two columns are named 'c99999'"):
        read_csv(write(",".join([*names, names[-1]]) + "\n"))


def test_classes_may_be_as_many_as_rows(write):
    names = [f"n{place:06}" for place in range(30_000)]
    data = read_csv(write("a,b\n" + "".join(f"1,{name}\n" for name in names))).dataset("b")
    assert data.targets.tolist() == list(range(30_000))


def test_a_line_without_end_is_refused(write, monkeypatch):
    monkeypatch.setattr("nn.tables.reader.LONGEST_LINE", 100)
    assert len(read_csv(write("a,b\n" + "1" * 90 + ",2\n")).rows) == 1
    with pytest.raises(DataError, match=r"t\.csv, line 2 has more than 100 letters"):
        read_csv(write("a,b\n" + "1" * 200 + ",2\n"))


def test_lines_without_end_are_refused(write, monkeypatch):
    monkeypatch.setattr("nn.tables.reader.MOST_ENTRIES", 100)
    for content in ("a,b\n" + "1,2\n" * 50, "a\n" + "\n" * 100):
        with pytest.raises(DataError, match=r"t\.csv has more than 100 entries"):
            read_csv(write(content))


def test_a_missing_file_is_pythons_own_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_csv(tmp_path / "none.csv")
