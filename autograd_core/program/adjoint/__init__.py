"""Codes of derivatives: `reverse` and `tangent` write them, `partials` gives rules as templates
and `stencils` writes these.

`derived` makes the programs that users ask for: gradients, pull-backs, tangents.
"""
