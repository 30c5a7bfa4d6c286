# C types for rounding.py.
from autograd_core.primitives cimport libm

cdef double SPLITTER

cpdef double product_error(double x, double y, double product) noexcept
cpdef int larger_exponent(double x, double y) noexcept
cpdef double radius_error(double x, double y, double total, double root) noexcept
cpdef double squares_error(double x, double y, double total) noexcept
