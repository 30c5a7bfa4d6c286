/* Blocks of lanes, once for each instruction set: what vectors are there, and the table of them all.
   Included by interpreter.c, which has the same words for single numbers. */

#define NAME_OF(name, set) name##_##set
#define NAMED(name, set) NAME_OF(name, set)
#define NAME(name) NAMED(name, SET)
#define ANY_NAN(x) (UNORDERED(x, x) != 0) /* UNORDERED: whether, or in which lanes, one is NaN */
#undef OWN
#define OWN(name) NAME(lanes_##name)

#if defined(__GNUC__)
#undef SPLAT
#undef ZERO
#undef SELECT
#undef LESSER
#undef GREATER
#undef MAGNITUDE
#undef ROOT
#define ROOT(x) NAME(root)(x)
#define SPLAT(x) ((x) - (V){0}) /* x less zero is x */
#define ZERO ((V){0})
#define SELECT(condition, x, y) \
    ((V)(((I)(condition) & (I)(x)) | (~(I)(condition) & (I)(y))))
#define MAGNITUDE(x) ((V)((I)(x) & INT64_MAX))
#define POWER_OF_TWO(k) ((V)((I)((k) + SPLAT(6755399441056767.0)) << 52)) /* 3 * 2**51 + 1023 */
#define EXPONENT(x) \
    ((V)((U)(x) >> 52 | UINT64_C(0x4330000000000000)) - SPLAT(4503599627371519.0)) /* 2**52 + 1023 */
#define SIGNIFICAND(x) \
    ((V)(((I)(x) & INT64_C(0x000FFFFFFFFFFFFF)) | INT64_C(0x3FF0000000000000)))
/* Whether it holds in all lanes. */
#define ALL(condition) (!ANY_NAN(SELECT(condition, ZERO, SPLAT(NOT_A_NUMBER))))
/* The lanes of `out` for which the condition holds, number by number. */
#define ASK(condition, out, value) \
    do { \
        const V asked = SELECT(condition, SPLAT(NOT_A_NUMBER), ZERO); \
        if (ANY_NAN(asked)) \
            for (int lane = 0; lane < WIDTH; lane++) \
                if (asked[lane] != asked[lane]) (out)[lane] = (value); \
    } while (0)
#define LANE(x) (x)[lane]
#define DECLARE_VECTORS(bytes) \
    typedef double NAME(Doubles) __attribute__((vector_size(bytes), may_alias)); \
    typedef int64_t NAME(Integers) __attribute__((vector_size(bytes), may_alias)); \
    typedef uint64_t NAME(Naturals) __attribute__((vector_size(bytes), may_alias));
#define V NAME(Doubles)
#define I NAME(Integers)
#define U NAME(Naturals)

#if defined(__x86_64__)
#include <immintrin.h>

#define SET avx512
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl"))), \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl,prefer-vector-width=512")
#endif
#define WIDTH 8
#define TILE 5
#define DOTS 4
#define OUTER_TILE 4
#define PANEL_COTANGENTS 6
#define LESSER(x, y) ((V)_mm512_min_pd((__m512d)(x), (__m512d)(y)))
#define GREATER(x, y) ((V)_mm512_max_pd((__m512d)(x), (__m512d)(y)))
#define UNORDERED(x, y) _mm512_cmp_pd_mask((__m512d)(x), (__m512d)(y), _CMP_UNORD_Q)
DECLARE_VECTORS(64)
#include "interpreter_lanes.h"
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#define SET avx2
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif
#define WIDTH 4
#define TILE 2
#define DOTS 6
#define OUTER_TILE 2
#define PANEL_COTANGENTS 3
#define LESSER(x, y) ((V)_mm256_min_pd((__m256d)(x), (__m256d)(y)))
#define GREATER(x, y) ((V)_mm256_max_pd((__m256d)(x), (__m256d)(y)))
#define UNORDERED(x, y) \
    _mm256_movemask_pd(_mm256_cmp_pd((__m256d)(x), (__m256d)(y), _CMP_UNORD_Q))
DECLARE_VECTORS(32)
#include "interpreter_lanes.h"
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

static int has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
}

static int has_avx2(void) { return __builtin_cpu_supports("avx2") != 0; }
#endif

#define SET base /* SSE2, NEON or whatever the compiler makes of it */
#define WIDTH 2
#define TILE 2
#define DOTS 4
#define OUTER_TILE 2
#define PANEL_COTANGENTS 3
/* As SSE2 chooses best: where the compiler sees a choice, it asks one number after the other. */
#undef SELECT
#define SELECT(condition, x, y) ((V)((((I)(x) ^ (I)(y)) & (I)(condition)) ^ (I)(y)))
#if defined(__SSE2__)
#define LESSER(x, y) ((V)_mm_min_pd((__m128d)(x), (__m128d)(y)))
#define GREATER(x, y) ((V)_mm_max_pd((__m128d)(x), (__m128d)(y)))
#define UNORDERED(x, y) _mm_movemask_pd(_mm_cmpunord_pd((__m128d)(x), (__m128d)(y)))
#else
#define LESSER(x, y) SELECT((x) < (y), x, y)
#define GREATER(x, y) SELECT((x) > (y), x, y)
#define UNORDERED(x, y) (isunordered((x)[0], (y)[0]) || isunordered((x)[1], (y)[1]))
#endif
DECLARE_VECTORS(16)
#else
#define POWER_OF_TWO(k) ag_floating_power_of_two(k)
#define EXPONENT(x) ag_floating_exponent(x)
#define SIGNIFICAND(x) ag_floating_significand(x)
#define ALL(condition) (condition)
#define ASK(condition, out, value) \
    do { \
        if (condition) (out) = (value); \
    } while (0)
#define LANE(x) (x)
#define SET base
#define WIDTH 1
#define TILE 3
#define DOTS 4
#define OUTER_TILE 2
#define PANEL_COTANGENTS 3
#define UNORDERED(x, y) isunordered(x, y)
typedef double V;
#endif
#include "interpreter_lanes.h"

static int always(void) { return 1; }

const InstructionSet instruction_sets[] = {
#if defined(__GNUC__) && defined(__x86_64__)
    {"avx512", run_avx512, has_avx512},
    {"avx2", run_avx2, has_avx2},
#endif
    {"base", run_base, always},
    {0, 0, 0}};
