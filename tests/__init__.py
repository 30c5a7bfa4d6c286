"""Tests, benchmarks, the soak and the notebooks' making."""

import os

# Nothing here, nor a process that it starts, leaves machine code in a user's home, or takes from
# there what it says it compiles.
os.environ["AUTOGRAD_CORE_CACHE"] = "0"
