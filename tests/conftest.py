"""What all tests share: how Hypothesis draws its examples.

The examples are the same in every run, so that a failure is the change's and not the day's, and no
test asserts a time. `pytest --hypothesis-profile=explore` draws new ones, more of them.
"""

from hypothesis import settings

settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.register_profile("explore", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("suite")
