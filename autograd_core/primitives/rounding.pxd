# C types for rounding.py.
from autograd_core.primitives cimport libm

cdef double SPLITTER

cpdef double product_error(double x, double y, double product) noexcept
cpdef double radius_error(double x, double y, double total, double root) noexcept
cpdef double root_error(double total, double root, double error) noexcept
cpdef double mended_quotient(double numerator, double divisor, double error) noexcept
cpdef double squares_error(double x, double y, double total) noexcept
cpdef double difference_of_squares(double x, double y) noexcept
