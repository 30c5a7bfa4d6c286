"""Models: `module` is what every one is, `layers` and `sequential` what they are made of.

`places` finds their parameters, `state` saves and loads them, `activations` stand between them.
"""
