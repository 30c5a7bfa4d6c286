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

/* For C cotangents, from j0 on, and the factors of a panel, from k0 on: two partial sums at a time,
   in the order in which they are then added. That each begins with zero tells only where all products
   are -0.0, and is as well added in the end. Gives whether a sum is no number. */
ALWAYS_INLINE int NAME(panel_tile)(const int C, const int X, const V *panel, const Work *work,
                                   const Outers *of, int j0, int k0, int turns)
{
    static const int phases[HALF] = {0, 2, 1, 3};
    const double *c[PANEL_COTANGENTS];
    V kept[2][PANEL_COTANGENTS][2], all = ZERO;
    UNROLL
    for (int j = 0; j < C; j++) c[j] = work->rows + of->cotangents[j0 + j] * work->lanes;
    for (int step = 0; step < HALF; step++) {
        const V *x = panel + phases[step] * turns * 2 * X;
        V low[PANEL_COTANGENTS][2], high[PANEL_COTANGENTS][2];
        int64_t s = phases[step];
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
        const int in_a_row = of->outputs[j0 + j] >= 0;
        UNROLL
        for (int k = 0; k < X; k++) {
            const V sum = kept[0][j][k] + kept[1][j][k] + ZERO;
            if (in_a_row) memcpy(work->sums + of->outputs[j0 + j] + k0 + k * WIDTH, &sum, sizeof sum);
            else
                for (int lane = 0; lane < WIDTH; lane++)
                    work->sums[output_of(of, j0 + j, k0 + k * WIDTH + lane)] = LANE(sum);
            all += sum;
        }
    }
    return ANY_NAN(all);
}

/* In functions of their own: what the sums are made of, and nothing else, is in registers. */
#define TILE_OF(C, X) \
    static NOT_INLINE int NAME(tile_##C##_##X)(const V *panel, const Work *work, const Outers *of, \
                                               int j0, int k0, int turns) \
    { \
        return NAME(panel_tile)(C, X, panel, work, of, j0, k0, turns); \
    }
TILE_OF(1, 1)
TILE_OF(1, 2)
TILE_OF(2, 1)
TILE_OF(2, 2)
TILE_OF(3, 1)
TILE_OF(3, 2)
#if PANEL_COTANGENTS >= 6
TILE_OF(4, 1)
TILE_OF(4, 2)
TILE_OF(5, 1)
TILE_OF(5, 2)
TILE_OF(6, 1)
TILE_OF(6, 2)
#endif
#undef TILE_OF

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
        for (int p = 0; p < panels; p++) {
            const int k = k0 + p * count;
            int nan = 0;
#define TILED(C) \
    case C: \
        nan = X == 2 ? NAME(tile_##C##_2)(room + p * size, work, of, j, k, turns) \
                     : NAME(tile_##C##_1)(room + p * size, work, of, j, k, turns); \
        break;
            switch (C) {
                TILED(1) TILED(2) TILED(3)
#if PANEL_COTANGENTS >= 6
                TILED(4) TILED(5) TILED(6)
#endif
            }
#undef TILED
            if (nan) /* as strong dots */
                for (int s = 0; s < C * count; s++)
                    NAME(outers_tile)(1, 1, work, span, of, j + s / count, k + s % count, vectors);
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
