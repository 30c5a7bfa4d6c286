# C types for rules.py: each formula compiles twice, for doubles and for objects.
cimport cython
from autograd_core cimport scalar
from autograd_core.scalar cimport Scalar

cdef double NAN, LN2, LN10, TWO_OVER_SQRT_PI

cpdef Scalar add_partial_x(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar add_partial_y(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar sub_partial_x(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar sub_partial_y(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar mul_partial_x(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar mul_partial_y(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar div_partial_x(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar div_partial_y(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar mod_partial_x(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar mod_partial_y(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar pow_partial_x(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar pow_partial_y(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar power_rate_partial_x(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar power_rate_partial_y(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar power_log_partial_x(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar power_log_partial_y(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar neg_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar abs_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar square_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar reciprocal_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar sqrt_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar cbrt_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar hypot_partial_x(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar hypot_partial_y(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar cosine_partial_x(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar cosine_partial_y(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar strong_product_partial_x(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar strong_product_partial_y(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar exp_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar expm1_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar log_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar log1p_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar log2_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar log10_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar log_rate_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar logaddexp_partial_x(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar logaddexp_partial_y(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar share_partial_x(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar share_partial_y(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar sin_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar cos_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar tan_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar asin_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar acos_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar atan_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar atan2_partial_y(Scalar y, Scalar x, Scalar out) noexcept
cpdef Scalar atan2_partial_x(Scalar y, Scalar x, Scalar out) noexcept
cpdef Scalar angle_rate_partial_y(Scalar y, Scalar x, Scalar out) noexcept
@cython.locals(other=Scalar)
cpdef Scalar angle_rate_partial_x(Scalar y, Scalar x, Scalar out) noexcept
cpdef Scalar sinh_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar cosh_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar tanh_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar asinh_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar acosh_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar atanh_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar erf_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar erfc_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar gaussian_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar normal_pdf_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar normal_cdf_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar relu_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar leaky_relu_partial_x(Scalar x, Scalar slope, Scalar out) noexcept
cpdef Scalar leaky_relu_partial_slope(Scalar x, Scalar slope, Scalar out) noexcept
cpdef Scalar elu_partial_x(Scalar x, Scalar alpha, Scalar out) noexcept
cpdef Scalar elu_partial_alpha(Scalar x, Scalar alpha, Scalar out) noexcept
cpdef Scalar sigmoid_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar softplus_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar silu_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar gelu_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar flat_partial_x(Scalar x, Scalar out) noexcept
cpdef Scalar flat_partial_xy(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar maximum_partial_x(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar maximum_partial_y(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar minimum_partial_x(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar minimum_partial_y(Scalar x, Scalar y, Scalar out) noexcept
cpdef Scalar at_least_partial_x(Scalar x, Scalar bound, Scalar out) noexcept
cpdef Scalar at_least_partial_bound(Scalar x, Scalar bound, Scalar out) noexcept
cpdef Scalar at_most_partial_x(Scalar x, Scalar bound, Scalar out) noexcept
cpdef Scalar at_most_partial_bound(Scalar x, Scalar bound, Scalar out) noexcept
cpdef Scalar clamp_partial_x(Scalar x, Scalar low, Scalar high, Scalar out) noexcept
cpdef Scalar clamp_partial_low(Scalar x, Scalar low, Scalar high, Scalar out) noexcept
cpdef Scalar clamp_partial_high(Scalar x, Scalar low, Scalar high, Scalar out) noexcept
cpdef Scalar where_partial_condition(Scalar condition, Scalar x, Scalar y, Scalar out) noexcept
@cython.locals(nothing=Scalar, all_of_it=Scalar)
cpdef Scalar where_partial_x(Scalar condition, Scalar x, Scalar y, Scalar out) noexcept
@cython.locals(nothing=Scalar, all_of_it=Scalar)
cpdef Scalar where_partial_y(Scalar condition, Scalar x, Scalar y, Scalar out) noexcept
