# C types for error_function.py.
cimport cython
from autograd_core.primitives cimport exponential, libm, rounding

cdef double INVERSE_SQRT2, INVERSE_SQRT2_ERROR, TWO_OVER_SQRT_PI
cdef double LOG_SQRT_PI, LOG_SQRT_PI_ERROR, LOG_SQRT_TWO_PI, LOG_SQRT_TWO_PI_ERROR
cdef tuple ERFC_AT_EIGHTHS

cpdef double erfc(double x) noexcept
cpdef double erfc_tail(double x, double lost) noexcept
@cython.locals(nearest=int, center=double, value=double, value_error=double, slope=double,
               slope_error=double, step=double, before=double, term=double, series=double,
               count=double, first=double, rest=double)
cpdef double erfc_by_taylor(double x, double lost) noexcept
cpdef double erfc_by_fraction(double x, double lost, double times) noexcept
cpdef double gaussian(double x) noexcept
cpdef double normal_pdf(double x) noexcept
cpdef double normal_cdf(double x) noexcept
cpdef double lost_argument(double x, double argument) noexcept
cpdef double gelu_tail(double x) noexcept
