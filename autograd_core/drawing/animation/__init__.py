"""A sweep to step through: what happens in which step, and the page or the pictures that show it.

`sweep_steps` says the steps, `scene` what a step looks like, `stepping` is the door for users,
`stepping_page` makes a page of it and `frames` pictures.
"""
