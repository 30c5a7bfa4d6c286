"""Training: `trainer` is `fit`, `loop` its epochs, `eager` and `replaying` the two ways of a step.

`recording` and `recordable` say whether a model can be replayed; `callbacks`, `history`, `progress`
and `report` tell of it; `prediction` runs what was trained, `rate_finder` trains to find a rate.
"""
