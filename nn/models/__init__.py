"""Models: `module` is what every one is, `neuron`, `layers` and `sequential` what they are made of.

`places` finds their parameters, `hidden` refuses those that have no place, `state` saves and loads
them; `inputs` are what a layer takes, `activations` stand between layers.
"""
