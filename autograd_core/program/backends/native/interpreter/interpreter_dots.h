/* Dot products that share their x, a layer of neurons say: four sums at a time on some vectors of
   each row, so that an x is read once for all four. Included by interpreter_lanes.h. */

/* start + w0 x0 + w1 x1 + …, for M sums of the same x on T vectors of each row. */
ALWAYS_INLINE void NAME(dots_tile)(const int M, const int T, const double *uniforms,
                                   const double *rows, int64_t lanes, const int32_t *xs, int n,
                                   const int32_t *weights, V sums[4][TILE])
{
    for (int k = 0; k < n; k++) {
        const V *x = (const V *)(rows + xs[k] * lanes);
        UNROLL
        for (int j = 0; j < M; j++) {
            const V weight = SPLAT(uniforms[weights[k * M + j]]);
            UNROLL
            for (int t = 0; t < T; t++) sums[j][t] += weight * x[t];
        }
    }
}

/* A sum of strong products. */
static V NAME(strong_sum)(const double *uniforms, const double *rows, int64_t lanes,
                          const int32_t *xs, int n, const int32_t *weights, int apart)
{
    V sum = ZERO;
    for (int k = 0; k < n; k++) {
        const V x = *(const V *)(rows + xs[k] * lanes);
        const V weight = SPLAT(uniforms[weights[k * apart]]);
        sum += STRONG(x, weight);
    }
    return sum;
}

#define ROWS_AT_ONCE 96 /* of x: what stays in the first cache while all sums take it in */

ALWAYS_INLINE void NAME(dots_group)(const int M, const int T, int operation, const Work *work,
                                    double *rows, const int32_t *xs, int from, int to, int n,
                                    const int32_t *results, const int32_t *starts,
                                    const int32_t *weights)
{
    const double *uniforms = work->uniforms;
    const int64_t lanes = work->lanes;
    V sums[4][TILE];
    UNROLL
    for (int j = 0; j < M; j++) {
        const int32_t start = from ? results[j] : operation == op_strong_dots ? 0 : starts[j];
        const V *row = (const V *)(rows + start * lanes);
        UNROLL
        for (int t = 0; t < T; t++)
            if (!from && operation == op_strong_dots) sums[j][t] = ZERO;
            else if (start < 0) sums[j][t] = SPLAT(uniforms[start]);
            else sums[j][t] = row[t];
    }
    NAME(dots_tile)(M, T, uniforms, rows, lanes, xs + from, to - from, weights + from * M, sums);
    if (operation == op_strong_dots && to == n) {
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
                    sums[j][t] = NAME(strong_sum)(uniforms, rows + t * WIDTH, lanes, xs, n,
                                                  weights + j, M);
    }
    UNROLL
    for (int j = 0; j < M; j++) {
        V *row = (V *)(rows + results[j] * lanes);
        UNROLL
        for (int t = 0; t < T; t++) {
            const V x = sums[j][t];
            row[t] = operation == op_dots_relu && to == n ? SELECT(x <= ZERO, ZERO, x) : x;
        }
    }
}

/* The weights stand four sums after four, then those of the rest, x by x. */
ALWAYS_INLINE void NAME(dots_columns)(const int T, int operation, const Work *work, double *rows,
                                      const int32_t *list)
{
    const int m = list[0], n = list[1];
    const int32_t *xs = list + 2, *results = xs + n, *starts = results + m;
    const int32_t *weights = operation == op_strong_dots ? starts : starts + m;
    for (int from = 0; from == 0 || from < n; from += ROWS_AT_ONCE) {
        const int to = n - from <= ROWS_AT_ONCE ? n : from + ROWS_AT_ONCE;
        int j = 0;
#define GROUP(M) \
    NAME(dots_group)(M, T, operation, work, rows, xs, from, to, n, results + j, starts + j, \
                     weights + (int64_t)j * n)
        for (; j + 4 <= m; j += 4) GROUP(4);
        if (m - j == 3) GROUP(3);
        else if (m - j == 2) GROUP(2);
        else if (m - j == 1) GROUP(1);
#undef GROUP
    }
}

static void NAME(dots)(int operation, const Work *work, const int32_t *list, int vectors)
{
    for (int done = 0; done < vectors;) {
        const int tiles = (vectors - done + TILE - 1) / TILE;
        const int size = (vectors - done) / tiles;
        double *rows = work->rows + done * WIDTH;
        switch (size) {
        case 1: NAME(dots_columns)(1, operation, work, rows, list); break;
        case 2: NAME(dots_columns)(2, operation, work, rows, list); break;
#if TILE >= 3
        case 3: NAME(dots_columns)(3, operation, work, rows, list); break;
#endif
#if TILE >= 4
        case 4: NAME(dots_columns)(4, operation, work, rows, list); break;
#endif
#if TILE >= 5
        case 5: NAME(dots_columns)(5, operation, work, rows, list); break;
#endif
        }
        done += size;
    }
}

#undef ROWS_AT_ONCE
