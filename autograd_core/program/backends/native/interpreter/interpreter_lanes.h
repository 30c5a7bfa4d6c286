/* The interpreter for blocks of lanes, once for each instruction set that includes this.

   The includer defines NAME(x), what the functions are called; WIDTH, the doubles of a vector V,
   with I the integers as wide; DOTS, how many sums of the same x are taken at a time, and TILE, on
   how many vectors of each row: the vectors of the sums, of x and a weight's are in registers;
   ALWAYS_INLINE, UNROLL and UNORDERED; what is of one set is undefined at the end. Every loop over
   lanes is over whole vectors: what stands in lanes beyond the last sample is some sample's, and
   reaches no result. */

#define PARTS (PARTIAL_SUMS / WIDTH) /* vectors that eight lanes take */

ALWAYS_INLINE V NAME(root)(V x)
{
    for (int lane = 0; lane < WIDTH; lane++) LANE(x) = sqrt(LANE(x));
    return x;
}

#include "straight_functions.h" /* a build writes it from forward.py */

#include "interpreter_dots.h"
#include "interpreter_sums.h"

/* Operands of any sort, a vector at a time. */
ALWAYS_INLINE V NAME(operand)(const Work *work, int32_t number, int vector)
{
    if (number < 0) return SPLAT(work->uniforms[number]);
    return ((const V *)(work->rows + number * work->lanes))[vector];
}

static void NAME(listed)(const Work *work, const Instruction *at, int vectors)
{
    const int32_t *list = work->lists + at->first;
    V *result = (V *)(work->rows + at->result * work->lanes);
    const int count = at->second;
    for (int i = 0; i < vectors; i++) {
        V x = ZERO;
        switch (at->operation) {
        case op_where: {
            const V y = NAME(operand)(work, list[1], i), z = NAME(operand)(work, list[2], i);
            x = NAME(operand)(work, list[0], i);
            x = SELECT(x != ZERO, y, z);
            break;
        }
        case op_sum:
            for (int k = 0; k < count; k++) x += NAME(operand)(work, list[k], i);
            break;
        case op_dot:
            x = NAME(operand)(work, list[0], i);
            for (int k = 1; k < 2 * count; k += 2)
                x += NAME(operand)(work, list[k], i) * NAME(operand)(work, list[k + 1], i);
            break;
        default:
            for (int k = 0; k < 2 * count; k += 2) {
                const V c = NAME(operand)(work, list[k], i);
                const V p = NAME(operand)(work, list[k + 1], i);
                x += STRONG(c, p);
            }
        }
        result[i] = x;
    }
}

static void NAME(call)(const Work *work, const Instruction *at, int count, int lanes)
{
    const Function *function = &functions[at->operation - op_call];
    double *result = work->rows + at->result * work->lanes;
    const double *operand[3] = {0};
    int step[3] = {0};
    for (int k = 0; k < function->operands; k++) {
        const int32_t number = function->operands == 3 ? work->lists[at->first + k]
                               : k                     ? at->second
                                                       : at->first;
        operand[k] = number < 0 ? work->uniforms + number : work->rows + number * work->lanes;
        step[k] = number >= 0;
    }
    const double *x = operand[0], *y = operand[1], *z = operand[2];
    if (function->operands == 1)
        for (int s = 0; s < count; s++) result[s] = function->unary(x[s]);
    else if (function->operands == 2)
        for (int s = 0; s < count; s++)
            result[s] = function->binary(x[s * step[0]], y[s * step[1]]);
    else
        for (int s = 0; s < count; s++)
            result[s] = function->ternary(x[s * step[0]], y[s * step[1]], z[s * step[2]]);
    for (int s = count; s < lanes; s++) result[s] = result[count - 1];
}

/* Copy numbers of a pass, and have the next pass's fetched: memory waits for nobody, and a pass is
   too long for the processor to see the next one coming. */
ALWAYS_INLINE void NAME(copy_from)(double *row, const char *x, int64_t count)
{
    const int64_t bytes = count * (int64_t)sizeof *row;
    memcpy(row, x, bytes);
    for (int64_t k = bytes; k < 2 * bytes; k += LINE) PREFETCH(x + k, 0);
}

ALWAYS_INLINE void NAME(copy_to)(double *x, const double *row, int64_t count)
{
    const int64_t bytes = count * (int64_t)sizeof *row;
    memcpy(x, row, bytes);
    for (int64_t k = bytes; k < 2 * bytes; k += LINE) PREFETCH((char *)x + k, 1);
}

static void NAME(run)(const Work *work, int64_t from, int64_t to, const Span *span)
{
    const int64_t lanes = work->lanes;
    const double *uniforms = work->uniforms;
    double *rows = work->rows;
    const int used = (int)((span->count + PARTIAL_SUMS - 1) / PARTIAL_SUMS * PARTIAL_SUMS);
    const int vectors = used / WIDTH;

    for (const Instruction *at = work->code + from, *end = work->code + to; at < end; at++) {
        V *result = (V *)(rows + at->result * lanes);
        switch (at->operation) {
#define ROW(name, formula) \
    case op_##name: { \
        const V *a = (const V *)(rows + at->first * lanes); \
        for (int i = 0; i < vectors; i++) { \
            const V x = a[i]; \
            result[i] = formula; \
        } \
        break; \
    }
            UNARY_ROWS(ROW)
#undef ROW
#define ROW(name, formula) \
    case op_##name: { \
        const V *a = (const V *)(rows + at->first * lanes); \
        const V *b = (const V *)(rows + at->second * lanes); \
        for (int i = 0; i < vectors; i++) { \
            const V x = a[i], y = b[i]; \
            result[i] = formula; \
        } \
        break; \
    } \
    case op_##name##_uniform: { \
        const V *a = (const V *)(rows + at->first * lanes); \
        const V y = SPLAT(uniforms[at->second]); \
        for (int i = 0; i < vectors; i++) { \
            const V x = a[i]; \
            result[i] = formula; \
        } \
        break; \
    } \
    case op_uniform_##name: { \
        const V *b = (const V *)(rows + at->second * lanes); \
        const V x = SPLAT(uniforms[at->first]); \
        for (int i = 0; i < vectors; i++) { \
            const V y = b[i]; \
            result[i] = formula; \
        } \
        break; \
    }
            BINARY_ROWS(ROW)
#undef ROW
        case op_where:
        case op_sum:
        case op_dot:
        case op_strong_dot: NAME(listed)(work, at, vectors); break;
        case op_dots: NAME(dots)(op_dots, work, work->lists + at->first, vectors); break;
        case op_dots_relu: NAME(dots)(op_dots_relu, work, work->lists + at->first, vectors); break;
        case op_strong_dots:
            NAME(dots)(op_strong_dots, work, work->lists + at->first, vectors);
            break;
        case op_load: {
            const Block *block = work->blocks;
            int64_t start = 0;
            for (; block->stop <= at->first; block++) start = block->stop;
            const char *x = block->data + (at->first - start) * block->column_step;
            const int64_t *order = work->order, step = block->sample_step;
            double *r = (double *)result;
            int s = (int)span->count;
            if (step == sizeof *r && !order) NAME(copy_from)(r, x + span->first_sample * step, s);
            else
                for (s = 0; s < span->count; s++)
                    memcpy(r + s, x + ROW_OF(order, span->first_sample + s) * step, sizeof *r);
            for (; s < used; s++) r[s] = r[s - 1];
            break;
        }
        case op_store: {
            const int step = at->first >= 0;
            const double *x = step ? rows + at->first * lanes : uniforms + at->first;
            double *value = work->values + span->first_sample * work->width + at->second;
            if (work->width == 1 && step) NAME(copy_to)(value, x, span->count);
            else
                for (int s = 0; s < span->count; s++) value[s * work->width] = x[s * step];
            break;
        }
        case op_running:
            run_in_turn(work, at + 1, at->first, work->lists + at->second, at->result, span, used);
            at += at->first;
            break;
        case op_give: {
            const double *x = rows + at->first * lanes;
            NAME(copy_to)(work->outputs + at->second + span->first_sample, x, span->count);
            break;
        }
        case op_reduce: NAME(reduce)(work, span, at); break;
        case op_outers: NAME(outers)(work, span, work->lists + at->first, vectors); break;
        default: NAME(call)(work, at, (int)span->count, used);
        }
    }
}

#undef PARTS

/* For the next set. */
#undef SET
#undef WIDTH
#undef TILE
#undef DOTS
#undef OUTER_TILE
#undef PANEL_COTANGENTS
#undef LESSER
#undef GREATER
#undef UNORDERED
