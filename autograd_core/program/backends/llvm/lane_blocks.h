/* A pass through what LLVM compiled: blocks of lanes, each with a frame of its own.

   The inputs that are read go into the frames, the program's functions are run on one frame after
   another and the tiles of products on all of them, and the outputs come out. Blocks are whole turns
   of eight samples: spare lanes repeat the last sample, and the mask in a frame tells the functions
   which they are. Doubts about products, as `llvm_text` explains, come from lanes that are samples, from
   the uniform part and from sums that come to NaN. */

#ifndef AUTOGRAD_CORE_LANE_BLOCKS_H
#define AUTOGRAD_CORE_LANE_BLOCKS_H

#include <stdint.h>
#include <string.h>

#include "driver.h"

#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>
#endif

typedef void (*Part)(double *frame, const double *captured, const double *uniforms, double *sums);
typedef int64_t (*Tile)(const double *frame, int64_t apart, int64_t turns, double *sums,
                        double *room, double *totals, const int64_t *table, int64_t panels,
                        int64_t begins, int64_t ends);

/* All tiles of one shape: their function, where their numbers are and go, how many panels they are
   of, and how many partial sums they have. */
typedef struct {
    Tile code;
    const int64_t *table;
    int64_t panels, sums;
} Shape;

/* Places in a frame are slots of as many doubles as there are lanes. */
typedef struct {
    const Part *uniform_functions, *functions;
    int64_t function_count;
    const Shape *shapes;
    int64_t shape_count;
    const int64_t *reads; /* the inputs that frames have, in order */
    int64_t read_count;
    const int64_t *own; /* which sums no tile computes: their partial sums come first */
    int64_t lanes, frame_size, mask, doubts, first_output, first_input;
    int64_t width, summed;
    int64_t at_once, in_tiles; /* how many those are; how many partial sums tiles have */
    int64_t uniform_doubts;
    int doubtful; /* whether a NaN may be a product's that had to be 0 */
} Program;

/* Two numbers of each of two samples, which stand side by side: two numbers of two lanes each. */
ALWAYS_INLINE void cross(double *to, int lanes, const char *one, const char *other)
{
#if defined(__GNUC__)
    typedef double Two __attribute__((vector_size(16)));
    Two x, y;
    memcpy(&x, one, sizeof x);
    memcpy(&y, other, sizeof y);
    const Two first = {x[0], y[0]}, second = {x[1], y[1]};
    memcpy(to, &first, sizeof first);
    memcpy(to + lanes, &second, sizeof second);
#else
    memcpy(to, one, sizeof *to);
    memcpy(to + 1, other, sizeof *to);
    memcpy(to + lanes, one + sizeof *to, sizeof *to);
    memcpy(to + lanes + 1, other + sizeof *to, sizeof *to);
#endif
}

#if defined(__GNUC__) && defined(__x86_64__)
#define WITH_AVX __attribute__((target("avx")))

/* The same of four samples. */
WITH_AVX ALWAYS_INLINE void cross_four(double *to, int lanes, const char *const *rows, int64_t at)
{
    const __m256d even = _mm256_insertf128_pd(
        _mm256_castpd128_pd256(_mm_loadu_pd((const double *)(rows[0] + at))),
        _mm_loadu_pd((const double *)(rows[2] + at)), 1);
    const __m256d odd = _mm256_insertf128_pd(
        _mm256_castpd128_pd256(_mm_loadu_pd((const double *)(rows[1] + at))),
        _mm_loadu_pd((const double *)(rows[3] + at)), 1);
    _mm256_storeu_pd(to, _mm256_unpacklo_pd(even, odd));
    _mm256_storeu_pd(to + lanes, _mm256_unpackhi_pd(even, odd));
}
#endif

typedef void (*Cross)(double *to, int lanes, const char *const *rows, int64_t at);

ALWAYS_INLINE void cross_two(double *to, const int lanes, const char *const *rows, int64_t at)
{
    UNROLL
    for (int lane = 0; lane < lanes; lane += 2)
        cross(to + lane, lanes, rows[lane] + at, rows[lane + 1] + at);
}

ALWAYS_INLINE void gather_lanes(const int lanes, const Program *program, const Given *given,
                                double *to, int64_t first, int count, Cross across)
{
    const Block *block = given->blocks;
    const int64_t *read = program->reads, *const end = read + program->read_count;
    for (int64_t start = 0; read < end; start = block++->stop) {
        const char *rows[8];
        const int64_t column = block->column_step;
        const int in_row = column == sizeof *to;
        const int in_column = count >= lanes && block->sample_step == sizeof *to && !given->order;
        UNROLL
        for (int lane = 0; lane < lanes; lane++) {
            const int64_t sample = ROW_OF(given->order, first + (lane < count ? lane : count - 1));
            rows[lane] = block->data + sample * block->sample_step - start * column;
        }
        for (; read < end && *read < block->stop; read++, to += lanes) {
            const int64_t at = *read * column;
            if (in_column) memcpy(to, rows[0] + at, lanes * sizeof *to);
            else if (lanes > 1 && in_row && end - read > 1 && read[1] == *read + 1 &&
                     read[1] < block->stop) {
                across(to, lanes, rows, at);
                read++, to += lanes;
            } else {
                UNROLL
                for (int lane = 0; lane < lanes; lane++)
                    memcpy(to + lane, rows[lane] + at, sizeof *to);
            }
        }
    }
}

#if defined(WITH_AVX)
WITH_AVX ALWAYS_INLINE void cross_fours(double *to, const int lanes, const char *const *rows,
                                        int64_t at)
{
    UNROLL
    for (int lane = 0; lane < lanes; lane += 4) cross_four(to + lane, lanes, rows + lane, at);
}

WITH_AVX static void gather_avx(const Program *program, const Given *given, double *to,
                                int64_t first, int count)
{
    if (program->lanes == 8) gather_lanes(8, program, given, to, first, count, cross_fours);
    else gather_lanes(4, program, given, to, first, count, cross_fours);
}
#endif

static void gather(const Program *program, const Given *given, double *to, int64_t first, int count)
{
#if defined(WITH_AVX)
    if (program->lanes >= 4 && __builtin_cpu_supports("avx")) {
        gather_avx(program, given, to, first, count);
        return;
    }
#endif
    switch (program->lanes) {
    case 1: gather_lanes(1, program, given, to, first, count, cross_two); break;
    case 2: gather_lanes(2, program, given, to, first, count, cross_two); break;
    case 4: gather_lanes(4, program, given, to, first, count, cross_two); break;
    default: gather_lanes(8, program, given, to, first, count, cross_two);
    }
}

static void mark(double *mask, int64_t lanes, int64_t real)
{
    int64_t *bits = (int64_t *)mask;
    for (int64_t lane = 0; lane < lanes; lane++) bits[lane] = lane < real ? -1 : 0;
}

/* What new frames hold: no spare lanes, a slot of ones, no doubts. */
static void prepare_frames(const Program *program, double *frames, int64_t blocks, int64_t ones)
{
    const int64_t size = program->frame_size * program->lanes;
    memset(frames, 0, blocks * size * sizeof *frames);
    for (int64_t b = 0; b < blocks; b++, frames += size) {
        mark(frames + program->mask * program->lanes, program->lanes, program->lanes);
        for (int64_t lane = 0; lane < program->lanes; lane++)
            frames[ones * program->lanes + lane] = 1.0;
    }
}

static int64_t run_once(const Program *program, const Given *given, int64_t from, int64_t to)
{
    int64_t doubt;
    for (int64_t k = from; k < to; k++)
        program->uniform_functions[k](given->uniforms, given->captured, 0, 0);
    memcpy(&doubt, given->uniforms + program->uniform_doubts, sizeof doubt);
    return program->doubtful ? doubt : 0;
}

/* Not 0 if a total is NaN. */
static int64_t add_tiles(const Program *program, const double *frames, int64_t turns, double *sums,
                         double *totals, const Span *span)
{
    double *const room = sums + program->in_tiles;
    const int64_t apart = program->frame_size * program->lanes * (int64_t)sizeof *frames;
    int64_t nan = 0;
    for (const Shape *of = program->shapes, *end = of + program->shape_count; of < end; of++) {
        nan |= of->code(frames, apart, turns, sums, room, totals, of->table, of->panels,
                        span->opens, span->closes);
        sums += of->sums;
    }
    return nan;
}

/* What the partial sums come to that no tile has added up; not 0 if one is NaN. */
static int64_t collect(const Program *program, const double *sums, double *totals)
{
    const int64_t parts = program->lanes == 1 ? 1 : PARTIAL_SUMS;
    int64_t nan = 0;
    for (int64_t k = 0; k < program->at_once; k++, sums += parts) {
        double total = *sums;
        if (parts > 1) fold_sums(sums, &total, 1);
        totals[program->own[k]] = total;
        nan |= total != total;
    }
    return nan;
}

static void take_out(const Program *program, const Given *given, double *frame, int64_t first,
                     int count, int64_t *doubt)
{
    const int64_t lanes = program->lanes, width = program->width;
    const double *outputs = frame + program->first_output * lanes;
    double *values = given->values + first * width;
    if (program->doubtful) {
        double *doubts = frame + program->doubts * lanes;
        for (int lane = 0; lane < count; lane++) {
            int64_t bits;
            memcpy(&bits, doubts + lane, sizeof bits);
            *doubt |= bits;
        }
        memset(doubts, 0, lanes * sizeof *doubts);
    }
    if (width == 1 && count > 0) memcpy(values, outputs, count * sizeof *values);
    else
        for (int lane = 0; lane < count; lane++, values += width)
            for (int64_t k = 0; k < width; k++) values[k] = outputs[k * lanes + lane];
}

/* Functions from and to are run on the samples of a pass, in between what comes first and last. */
static void run_blocks(const Program *program, const Given *given, double *frames, double *sums,
                       double *totals, int64_t *doubt, int64_t from, int64_t to, const Span *span)
{
    const int64_t lanes = program->lanes, size = program->frame_size * lanes;
    const int64_t phases = lanes == 1 ? 1 : PARTIAL_SUMS / lanes;
    const int64_t turns = (span->count + phases * lanes - 1) / (phases * lanes);
    const int64_t blocks = turns * phases, whole = span->count / lanes;
    if (from == 0) {
        if (span->opens) memset(sums, 0, program->at_once * phases * lanes * sizeof *sums);
        for (int64_t b = whole; b < blocks; b++)
            mark(frames + b * size + program->mask * lanes, lanes, span->count - b * lanes);
        for (int64_t b = 0; b < blocks; b++)
            gather(program, given, frames + b * size + program->first_input * lanes,
                   span->first_sample + b * lanes, (int)(span->count - b * lanes));
    }
    for (int64_t k = from; k < to; k++)
        for (int64_t b = 0; b < blocks; b++)
            program->functions[k](frames + b * size, given->captured, given->uniforms,
                                  sums + b % phases * lanes);
    if (to < program->function_count) return;
    int64_t nan = add_tiles(program, frames, turns, sums + program->at_once * phases * lanes,
                            totals, span);
    for (int64_t b = 0; b < blocks; b++) {
        const int64_t left = span->count - b * lanes;
        take_out(program, given, frames + b * size, span->first_sample + b * lanes,
                 left < 0 ? 0 : left < lanes ? (int)left : (int)lanes, doubt);
    }
    for (int64_t b = whole; b < blocks; b++)
        mark(frames + b * size + program->mask * lanes, lanes, lanes);
    if (span->closes) nan |= collect(program, sums, totals);
    if (nan && program->doubtful) *doubt = 1;
}

#endif
