# The choice of scalar.py, made while compiling: doubles go to forward, objects to their method.
from autograd_core cimport forward

ctypedef fused Scalar:
    double
    object

ctypedef fused Condition:
    bint
    object


cdef inline Scalar abs(Scalar x):
    if Scalar is double:
        return forward.abs(x)
    else:
        return x.abs()


cdef inline Scalar sign(Scalar x):
    if Scalar is double:
        return forward.sign(x)
    else:
        return x.sign()


cdef inline Scalar exp(Scalar x):
    if Scalar is double:
        return forward.exp(x)
    else:
        return x.exp()


cdef inline Scalar expm1(Scalar x):
    if Scalar is double:
        return forward.expm1(x)
    else:
        return x.expm1()


cdef inline Scalar log(Scalar x):
    if Scalar is double:
        return forward.log(x)
    else:
        return x.log()


cdef inline Scalar log_rate(Scalar x):
    if Scalar is double:
        return forward.log_rate(x)
    else:
        return x.log_rate()


cdef inline Scalar sqrt(Scalar x):
    if Scalar is double:
        return forward.sqrt(x)
    else:
        return x.sqrt()


cdef inline Scalar sin(Scalar x):
    if Scalar is double:
        return forward.sin(x)
    else:
        return x.sin()


cdef inline Scalar cos(Scalar x):
    if Scalar is double:
        return forward.cos(x)
    else:
        return x.cos()


cdef inline Scalar sinh(Scalar x):
    if Scalar is double:
        return forward.sinh(x)
    else:
        return x.sinh()


cdef inline Scalar cosh(Scalar x):
    if Scalar is double:
        return forward.cosh(x)
    else:
        return x.cosh()


cdef inline Scalar sigmoid(Scalar x):
    if Scalar is double:
        return forward.sigmoid(x)
    else:
        return x.sigmoid()


cdef inline Scalar gaussian(Scalar x):
    if Scalar is double:
        return forward.gaussian(x)
    else:
        return x.gaussian()


cdef inline Scalar normal_cdf(Scalar x):
    if Scalar is double:
        return forward.normal_cdf(x)
    else:
        return x.normal_cdf()


cdef inline Scalar normal_pdf(Scalar x):
    if Scalar is double:
        return forward.normal_pdf(x)
    else:
        return x.normal_pdf()


cdef inline Scalar pow(Scalar x, Scalar y):
    if Scalar is double:
        return forward.pow(x, y)
    else:
        return x.pow(y)


cdef inline Scalar floordiv(Scalar x, Scalar y):
    if Scalar is double:
        return forward.floordiv(x, y)
    else:
        return x.floordiv(y)


cdef inline Scalar hypot(Scalar x, Scalar y):
    if Scalar is double:
        return forward.hypot(x, y)
    else:
        return x.hypot(y)


cdef inline Scalar share(Scalar x, Scalar y):
    if Scalar is double:
        return forward.share(x, y)
    else:
        return x.share(y)


cdef inline Scalar cosine(Scalar x, Scalar y):
    if Scalar is double:
        return forward.cosine(x, y)
    else:
        return x.cosine(y)


cdef inline Scalar angle_rate(Scalar x, Scalar y):
    if Scalar is double:
        return forward.angle_rate(x, y)
    else:
        return x.angle_rate(y)


cdef inline Scalar power_rate(Scalar x, Scalar y):
    if Scalar is double:
        return forward.power_rate(x, y)
    else:
        return x.power_rate(y)


cdef inline Scalar power_log(Scalar x, Scalar y):
    if Scalar is double:
        return forward.power_log(x, y)
    else:
        return x.power_log(y)


cdef inline Scalar strong_product(Scalar x, Scalar y):
    if Scalar is double:
        return forward.strong_product(x, y)
    else:
        return x.strong_product(y)


cdef inline Scalar above(Scalar x, Scalar y):
    if Scalar is double:
        return forward.above(x, y)
    else:
        return x.above(y)


cdef inline Scalar exceeds(Scalar x, Scalar y):
    if Scalar is double:
        return forward.exceeds(x, y)
    else:
        return x.exceeds(y)


cdef inline Scalar at_most(Scalar x, Scalar y):
    if Scalar is double:
        return forward.at_most(x, y)
    else:
        return x.at_most(y)


cdef inline Scalar where(Condition condition, Scalar x, Scalar y):
    if Condition is bint:
        return x if condition else y
    else:
        return (x if condition else y) if isinstance(condition, bool) else condition.where(x, y)
