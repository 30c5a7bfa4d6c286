"""Pictures of a height over a plane, for `nn.landscape`: contours, surfaces, a page to turn one.

`contours` and `surfaces` draw on matplotlib's axes, `turnable` writes a page that needs no library.
None of them knows what the height is of.
"""
