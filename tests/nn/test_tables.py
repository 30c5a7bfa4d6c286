"""CSV files: what is read, and that every error names the file, the line and the column."""

import pytest

from autograd_core import DataError
from nn import read_csv


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
        ("a,b\n1,2\n3\n", r"t\.csv, line 3: 1 entries where the header names 2"),
        ("a,b\n1,2\n\n3,4,5\n", r"line 4: 3 entries where the header names 2"),
        ('a,b\n1,"2\n', r"line 2: unexpected end of data"),
        (b"a,b\n1,\xff\n", r"t\.csv, after line \d: not text in UTF-8"),
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
        ("a,b\n1,2\n", "b", {"features": ["b"]}, "columns besides the target 'b'"),
        ("b\n1\n", "b", {}, "columns besides the target 'b'"),
        ("a,b\n1,x\nfoo,y\n", "b", {}, r"t\.csv, line 3, column 'a': 'foo' is no finite number"),
        ("a,b\n1,x\n,y\n", "b", {}, r"line 3, column 'a': nothing is there"),
        ("a,b\nnan,x\n1,y\n", "b", {}, r"line 2, column 'a': 'nan' is no finite number"),
        ("a,b\n1_0,x\n1,y\n", "b", {}, r"line 2, column 'a': '1_0' is no finite number"),
        ("a,b\n1,x\n2,\n", "b", {}, r"line 3, column 'b': nothing is there"),
        ("a,b\n1,x\n2,x\n", "b", {}, r"every 'b' is 'x'; nothing to tell apart"),
        ("a,b\n1,x\n2,3\n", "b", {"kind": "regression"}, r"line 2, column 'b': 'x' is no finite"),
    ],
)
def test_a_table_without_the_dataset_is_refused(write, content, target, options, message):
    with pytest.raises(DataError, match=message):
        read_csv(write(content)).dataset(target, **options)


def test_a_missing_file_is_pythons_own_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_csv(tmp_path / "none.csv")
