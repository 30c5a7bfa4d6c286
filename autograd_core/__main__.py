"""The command line: the value and the gradient of an expression, and its picture.

python -m autograd_core "(x + y) * z" x=-2 y=5 z=-4 --explain --out f.svg
"""

import sys

from autograd_core.command_line import main

if __name__ == "__main__":
    sys.exit(main())
