"""The NumPy back end: `numpy_kernel` runs the array form, by `elementwise` and `gathering`."""
