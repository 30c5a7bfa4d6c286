# C types for forward.py.
cimport cython
from autograd_core.primitives cimport error_function, libm, rounding

cdef double NAN, INFINITY, LN2

cpdef double add(double x, double y) noexcept
cpdef double sub(double x, double y) noexcept
cpdef double mul(double x, double y) noexcept
cpdef double div(double x, double y) noexcept
cpdef double mod(double x, double y) noexcept
cpdef double floordiv(double x, double y) noexcept
cpdef double pow(double x, double y) noexcept
cpdef double neg(double x) noexcept
cpdef double abs(double x) noexcept
cpdef double square(double x) noexcept
cpdef double reciprocal(double x) noexcept
cpdef double sqrt(double x) noexcept
@cython.locals(exponent=int)
cpdef double cbrt(double x) noexcept
@cython.locals(exponent=int)
cpdef double hypot(double x, double y) noexcept
cpdef double exp(double x) noexcept
cpdef double expm1(double x) noexcept
cpdef double log(double x) noexcept
cpdef double log1p(double x) noexcept
cpdef double log2(double x) noexcept
cpdef double log10(double x) noexcept
cpdef double logaddexp(double x, double y) noexcept
cpdef double sin(double x) noexcept
cpdef double cos(double x) noexcept
cpdef double tan(double x) noexcept
cpdef double asin(double x) noexcept
cpdef double acos(double x) noexcept
cpdef double atan(double x) noexcept
cpdef double atan2(double y, double x) noexcept
cpdef double sinh(double x) noexcept
cpdef double cosh(double x) noexcept
cpdef double tanh(double x) noexcept
cpdef double asinh(double x) noexcept
cpdef double acosh(double x) noexcept
cpdef double atanh(double x) noexcept
cpdef double erf(double x) noexcept
cpdef double erfc(double x) noexcept
cpdef double gaussian(double x) noexcept
cpdef double normal_pdf(double x) noexcept
cpdef double normal_cdf(double x) noexcept
cpdef double relu(double x) noexcept
cpdef double leaky_relu(double x, double slope) noexcept
cpdef double elu(double x, double alpha) noexcept
cpdef double sigmoid(double x) noexcept
@cython.locals(power=double, total=double)
cpdef double sigmoid_rate(double x) noexcept
cpdef double softplus(double x) noexcept
cpdef double silu(double x) noexcept
cpdef double gelu(double x) noexcept
cpdef double sign(double x) noexcept
cpdef double floor(double x) noexcept
cpdef double ceil(double x) noexcept
cpdef double trunc(double x) noexcept
cpdef double rint(double x) noexcept
cpdef double maximum(double x, double y) noexcept
cpdef double minimum(double x, double y) noexcept
cpdef double at_least(double x, double bound) noexcept
cpdef double at_most(double x, double bound) noexcept
cpdef double clamp(double x, double low, double high) noexcept
cpdef double above(double x, double y) noexcept
cpdef double exceeds(double x, double y) noexcept
cpdef double less(double x, double y) noexcept
cpdef double less_equal(double x, double y) noexcept
cpdef double held(double x) noexcept
cpdef double where(double condition, double x, double y) noexcept
cpdef double strong_product(double x, double y) noexcept
cpdef double one_minus_square(double x) noexcept
cpdef double log_rate(double x) noexcept
cpdef double share(double x, double y) noexcept
@cython.locals(exponent=int)
cpdef double cosine(double x, double y) noexcept
@cython.locals(exponent=int)
cpdef double angle_rate(double y, double x) noexcept
cpdef double power_rate(double x, double y) noexcept
cpdef double power_log(double x, double y) noexcept
cpdef double power_times(double x, double y, double factor) noexcept
