"""Arrays of Values, and what NumPy's functions make of them and of single Values.

`value_array` has the class and is what NumPy asks, `numpy_elements` what is done to each element,
`numpy_functions` what is done to whole arrays. NumPy is imported with any of them, so nothing
imports them before an array is met.
"""
