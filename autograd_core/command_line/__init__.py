"""The command line: the value and the gradient of an expression, and how they come about.

The modules, each importing only earlier ones: `arguments` says what may be asked, `report` what is
printed, `files` what `--out` writes; `run` joins them.
"""

from autograd_core.command_line.run import main

__all__ = ["main"]
