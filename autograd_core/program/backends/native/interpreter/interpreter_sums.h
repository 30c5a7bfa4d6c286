/* Sums over the samples: of rows, and of products of rows that are only added up, a few of one kind
   by a few of the other at a time. Sample s of a stripe is added to partial sum s mod 8. Included by
   interpreter_lanes.h. */

/* Σ c x over the lanes for C cotangents and X rows: one part of their partial sums, of strong
   products if `strong`. */
ALWAYS_INLINE void NAME(outers_part)(const int C, const int X, const int strong, const V *const *c,
                                     const V *const *x, int part, int vectors, V sums[4][4])
{
    for (int i = part; i < vectors; i += PARTS) {
        UNROLL
        for (int j = 0; j < C; j++) {
            UNROLL
            for (int k = 0; k < X; k++) {
                if (strong) sums[j][k] += STRONG(c[j][i], x[k][i]);
                else sums[j][k] += c[j][i] * x[k][i];
            }
        }
    }
}

/* Of a whole stripe: the sums themselves. */
ALWAYS_INLINE int NAME(outers_folded)(const int C, const int X, const int strong, const Work *work,
                                      const Outers *of, int j0, int k0, const V *const *c,
                                      const V *const *x, int vectors)
{
    V parts[4][4][PARTS];
    int nan = 0;
    for (int part = 0; part < PARTS; part++) {
        V sums[4][4];
        UNROLL
        for (int j = 0; j < C; j++) {
            UNROLL
            for (int k = 0; k < X; k++) sums[j][k] = ZERO;
        }
        NAME(outers_part)(C, X, strong, c, x, part, vectors, sums);
        UNROLL
        for (int j = 0; j < C; j++) {
            UNROLL
            for (int k = 0; k < X; k++) parts[j][k][part] = sums[j][k];
        }
    }
    UNROLL
    for (int j = 0; j < C; j++) {
        double folded[4];
#if defined(FOLD_FOUR)
        if (X == 4) {
            Four four;
            FOLD_FOUR(parts[j], four);
            memcpy(folded, &four, sizeof folded);
        } else
#endif
            fold_sums((const double *)parts[j], folded, X);
        double all = 0.0;
        UNROLL
        for (int k = 0; k < X; k++) {
            work->sums[output_of(of, j0 + j, k0 + k)] = folded[k];
            all += folded[k];
        }
        nan |= all != all;
    }
    return nan;
}

/* Of some of a stripe's samples: added to the partial sums so far. */
ALWAYS_INLINE void NAME(outers_added)(const int C, const int X, const Work *work, const Span *span,
                                      const Outers *of, int j0, int k0, const V *const *c,
                                      const V *const *x, int vectors)
{
    for (int part = 0; part < PARTS; part++) {
        V sums[4][4], all = ZERO;
        V *into[4][4];
        UNROLL
        for (int j = 0; j < C; j++) {
            UNROLL
            for (int k = 0; k < X; k++) {
                const int64_t output = output_of(of, j0 + j, k0 + k);
                into[j][k] = (V *)(work->partial_sums + PARTIAL_SUMS * output) + part;
                if (span->opens) sums[j][k] = ZERO;
                else sums[j][k] = *into[j][k];
            }
        }
        NAME(outers_part)(C, X, 0, c, x, part, vectors, sums);
        UNROLL
        for (int j = 0; j < C; j++) {
            UNROLL
            for (int k = 0; k < X; k++) all += sums[j][k];
        }
        if (ANY_NAN(all)) {
            for (int j = 0; j < C; j++)
                for (int k = 0; k < X; k++) {
                    if (span->opens) sums[j][k] = ZERO;
                    else sums[j][k] = *into[j][k];
                }
            NAME(outers_part)(C, X, 1, c, x, part, vectors, sums);
        }
        UNROLL
        for (int j = 0; j < C; j++) {
            UNROLL
            for (int k = 0; k < X; k++) *into[j][k] = sums[j][k];
        }
    }
}

/* From cotangent j0 and factor k0 on. */
ALWAYS_INLINE void NAME(outers_tile)(const int C, const int X, const Work *work, const Span *span,
                                     const Outers *of, int j0, int k0, int vectors)
{
    const V *c[4], *x[4];
    UNROLL
    for (int j = 0; j < C; j++) c[j] = (const V *)(work->rows + of->cotangents[j0 + j] * work->lanes);
    UNROLL
    for (int k = 0; k < X; k++) x[k] = (const V *)(work->rows + of->factors[k0 + k] * work->lanes);
    if (!span->opens || !span->closes)
        NAME(outers_added)(C, X, work, span, of, j0, k0, c, x, vectors);
    else if (NAME(outers_folded)(C, X, 0, work, of, j0, k0, c, x, vectors)) /* as strong dots */
        NAME(outers_folded)(C, X, 1, work, of, j0, k0, c, x, vectors);
}

#include "interpreter_panels.h"

#define COTANGENTS_AT_ONCE 32 /* what stays in the first cache while all x go by */
#define ROWS_AT_ONCE 8 /* of partial sums: of more than a few, memory is slow to come */

static void NAME(outers)(const Work *work, const Span *span, const int32_t *list, int vectors)
{
    const Outers listed = outers_of(list), *of = &listed;
    const int m = of->m, n = of->n, single = span->opens && span->closes;
    for (int j = 0; j < m; j++) /* a cotangent of zero takes the lanes without a sample out */
        for (int s = (int)span->count; s < vectors * WIDTH; s++)
            work->rows[of->cotangents[j] * work->lanes + s] = 0.0;
#define GROUP(C, X) NAME(outers_tile)(C, X, work, span, of, j, k, vectors)
    const int at_once = single ? COTANGENTS_AT_ONCE : ROWS_AT_ONCE;
    /* To fill panels for few cotangents costs more than to add across lanes after many samples. */
    const int begun = single && m >= OUTER_TILE / 2 * (vectors / PARTS)
                          ? NAME(panels)(work, span, of, vectors)
                          : 0;
    for (int from = 0; from < m; from += at_once) {
        const int to = m - from < at_once ? m : from + at_once;
        int k = begun;
        for (; k + OUTER_TILE <= n; k += OUTER_TILE) {
            int j = from;
            for (; j + OUTER_TILE <= to; j += OUTER_TILE) GROUP(OUTER_TILE, OUTER_TILE);
            for (; j < to; j++) GROUP(1, OUTER_TILE);
        }
        for (; k < n; k++) {
            int j = from;
            for (; j + OUTER_TILE <= to; j += OUTER_TILE) GROUP(OUTER_TILE, 1);
            for (; j < to; j++) GROUP(1, 1);
        }
    }
#undef GROUP
}

#undef COTANGENTS_AT_ONCE
#undef ROWS_AT_ONCE

static void NAME(reduce)(const Work *work, const Span *span, const Instruction *at)
{
    V folded[PARTS];
    const int single = span->opens && span->closes;
    double *into = single ? (double *)folded : work->partial_sums + PARTIAL_SUMS * (int64_t)at->second;
    if (span->opens)
        for (int k = 0; k < PARTIAL_SUMS; k++) into[k] = 0.0;
    const int step = at->first >= 0;
    const double *x = step ? work->rows + at->first * work->lanes : work->uniforms + at->first;
    const int whole = span->count / PARTIAL_SUMS * PARTIAL_SUMS;
    for (int part = 0; part < PARTS; part++) {
        V sum = ((V *)into)[part];
        for (int i = part; i < whole / WIDTH; i += PARTS)
            if (step) sum += ((const V *)x)[i];
            else sum += SPLAT(*x);
        ((V *)into)[part] = sum;
    }
    for (int s = whole; s < span->count; s++) into[s - whole] += x[s * step];
    if (single) fold_sums((const double *)folded, work->sums + at->second, 1);
}
