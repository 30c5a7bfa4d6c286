"""`python -m nn`, run as a user runs it."""

import re
import subprocess
import sys


def test_without_arguments_it_learns_the_irises():
    done = subprocess.run([sys.executable, "-m", "nn"], capture_output=True, text=True, check=True)
    accuracy = re.search(r"accuracy on 45 others: (0\.\d+|1\.0+)$", done.stdout.strip())
    assert accuracy is not None
    assert float(accuracy[1]) >= 0.9
    assert "50/50" in done.stderr
