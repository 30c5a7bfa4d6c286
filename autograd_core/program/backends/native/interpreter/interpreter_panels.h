/* Sums of products over the few samples of a stripe that is one pass: cotangents by panels of
   factors, one factor a lane, so that the eight partial sums are added up lane by lane and nothing
   is left to add across lanes. Included by interpreter_sums.h. */

#define HALF (PARTIAL_SUMS / 2)

/* The rows of X vectors of factors, a sample at a time: of sample 8 · turn + 4 · half + phase, what
   stands at [phase][turn][half]. */
ALWAYS_INLINE void NAME(fill_panel)(const int X, V *panel, const Work *work, const int32_t *factors,
                                    int turns)
{
    for (int k = 0; k < X; k++) {
        const double *x[WIDTH];
        UNROLL
        for (int lane = 0; lane < WIDTH; lane++)
            x[lane] = work->rows + factors[k * WIDTH + lane] * work->lanes;
        for (int turn = 0; turn < turns; turn++)
            for (int s = 0; s < PARTIAL_SUMS; s++) {
                V together = ZERO;
                UNROLL
                for (int lane = 0; lane < WIDTH; lane++)
                    LANE(together) = x[lane][PARTIAL_SUMS * turn + s];
                panel[((s % HALF * turns + turn) * 2 + s / HALF) * X + k] = together;
            }
    }
}

/* Strong products: sum by sum. */
static NOT_INLINE void NAME(tile_again)(const Work *work, const Span *span, const Outers *of, int j0,
                                        int k0, int C, int count, int vectors)
{
    for (int s = 0; s < C * count; s++)
        NAME(outers_tile)(1, 1, work, span, of, j0 + s / count, k0 + s % count, vectors);
}

/* For C cotangents, from j0 on, and the factors of some panels, from k0 on: two partial sums at a
   time, in the order in which they are then added. That each begins with zero tells only where all
   products are -0.0, and is as well added in the end. */
ALWAYS_INLINE void NAME(panel_tiles)(const int C, const int X, int panels, const Work *work,
                                    const Span *span, const Outers *of, int j0, int k0, int vectors)
{
    const int turns = vectors / PARTS, count = X * WIDTH;
    const V *panel = (const V *)work->panels;
    const double *c[PANEL_COTANGENTS];
    double *const sums = work->sums;
    int64_t outputs[PANEL_COTANGENTS];
    int in_rows = 1;
    UNROLL
    for (int j = 0; j < C; j++) {
        c[j] = work->rows + of->cotangents[j0 + j] * work->lanes;
        outputs[j] = of->outputs[j0 + j];
        in_rows &= outputs[j] >= 0;
    }
    for (const int stop = k0 + panels * count; k0 < stop; k0 += count) {
        V kept[2][PANEL_COTANGENTS][2];
        int nan = 0;
        UNROLL
        for (int step = 0; step < HALF; step++) {
            const int phase = step == 1 ? 2 : step == 2 ? 1 : step;
            const V *x = panel + phase * turns * 2 * X;
            V low[PANEL_COTANGENTS][2], high[PANEL_COTANGENTS][2];
            int64_t s = phase;
            UNROLL
            for (int j = 0; j < C; j++) {
                const V first = SPLAT(c[j][s]), second = SPLAT(c[j][s + HALF]);
                UNROLL
                for (int k = 0; k < X; k++) {
                    low[j][k] = first * x[k];
                    high[j][k] = second * x[X + k];
                }
            }
            for (int turn = 1; turn < turns; turn++) {
                x += 2 * X;
                s += PARTIAL_SUMS;
                UNROLL
                for (int j = 0; j < C; j++) {
                    const V cotangent = SPLAT(c[j][s]);
                    UNROLL
                    for (int k = 0; k < X; k++) low[j][k] += cotangent * x[k];
                }
                UNROLL
                for (int j = 0; j < C; j++) {
                    const V cotangent = SPLAT(c[j][s + HALF]);
                    UNROLL
                    for (int k = 0; k < X; k++) high[j][k] += cotangent * x[X + k];
                }
            }
            UNROLL
            for (int j = 0; j < C; j++) {
                UNROLL
                for (int k = 0; k < X; k++) {
                    V sum = low[j][k] + high[j][k];
                    if (step & 1) sum = kept[step >> 1][j][k] + sum;
                    kept[step >> 1][j][k] = sum;
                }
            }
        }
        UNROLL
        for (int j = 0; j < C; j++) {
            V total[2];
            UNROLL
            for (int k = 0; k < X; k++) {
                total[k] = kept[0][j][k] + kept[1][j][k] + ZERO;
                if (in_rows) memcpy(sums + outputs[j] + k0 + k * WIDTH, &total[k], sizeof total[k]);
                else
                    for (int lane = 0; lane < WIDTH; lane++)
                        sums[output_of(of, j0 + j, k0 + k * WIDTH + lane)] = LANE(total[k]);
            }
            nan |= UNORDERED(total[0], total[X - 1]);
        }
        if (nan) NAME(tile_again)(work, span, of, j0, k0, C, count, vectors);
        panel += PARTIAL_SUMS * turns * X;
    }
}

/* In functions of their own: what the sums are made of, and nothing else, is in registers. */
#define TILES(C, X) \
    static NOT_INLINE void NAME(tiles_##C##_##X)(int panels, const Work *work, const Span *span, \
                                               const Outers *of, int j0, int k0, int vectors) \
    { \
        NAME(panel_tiles)(C, X, panels, work, span, of, j0, k0, vectors); \
    }
TILES(1, 1)
TILES(1, 2)
TILES(2, 1)
TILES(2, 2)
TILES(3, 1)
TILES(3, 2)
#if PANEL_COTANGENTS >= 6
TILES(4, 1)
TILES(4, 2)
TILES(5, 1)
TILES(5, 2)
TILES(6, 1)
TILES(6, 2)
#endif
#undef TILES

/* For so many panels, all cotangents. */
ALWAYS_INLINE void NAME(panels_of)(const int X, int panels, const Work *work, const Span *span,
                                   const Outers *of, int k0, int vectors)
{
    V *room = (V *)work->panels;
    const int turns = vectors / PARTS, size = PARTIAL_SUMS * turns * X, count = X * WIDTH;
    for (int p = 0; p < panels; p++)
        NAME(fill_panel)(X, room + p * size, work, of->factors + k0 + p * count, turns);
    for (int j = 0; j < of->m;) {
        const int groups = (of->m - j + PANEL_COTANGENTS - 1) / PANEL_COTANGENTS;
        const int C = (of->m - j) / groups;
        switch (C) {
#define TILES(C) \
    case C: \
        if (X == 2) NAME(tiles_##C##_2)(panels, work, span, of, j, k0, vectors); \
        else NAME(tiles_##C##_1)(panels, work, span, of, j, k0, vectors); \
        break;
            TILES(1) TILES(2) TILES(3)
#if PANEL_COTANGENTS >= 6
            TILES(4) TILES(5) TILES(6)
#endif
#undef TILES
        }
        j += C;
    }
}

/* As many factors as fill panels; how many those are. */
static int NAME(panels)(const Work *work, const Span *span, const Outers *of, int vectors)
{
    const int most = PANEL_NUMBERS / (2 * WIDTH * WIDTH * vectors);
    int done = 0;
    while (of->n - done >= 2 * WIDTH) {
        const int left = (of->n - done) / (2 * WIDTH);
        const int panels = most < 1 ? 1 : left < most ? left : most;
        NAME(panels_of)(2, panels, work, span, of, done, vectors);
        done += panels * 2 * WIDTH;
    }
    if (of->n - done >= WIDTH) {
        NAME(panels_of)(1, 1, work, span, of, done, vectors);
        done += WIDTH;
    }
    return done;
}

#undef HALF
