/* What a call is made of, whichever back end's code it runs. */

#ifndef AUTOGRAD_CORE_DRIVER_H
#define AUTOGRAD_CORE_DRIVER_H

#include <stdint.h>

#if defined(__GNUC__)
#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define NOT_INLINE __attribute__((noinline))
#else
#define ALWAYS_INLINE static __forceinline
#define NOT_INLINE __declspec(noinline)
#endif
#if defined(__clang__)
#define UNROLL _Pragma("unroll")
#elif defined(__GNUC__)
#define UNROLL _Pragma("GCC unroll 8")
#else
#define UNROLL
#endif

#define PARTIAL_SUMS 8

/* In which row a sample stands. */
#define ROW_OF(order, sample) ((order) ? (order)[sample] : (int64_t)(sample))

/* Inputs: an array of as many rows as samples, or of one for all, with any strides (in bytes). */
typedef struct {
    const char *data;
    int64_t sample_step, column_step;
    int64_t stop; /* the number of the input after its last column */
} Block;

/* Where a call's numbers are and go. */
typedef struct {
    const Block *blocks;
    const int64_t *order; /* of the rows that are samples; NULL if they stand in order */
    const double *captured;
    double *uniforms; /* room for what is the same for all samples */
    double *values;   /* a row a sample */
    double *sums;
} Given;

/* The samples of one pass through a program. */
typedef struct {
    int64_t first_sample;
    int64_t count;
    int opens, closes; /* whether they are the first of their stripe, and the last */
} Span;

/* Eight partial sums as one, for so many summed outputs. */
static inline void fold_sums(const double *partial_sums, double *sums, int64_t count)
{
    for (int64_t k = 0; k < count; k++) {
        const double *p = partial_sums + PARTIAL_SUMS * k;
        sums[k] = ((p[0] + p[4]) + (p[2] + p[6])) + ((p[1] + p[5]) + (p[3] + p[7]));
    }
}

#endif
