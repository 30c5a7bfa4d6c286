"""The driver of what a back end compiled or translated: samples in, passes of lanes, results out.

`driver.h` says what a call is made of, `machine` (which has no plain form) gives a kernel its
inputs a pass at a time, and `long_calls` shares long calls among threads.
"""
