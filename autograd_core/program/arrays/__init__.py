"""The array form of a code: equal instructions as operations on whole arrays.

`arrangement` finds it, by `chains`, `grids` and `batching`. The NumPy back end runs it, exports
write it.
"""
