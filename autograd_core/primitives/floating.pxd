# What floating.py offers plain Python, on the bits of doubles. The translation copies these lines.

cdef extern from * nogil:
    """
    #include <stdint.h>

    static inline double floating_power_of_two(double k)
    {
        union { double number; uint64_t bits; } x = {k + 6755399441056767.0}; /* 3 * 2**51 + 1023 */
        x.bits <<= 52;
        return x.number;
    }

    static inline double floating_exponent(double x)
    {
        union { double number; uint64_t bits; } y = {x};
        y.bits = y.bits >> 52 | 0x4330000000000000;
        return y.number - 4503599627371519.0; /* 2**52 + 1023 */
    }

    static inline double floating_significand(double x)
    {
        union { double number; uint64_t bits; } y = {x};
        y.bits = (y.bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000;
        return y.number;
    }
    """
    double power_of_two "floating_power_of_two"(double)
    double exponent "floating_exponent"(double)
    double significand "floating_significand"(double)
