/* Sums of products over the few samples of a stripe that is one pass: cotangents by panels of
   factors, one factor a lane, so that the eight partial sums are added up lane by lane and nothing
   is left to add across lanes. Included by interpreter_sums.h. */

#define PANEL_ROOM (16384 / (int)sizeof(V)) /* vectors: half of a first cache */
#define MOST_COTANGENTS 6

/* The rows of X vectors of factors, a sample at a time: of sample 8 · turn + phase, what stands at
   [phase][turn]. */
ALWAYS_INLINE void NAME(fill_panel)(const int X, V *panel, const Work *work, const int32_t *factors,
                                    int turns)
{
    for (int k = 0; k < X * WIDTH; k++) {
        const double *x = work->rows + factors[k] * work->lanes;
        double *into = (double *)panel + k;
        for (int turn = 0; turn < turns; turn++)
            for (int phase = 0; phase < PARTIAL_SUMS; phase++)
                into[(phase * turns + turn) * X * WIDTH] = x[PARTIAL_SUMS * turn + phase];
    }
}

/* For C cotangents, from j0 on, and the factors of a panel, from k0 on. Gives whether a sum is no
   number. */
ALWAYS_INLINE int NAME(panel_tile)(const int C, const int X, const V *panel, const Work *work,
                                   const Outers *of, int j0, int k0, int turns)
{
    const double *c[MOST_COTANGENTS];
    V parts[PARTIAL_SUMS][MOST_COTANGENTS][2], all = ZERO;
    UNROLL
    for (int j = 0; j < C; j++) c[j] = work->rows + of->cotangents[j0 + j] * work->lanes;
    for (int phase = 0; phase < PARTIAL_SUMS; phase++) {
        V sums[MOST_COTANGENTS][2];
        UNROLL
        for (int j = 0; j < C; j++) {
            UNROLL
            for (int k = 0; k < X; k++) sums[j][k] = ZERO;
        }
        for (int turn = 0; turn < turns; turn++, panel += X) {
            UNROLL
            for (int j = 0; j < C; j++) {
                const V cotangent = SPLAT(c[j][PARTIAL_SUMS * turn + phase]);
                UNROLL
                for (int k = 0; k < X; k++) sums[j][k] += cotangent * panel[k];
            }
        }
        UNROLL
        for (int j = 0; j < C; j++) {
            UNROLL
            for (int k = 0; k < X; k++) parts[phase][j][k] = sums[j][k];
        }
    }
    UNROLL
    for (int j = 0; j < C; j++) {
        double *into = work->sums + of->outputs[j0 + j] + k0;
        UNROLL
        for (int k = 0; k < X; k++) {
#define PART(phase) parts[phase][j][k]
            const V sum = ((PART(0) + PART(4)) + (PART(2) + PART(6))) +
                          ((PART(1) + PART(5)) + (PART(3) + PART(7)));
#undef PART
            memcpy(into + k * WIDTH, &sum, sizeof sum);
            all += sum;
        }
    }
    return ANY_NAN(all);
}

/* For so many panels, all cotangents. */
ALWAYS_INLINE void NAME(panels_of)(const int X, int panels, V *room, const Work *work,
                                   const Span *span, const Outers *of, int k0, int vectors)
{
    const int turns = vectors / PARTS, size = PARTIAL_SUMS * turns * X, count = X * WIDTH;
    for (int p = 0; p < panels; p++)
        NAME(fill_panel)(X, room + p * size, work, of->factors + k0 + p * count, turns);
    for (int j = 0; j < of->m;) {
        const int groups = (of->m - j + MOST_COTANGENTS - 1) / MOST_COTANGENTS;
        const int C = (of->m - j) / groups;
        for (int p = 0; p < panels; p++) {
            const int k = k0 + p * count;
            int nan = 0;
#define TILED(C) \
    case C: nan = NAME(panel_tile)(C, X, room + p * size, work, of, j, k, turns); break;
            switch (C) {
                TILED(1) TILED(2) TILED(3) TILED(4) TILED(5) TILED(6)
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
    V room[PANEL_ROOM];
    const int most = PANEL_ROOM / (2 * WIDTH * vectors);
    int done = 0;
    if (most == 0) return 0;
    while (of->n - done >= 2 * WIDTH) {
        const int left = (of->n - done) / (2 * WIDTH), panels = left < most ? left : most;
        NAME(panels_of)(2, panels, room, work, span, of, done, vectors);
        done += panels * 2 * WIDTH;
    }
    if (of->n - done >= WIDTH) {
        NAME(panels_of)(1, 1, room, work, span, of, done, vectors);
        done += WIDTH;
    }
    return done;
}

#undef PANEL_ROOM
#undef MOST_COTANGENTS
