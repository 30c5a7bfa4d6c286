/* The interpreter for blocks of lanes, once for each instruction set that includes this.

   The includer defines NAME(x), what the functions are called; WIDTH, the doubles of a vector V,
   with I the integers as wide; TILE, how many vectors of a row four sums are taken over at a time;
   ALWAYS_INLINE, UNROLL and ANY_NAN. Every loop over lanes is over whole vectors: what stands in
   lanes beyond the last sample is some sample's, and reaches no result. */

#define PARTS (PARTIAL_SUMS / WIDTH) /* vectors that eight lanes take */

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

/* A sum whose terms are 0 where x is 0. */
static V NAME(strong_sum)(const double *uniforms, const double *rows, int64_t lanes,
                          const int32_t *xs, int n, const int32_t *weights, int apart)
{
    V sum = ZERO;
    for (int k = 0; k < n; k++) {
        const V x = *(const V *)(rows + xs[k] * lanes);
        sum += SELECT(x == ZERO, ZERO, x * SPLAT(uniforms[weights[k * apart]]));
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
        /* Without the rule that a factor of zero removes its partner the sum is the same, unless
           the partner is infinite or no number; then the sum is no number. */
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
                x += SELECT(c == ZERO, ZERO, c * NAME(operand)(work, list[k + 1], i));
            }
        }
        result[i] = x;
    }
}

static void NAME(call)(const Work *work, const Instruction *at, int count, int lanes)
{
    const Function *function = &functions[at->operation - op_call];
    double *result = work->rows + at->result * work->lanes;
    const double *operand[3];
    int step[3];
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

/* Σ c x over the lanes for C cotangents and X rows, to the partial sums of their outputs. */
ALWAYS_INLINE void NAME(outers_tile)(const int C, const int X, const Work *work, const Span *span,
                                     const int32_t *cs, const int32_t *xs, const int32_t *outputs,
                                     int n, int vectors)
{
    const int64_t lanes = work->lanes;
    V *into[4][4], folded[4][4][PARTS];
    const V *c[4], *x[4];
    const int single = span->opens && span->closes;
    UNROLL
    for (int j = 0; j < C; j++) c[j] = (const V *)(work->rows + cs[j] * lanes);
    UNROLL
    for (int k = 0; k < X; k++) x[k] = (const V *)(work->rows + xs[k] * lanes);
    UNROLL
    for (int j = 0; j < C; j++) {
        UNROLL
        for (int k = 0; k < X; k++)
            into[j][k] = single ? folded[j][k]
                                : (V *)(work->partial_sums +
                                        PARTIAL_SUMS * (int64_t)outputs[j * n + k]);
    }
    for (int part = 0; part < PARTS; part++) {
        V sums[4][4];
        UNROLL
        for (int j = 0; j < C; j++) {
            UNROLL
            for (int k = 0; k < X; k++)
                sums[j][k] = span->opens ? ZERO : into[j][k][part];
        }
        for (int i = part; i < vectors; i += PARTS) {
            UNROLL
            for (int j = 0; j < C; j++) {
                UNROLL
                for (int k = 0; k < X; k++) sums[j][k] += c[j][i] * x[k][i];
            }
        }
        V all = ZERO;
        UNROLL
        for (int j = 0; j < C; j++) {
            UNROLL
            for (int k = 0; k < X; k++) all += sums[j][k];
        }
        if (ANY_NAN(all)) /* as for strong dots */
            for (int j = 0; j < C; j++)
                for (int k = 0; k < X; k++) {
                    sums[j][k] = span->opens ? ZERO : into[j][k][part];
                    for (int i = part; i < vectors; i += PARTS)
                        sums[j][k] += SELECT(c[j][i] == ZERO, ZERO, c[j][i] * x[k][i]);
                }
        UNROLL
        for (int j = 0; j < C; j++) {
            UNROLL
            for (int k = 0; k < X; k++) into[j][k][part] = sums[j][k];
        }
    }
    if (single)
        for (int j = 0; j < C; j++)
            for (int k = 0; k < X; k++)
                fold_sums((const double *)folded[j][k], work->sums + outputs[j * n + k], 1);
}

static void NAME(outers)(const Work *work, const Span *span, const int32_t *list, int vectors)
{
    const int m = list[0], n = list[1];
    const int32_t *cs = list + 2, *xs = cs + m, *outputs = xs + n;
    for (int j = 0; j < m; j++) /* a cotangent of zero takes the lanes without a sample out */
        for (int s = span->count; s < vectors * WIDTH; s++)
            work->rows[cs[j] * work->lanes + s] = 0.0;
    int k = 0;
#define GROUP(C, X) \
    NAME(outers_tile)(C, X, work, span, cs + j, xs + k, outputs + (int64_t)j * n + k, n, vectors)
    for (; k + OUTER_TILE <= n; k += OUTER_TILE) {
        int j = 0;
        for (; j + OUTER_TILE <= m; j += OUTER_TILE) GROUP(OUTER_TILE, OUTER_TILE);
        for (; j < m; j++) GROUP(1, OUTER_TILE);
    }
    for (; k < n; k++) {
        int j = 0;
        for (; j + OUTER_TILE <= m; j += OUTER_TILE) GROUP(OUTER_TILE, 1);
        for (; j < m; j++) GROUP(1, 1);
    }
#undef GROUP
}

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
        case op_sqrt: {
            const double *a = rows + at->first * lanes;
            double *r = (double *)result;
            for (int s = 0; s < used; s++) r[s] = sqrt(a[s]);
            break;
        }
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
            const char *x = block->data + (at->first - start) * block->column_step +
                            span->first_sample * block->sample_step;
            double *r = (double *)result;
            int s = 0;
            for (; s < span->count; s++, x += block->sample_step) memcpy(r + s, x, sizeof *r);
            for (; s < used; s++) r[s] = r[s - 1];
            break;
        }
        case op_store: {
            const int step = at->first >= 0;
            const double *x = step ? rows + at->first * lanes : uniforms + at->first;
            double *value = work->values + span->first_sample * work->width + at->second;
            for (int s = 0; s < span->count; s++) value[s * work->width] = x[s * step];
            break;
        }
        case op_reduce: NAME(reduce)(work, span, at); break;
        case op_outers: NAME(outers)(work, span, work->lists + at->first, vectors); break;
        default: NAME(call)(work, at, (int)span->count, used);
        }
    }
}

#undef PARTS
#undef ROWS_AT_ONCE
