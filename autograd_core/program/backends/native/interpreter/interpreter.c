/* The interpreter of executables: for single numbers here, for blocks of lanes in
   interpreter_lanes.h, which interpreter_sets.h compiles once for each instruction set. Additions
   and products are never contracted and never reordered. */

#include "interpreter.h"

#include <math.h>
#include <string.h>

#include "forward_functions.h" /* a build writes it from forward.py */

#define LINE 64 /* bytes of a cache line */
#if defined(__GNUC__)
#define PREFETCH(x, to_write) __builtin_prefetch(x, to_write)
#else
#define PREFETCH(x, to_write) ((void)0)
#endif

#define NOT_A_NUMBER ((double)NAN)

#if defined(__GNUC__)
/* Four times eight, in a row, at once. */
typedef double Four __attribute__((vector_size(32), may_alias));
#if defined(__clang__) || __GNUC__ >= 12
#define SHUFFLE(x, y, a, b, c, d) __builtin_shufflevector(x, y, a, b, c, d)
#else
typedef int64_t Places __attribute__((vector_size(32)));
#define SHUFFLE(x, y, a, b, c, d) __builtin_shuffle(x, y, (Places){a, b, c, d})
#endif
#define FOLD_FOUR(p, four) \
    do { \
        const Four *q = (const Four *)(p); \
        const Four q0 = q[0] + q[1], q1 = q[2] + q[3], q2 = q[4] + q[5], q3 = q[6] + q[7]; \
        const Four even01 = SHUFFLE(q0, q1, 0, 4, 2, 6), odd01 = SHUFFLE(q0, q1, 1, 5, 3, 7); \
        const Four even23 = SHUFFLE(q2, q3, 0, 4, 2, 6), odd23 = SHUFFLE(q2, q3, 1, 5, 3, 7); \
        const Four first = SHUFFLE(even01, even23, 0, 1, 4, 5) + \
                           SHUFFLE(even01, even23, 2, 3, 6, 7); \
        const Four second = SHUFFLE(odd01, odd23, 0, 1, 4, 5) + \
                            SHUFFLE(odd01, odd23, 2, 3, 6, 7); \
        (four) = first + second; \
    } while (0)
#endif

const Named operations[] = {
#define ROW(name, formula) {#name, op_##name},
    UNARY_ROWS(ROW)
#undef ROW
#define ROW(name, formula) \
    {#name, op_##name}, {#name "_uniform", op_##name##_uniform}, {"uniform_" #name, op_uniform_##name},
    BINARY_ROWS(ROW)
#undef ROW
#define OPERATION(name) {#name, op_##name},
    OTHER_OPERATIONS(OPERATION)
#undef OPERATION
    {"call", op_call},
    {0, 0}};

/* Single numbers. */
#define SPLAT(x) (x)
#define ZERO 0.0
#define SELECT(condition, x, y) ((condition) ? (x) : (y))
#define LESSER(x, y) ((x) < (y) ? (x) : (y))
#define GREATER(x, y) ((x) > (y) ? (x) : (y))
#define MAGNITUDE(x) fabs(x)
#define ROOT(x) sqrt(x)
#define OWN(name) ag_##name

static double strong_sum(const double *u, const Dots *of, int j)
{
    double sum = 0.0;
    Part part = {0};
    for (int from = 0; from < of->n; from = part.to) {
        part_from(of, from, &part);
        for (int k = from; k < part.to; k++) {
            const double x = u[of->xs[k]], weight = u[weight_of(of, &part, j, k)];
            sum += STRONG(x, weight);
        }
    }
    return sum;
}

ALWAYS_INLINE void uniform_group(const int M, int operation, double *u, const Dots *of, int j)
{
    double sums[4], room[4 * MOST_WEIGHTS];
    const double *weights[4];
    Part part = {0};
    UNROLL
    for (int q = 0; q < M; q++) sums[q] = operation == op_strong_dots ? 0.0 : u[of->starts[j + q]];
    for (int from = 0; from < of->n; from = part.to) {
        part_from(of, from, &part);
        const int64_t apart = weights_of(M, of, &part, u, j, room, weights);
        for (int64_t k = from, place = 0; k < part.to; k++, place += apart) {
            const double x = u[of->xs[k]];
            UNROLL
            for (int q = 0; q < M; q++) sums[q] += weights[q][place] * x;
        }
    }
    for (int q = 0; q < M; q++) {
        double x = sums[q];
        if (operation == op_strong_dots && x != x) x = strong_sum(u, of, j + q);
        u[of->results[j + q]] = operation == op_dots_relu && x <= 0.0 ? 0.0 : x;
    }
}

static void uniform_dots(int operation, double *u, const int32_t *list)
{
    const Dots of = dots_of(operation, list);
    int j = 0;
    for (; j + 4 <= of.m; j += 4) uniform_group(4, operation, u, &of, j);
    if (of.m - j == 3) uniform_group(3, operation, u, &of, j);
    else if (of.m - j == 2) uniform_group(2, operation, u, &of, j);
    else if (of.m - j == 1) uniform_group(1, operation, u, &of, j);
}

static double uniform_call(const Instruction *at, const int32_t *lists, const double *u)
{
    const Function *function = &functions[at->operation - op_call];
    if (function->operands == 1) return function->unary(u[at->first]);
    if (function->operands == 2) return function->binary(u[at->first], u[at->second]);
    const int32_t *list = lists + at->first;
    return function->ternary(u[list[0]], u[list[1]], u[list[2]]);
}

static void run_loop(const int32_t *list, double *u, const Work *loops, RunLanes run)
{
    const int64_t from = list[0], to = list[1], turns = list[2];
    const int streams = list[3];
    Block blocks[MOST_STREAMS];
    Work work = *loops;
    for (int k = 0; k < streams; k++) {
        blocks[k].data = (const char *)(u + list[4 + 2 * k]);
        blocks[k].sample_step = (int64_t)sizeof(double) * list[5 + 2 * k];
        blocks[k].column_step = 0;
        blocks[k].stop = k + 1;
    }
    work.uniforms = u;
    work.blocks = blocks;
    work.order = NULL;
    work.values = u; /* a column of it each */
    work.width = 1;
    for (Span span = {0, 0, 0, 0}; span.first_sample < turns; span.first_sample += span.count) {
        span.count = turns - span.first_sample < work.lanes ? turns - span.first_sample : work.lanes;
        run(&work, from, to, &span);
    }
}

void run_uniform(const Instruction *code, const int32_t *lists, double *u, int64_t from, int64_t to,
                 const Work *loops, RunLanes run)
{
    for (const Instruction *at = code + from, *end = code + to; at < end; at++) {
        switch (at->operation) {
#define ROW(name, formula) \
    case op_##name: { \
        const double x = u[at->first]; \
        u[at->result] = formula; \
        break; \
    }
            UNARY_ROWS(ROW)
#undef ROW
#define ROW(name, formula) \
    case op_##name: { \
        const double x = u[at->first], y = u[at->second]; \
        u[at->result] = formula; \
        break; \
    }
            BINARY_ROWS(ROW)
#undef ROW
        case op_where: {
            const int32_t *list = lists + at->first;
            u[at->result] = u[list[0]] != 0.0 ? u[list[1]] : u[list[2]];
            break;
        }
        case op_sum: {
            double sum = 0.0;
            for (const int32_t *x = lists + at->first, *stop = x + at->second; x < stop; x++)
                sum += u[*x];
            u[at->result] = sum;
            break;
        }
        case op_dot: {
            const int32_t *x = lists + at->first, *stop = x + 2 * (int64_t)at->second;
            double sum = u[*x];
            for (; x < stop; x += 2) sum += u[x[1]] * u[x[2]];
            u[at->result] = sum;
            break;
        }
        case op_strong_dot: {
            const int32_t *list = lists + at->first;
            const int n = at->second;
            double sum = 0.0;
            for (int k = 0; k < 2 * n; k += 2) sum += u[list[k]] * u[list[k + 1]];
            if (sum != sum) {
                sum = 0.0;
                for (int k = 0; k < 2 * n; k += 2) {
                    const double x = u[list[k]], weight = u[list[k + 1]];
                    sum += STRONG(x, weight);
                }
            }
            u[at->result] = sum;
            break;
        }
        case op_dots:
        case op_dots_relu:
        case op_strong_dots: uniform_dots(at->operation, u, lists + at->first); break;
        case op_loop:
            if (at->result == 0 ||
                ((LoopCode)loops->loops[at->result - 1])(u, lists + at->second, loops->outputs,
                                                         lists[at->first + 2]))
                run_loop(lists + at->first, u, loops, run);
            break;
        default: u[at->result] = uniform_call(at, lists, u);
        }
    }
}

#include "interpreter_turns.h"

#include "interpreter_sets.h"
