"""Whatever is asked of the two command lines: an answer, or one line on standard error.

The grammars are the soak's; here they must reach both ends.
"""

import pytest

from tests.soak.enduring.bad_input import expressions, tables


@pytest.mark.parametrize(("inputs", "count"), [(expressions, 500), (tables, 200)])
def test_any_input_has_an_answer_or_a_line(inputs, count, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    trials = list(inputs(1, count))
    assert [trial.problem for trial in trials if trial.problem] == []
    refused = [trial for trial in trials if "refused" in trial.what]
    assert 10 < len(refused) < count - 10
