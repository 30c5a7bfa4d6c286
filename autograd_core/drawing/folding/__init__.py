"""A graph made smaller before it is drawn: neurons and layers as boxes, or a part of it.

`numbering` counts the nodes, `fold` makes boxes of them, `layers` and `flows` say what is between
them, `selection` leaves out, `parameter_paths` names. It draws nothing.
"""
