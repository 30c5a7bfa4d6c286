/* Dot products that share their x, a layer of neurons say: a few sums at a time on some vectors of
   each row, so that an x is read once for all of them. Included by interpreter_lanes.h. */

/* start + w0 x0 + w1 x1 + …, for M sums of the same x on T vectors of each row. */
ALWAYS_INLINE void NAME(dots_tile)(const int M, const int T, const double *rows, int64_t lanes,
                                   const int32_t *xs, int n, const double *const *weights,
                                   int64_t apart, V sums[DOTS][TILE])
{
    for (int64_t k = 0, place = 0; k < n; k++, place += apart) {
        const V *x = (const V *)(rows + xs[k] * lanes);
        UNROLL
        for (int j = 0; j < M; j++) {
            const V weight = SPLAT(weights[j][place]);
            UNROLL
            for (int t = 0; t < T; t++) sums[j][t] += weight * x[t];
        }
    }
}

/* A sum of strong products. */
static V NAME(strong_sum)(const Dots *of, const double *uniforms, const double *rows, int64_t lanes,
                          int j)
{
    V sum = ZERO;
    Part part = {0};
    for (int from = 0; from < of->n; from = part.to) {
        part_from(of, from, &part);
        for (int k = from; k < part.to; k++) {
            const V x = *(const V *)(rows + of->xs[k] * lanes);
            const V weight = SPLAT(uniforms[weight_of(of, &part, j, k)]);
            sum += STRONG(x, weight);
        }
    }
    return sum;
}

/* M sums, from j0 on, take in the x numbered `from` to `to`. */
ALWAYS_INLINE void NAME(dots_part)(const int M, const int T, int operation, const Work *work,
                                   double *rows, const Dots *of, int j0, int from, int to,
                                   const double *const *weights, int64_t apart)
{
    const double *uniforms = work->uniforms;
    const int64_t lanes = work->lanes;
    const int32_t *results = of->results + j0;
    V sums[DOTS][TILE];
    UNROLL
    for (int j = 0; j < M; j++) {
        const int32_t start = from                          ? results[j]
                              : operation == op_strong_dots ? 0
                                                            : of->starts[j0 + j];
        const V *row = (const V *)(rows + start * lanes);
        UNROLL
        for (int t = 0; t < T; t++)
            if (!from && operation == op_strong_dots) sums[j][t] = ZERO;
            else if (start < 0) sums[j][t] = SPLAT(uniforms[start]);
            else sums[j][t] = row[t];
    }
    NAME(dots_tile)(M, T, rows, lanes, of->xs + from, to - from, weights, apart, sums);
    if (operation == op_strong_dots && to == of->n) {
        /* Without the rule of zeros the sum is the same, unless the partner of a zero is infinite
           or no number; then the sum is no number. */
        V all = ZERO;
        UNROLL
        for (int j = 0; j < M; j++) {
            UNROLL
            for (int t = 0; t < T; t++) all += sums[j][t];
        }
        if (ANY_NAN(all))
            for (int j = 0; j < M; j++)
                for (int t = 0; t < T; t++)
                    sums[j][t] = NAME(strong_sum)(of, uniforms, rows + t * WIDTH, lanes, j0 + j);
    }
    UNROLL
    for (int j = 0; j < M; j++) {
        V *row = (V *)(rows + results[j] * lanes);
        UNROLL
        for (int t = 0; t < T; t++) {
            const V x = sums[j][t];
            row[t] = operation == op_dots_relu && to == of->n ? SELECT(x <= ZERO, ZERO, x) : x;
        }
    }
}

/* On some vectors of each row, tile after tile: the weights stay in the first cache. */
ALWAYS_INLINE void NAME(dots_group)(const int M, int operation, const Work *work, double *rows,
                                    int vectors, const Dots *of, int j, const Part *part)
{
    double room[DOTS * MOST_WEIGHTS];
    const double *weights[DOTS];
    const int64_t apart = weights_of(M, of, part, work->uniforms, j, room, weights);
    for (int done = 0; done < vectors;) {
        const int tiles = (vectors - done + TILE - 1) / TILE;
        const int size = (vectors - done) / tiles;
        double *first = rows + done * WIDTH;
        switch (size) {
#define TILED(T) \
    case T: \
        NAME(dots_part)(M, T, operation, work, first, of, j, part->from, part->to, weights, apart); \
        break;
            TILED(1)
            TILED(2)
#if TILE >= 3
            TILED(3)
#endif
#if TILE >= 4
            TILED(4)
#endif
#if TILE >= 5
            TILED(5)
#endif
#undef TILED
        }
        done += size;
    }
}

#define NUMBERS_AT_ONCE (40 * MOST_WEIGHTS) /* of x: what stays there beside the weights */

static void NAME(dots)(int operation, const Work *work, const int32_t *list, int vectors)
{
    const Dots listed = dots_of(operation, list), *of = &listed;
    const int rows_at_once = of->n < MOST_WEIGHTS ? of->n : MOST_WEIGHTS;
    const int at_once = NUMBERS_AT_ONCE / (rows_at_once * WIDTH);
    for (int done = 0; done < vectors; done += at_once) {
        const int columns = vectors - done < at_once ? vectors - done : at_once;
        double *rows = work->rows + done * WIDTH;
        Part part = {0};
        for (int from = 0; from < of->n; from = part.to) {
            part_from(of, from, &part);
            for (int j = 0; j < of->m;) {
                const int groups = (of->m - j + DOTS - 1) / DOTS;
                const int sums = (of->m - j) / groups;
                switch (sums) {
#define GROUP(M) \
    case M: NAME(dots_group)(M, operation, work, rows, columns, of, j, &part); break;
                    GROUP(1) GROUP(2) GROUP(3) GROUP(4)
#if DOTS >= 6
                    GROUP(5) GROUP(6)
#endif
                }
                j += sums;
            }
#undef GROUP
        }
    }
}

#undef NUMBERS_AT_ONCE
