# What libm.py offers plain Python, bound to the C library itself.

cdef extern from "<math.h>" nogil:
    double sqrt(double)
    double floor(double)
    double ceil(double)
    double trunc(double)
    double rint(double)
    double fabs(double)
    bint isnan(double)
    bint isinf(double)
    double copysign(double, double)
    double fmod(double, double)
    double ldexp(double, int)
    int ilogb(double)
