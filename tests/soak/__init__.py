"""Long searches for what is wrong: `python -m tests.soak`; the suite runs each one for a moment.

A part of the search is a module in a folder here. It knows one way in which the engine could be
wrong and an oracle that does not come from the engine, and yields trial after trial from a seed.
What counts, times, limits and reports them stands in `search` alone.
"""
