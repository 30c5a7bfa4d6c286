"""Where a model decides for which class: `plane` asks it, `drawing` draws, `snapshots` keep it.

The plane is that of two features; what it shows is read by the loss that the model was trained on.
"""
