"""Worksheets: their blanks, and that what belongs in them is what the engine says."""

import json
import re
import shutil
import subprocess

import pytest

from autograd_core import GraphError, GraphTooLarge, Value, worksheet
from nn import MLP


def product_of_sum():
    x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    return (x + y).named("q") * z


def data_of(page):
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page)
    return json.loads(found[1])


def test_the_page_asks_for_every_value_local_gradient_and_gradient():
    sheet = worksheet(product_of_sum())
    parts = data_of(sheet.html)["parts"]
    asked = {question: truth for _, blanks in parts for _, question, truth, _ in blanks}
    assert asked == {
        "q = x + y": 3, "f = q · z": -12,
        "∂q/∂x": 1, "∂q/∂y": 1, "∂f/∂q": -4, "∂f/∂z": 3,
        "∂f/∂f": 1, "∂f/∂y": -4, "∂f/∂x": -4,
    }  # fmt: skip
    numbers = [number for _, blanks in parts for number, *_ in blanks]
    assert numbers == list(range(1, sheet.blanks + 1))
    for number in numbers:
        assert f"[{number}]" in sheet.html  # in the picture


def test_no_picture_and_no_sheet_gives_an_answer_away():
    sheet = worksheet(product_of_sum())
    shown = re.findall(r"<text[^>]*>([^<]*)</text>", sheet.html)
    assert "[2]" in shown[-1] or any("value [2]" in text for text in shown)
    assert "-12" not in shown
    assert "= -12" not in sheet.markdown
    assert "-12" not in sheet.latex


def test_the_solution_derives_what_the_sheet_asks():
    sheet = worksheet(product_of_sum())
    asked = re.findall(r"^(\d+)\. \$(\S+)", sheet.markdown, re.MULTILINE)
    solved = re.findall(r"^(\d+)\. \$(\S+)", sheet.solution_markdown, re.MULTILINE)
    assert asked == solved
    assert len(asked) == sheet.blanks
    assert r"\frac{\partial f}{\partial x} = \frac{\partial f}{\partial q}" in sheet.solution_latex
    assert sheet.latex.count(r"\item[") - 3 == sheet.blanks


def test_a_value_used_twice_asks_for_both_its_edges():
    a = Value(3.0, name="a")
    parts = data_of(worksheet(a * a).html)["parts"]
    assert [question for _, question, *_ in parts[1][1]] == ["∂f/∂a", "∂f/∂a"]
    (_, question, truth, slips) = parts[2][1][-1]
    assert (question, truth) == ("∂f/∂a", 6)
    assert any("a path is missing" in words for _, words in slips)


def test_special_numbers_and_signs_survive_in_the_page():
    x = Value(0.0, name="</script><b>")
    page = worksheet(x.log()).html
    assert page.count("</script>") == 2
    asked = data_of(page)["parts"][0][1][0]
    assert asked[2] == "-inf"


def test_constants_are_given():
    x = Value(2.0, name="x")
    sheet = worksheet(3.0 * x)
    assert sheet.blanks == 4
    assert "$x = 2$" in sheet.markdown


def test_files_are_written_by_their_endings(tmp_path):
    sheet = worksheet(product_of_sum())
    assert sheet.save(tmp_path / "a.html").read_text(encoding="utf-8") == sheet.html
    assert sheet.save(tmp_path / "a.md").read_text(encoding="utf-8") == sheet.markdown
    solved = sheet.save(tmp_path / "b.tex", solution=True)
    assert solved.read_text(encoding="utf-8") == sheet.solution_latex
    with pytest.raises(ValueError, match="save the solution as"):
        sheet.save(tmp_path / "b.html", solution=True)
    with pytest.raises(ValueError, match=r"does not end in .html, .md or .tex"):
        sheet.save(tmp_path / "b.pdf")
    with pytest.raises(FileExistsError):
        sheet.save(tmp_path / "a.md")


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(GraphError, match="constant"):
        worksheet(Value(2.0).detach())
    with pytest.raises(TypeError, match="not float"):
        worksheet(2.0)
    with pytest.raises(GraphTooLarge, match="at most 200 unless told"):
        worksheet(MLP(2, [16, 16, 1], seed=0)([1.0, 2.0]))
    chain = Value(1.0)
    for _ in range(20_000):  # counted before any is filled, which would take minutes
        chain = chain.sin()
    with pytest.raises(GraphTooLarge, match="would have 60,001 blanks"):
        worksheet(chain)


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex on PATH")
def test_the_sheet_is_latex(tmp_path):
    sheet = worksheet(MLP(2, [2, 1], activation="sigmoid", seed=0)([1.0, 2.0]))
    for name, text in (("sheet", sheet.latex), ("solution", sheet.solution_latex)):
        (tmp_path / f"{name}.tex").write_text(text, encoding="utf-8")
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex"]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
