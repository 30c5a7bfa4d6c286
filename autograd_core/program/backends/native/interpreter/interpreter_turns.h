/* What leads from one turn of a loop to the next: instructions run turn by turn, on single numbers.
   The includer has the words of formulas for single numbers. */

#define MOST_LINKS 16 /* steps of a chain */

/* An instruction of one operand or of two, with its operands found: where they are in the first turn,
   and 1 where they stand turn by turn, 0 where they are the same in all. An operand that the step
   before gave, of this turn or the turn before, is NULL: it is still at hand. Written and read again
   it would keep a sweep of Gauss-Seidel waiting for twice as long. */
typedef struct {
    const Instruction *at;
    const double *x, *y;
    double *result;
    int operation, x_step, y_step;
} TurnStep;

/* The operand so numbered at lane s of rows, or the uniform value. */
static double turn_operand(const Work *work, int32_t number, int64_t s)
{
    return number < 0 ? work->uniforms[number] : work->rows[number * work->lanes + s];
}

static double turn_listed(const Work *work, const Instruction *at, int64_t s)
{
    const int32_t *list = work->lists + at->first;
    double sum = 0.0;
    switch (at->operation) {
    case op_where: return turn_operand(work, list[turn_operand(work, list[0], s) != 0.0 ? 1 : 2], s);
    case op_sum:
        for (int k = 0; k < at->second; k++) sum += turn_operand(work, list[k], s);
        return sum;
    case op_dot:
        sum = turn_operand(work, list[0], s);
        for (int k = 1; k < 2 * at->second; k += 2)
            sum += turn_operand(work, list[k], s) * turn_operand(work, list[k + 1], s);
        return sum;
    case op_strong_dot:
        for (int k = 0; k < 2 * at->second; k += 2) {
            const double x = turn_operand(work, list[k], s), y = turn_operand(work, list[k + 1], s);
            sum += STRONG(x, y);
        }
        return sum;
    default:
        return functions[at->operation - op_call].ternary(turn_operand(work, list[0], s),
                                                          turn_operand(work, list[1], s),
                                                          turn_operand(work, list[2], s));
    }
}

static int turn_is_listed(int operation)
{
    if (operation >= op_call) return functions[operation - op_call].operands == 3;
    return operation == op_where || operation == op_sum || operation == op_dot ||
           operation == op_strong_dot;
}

/* Where an operand's numbers are. What the turn before gave is read where it stands, a lane before:
   to copy it for every turn takes a running maximum 2.3 times as long. `given` is what the step before
   gave. */
static const double *turn_place(const Work *work, int32_t number, const int32_t *carried, int many,
                                int32_t given)
{
    if (number == given) return NULL;
    if (number < 0) return work->uniforms + number;
    for (const int32_t *c = carried; c < carried + 4 * many; c += 4)
        if (number == c[3]) return work->rows + c[2] * work->lanes - 1;
    return work->rows + number * work->lanes;
}

/* Find the operands of steps, and whether some are listed. The first turn (many is 0) reads what is
   carried from a row of its own. */
static int turn_prepared(const Work *work, const Instruction *at, int steps, const int32_t *carried,
                         int many, TurnStep *step)
{
    int32_t given = INT32_MAX;
    for (const int32_t *c = carried; steps > 0 && c < carried + 4 * many; c += 4)
        if (c[2] == at[steps - 1].result) given = c[3];
    int listed = 0;
    for (int k = 0; k < steps; k++) {
        step[k].at = at + k;
        step[k].operation = at[k].operation;
        step[k].result = work->rows + at[k].result * work->lanes;
        if (turn_is_listed(at[k].operation)) listed = 1;
        else {
            step[k].x_step = at[k].first >= 0;
            step[k].y_step = at[k].second >= 0;
            step[k].x = turn_place(work, at[k].first, carried, many, given);
            step[k].y = turn_place(work, at[k].second, carried, many, given);
        }
        given = at[k].result;
    }
    return listed;
}

/* Run turns from one on up to another, step by step. */
#define TURN_OPERAND(x) (of->x ? of->x[s * of->x##_step] : given)
static void turn_steps(const Work *work, const TurnStep *step, int steps, int from, int to)
{
    double given = from > 0 && steps > 0 ? step[steps - 1].result[from - 1] : 0.0;
    for (int s = from; s < to; s++)
        for (int k = 0; k < steps; k++) {
            const TurnStep *of = step + k;
            switch (of->operation) {
#define ROW(name, formula) \
    case op_##name: { \
        const double x = TURN_OPERAND(x); \
        given = formula; \
        break; \
    }
                UNARY_ROWS(ROW)
#undef ROW
#define ROW(name, formula) \
    case op_##name: { \
        const double x = TURN_OPERAND(x), y = TURN_OPERAND(y); \
        given = formula; \
        break; \
    }
                BINARY_ROWS(ROW)
#undef ROW
            default: {
                if (turn_is_listed(of->operation)) {
                    given = turn_listed(work, of->at, s);
                    break;
                }
                const Function *function = &functions[of->operation - op_call];
                const double x = TURN_OPERAND(x);
                if (function->operands == 1) given = function->unary(x);
                else given = function->binary(x, TURN_OPERAND(y));
            }
            }
            of->result[s] = given;
        }
}
#undef TURN_OPERAND

/* Whether a few steps each add to what the one before gave, subtract from it or multiply it. */
static int turn_is_chain(const TurnStep *step, int steps)
{
    for (int k = 0; k < steps; k++) {
        const int first = step[k].x == NULL, second = step[k].y == NULL;
        const int either = step[k].operation == op_add || step[k].operation == op_mul ||
                           step[k].operation == op_strong_product;
        if (first == second || !(either || (step[k].operation == op_sub && first))) return 0;
    }
    return 0 < steps && steps <= MOST_LINKS;
}

ALWAYS_INLINE void turn_links(const int steps, const TurnStep *step, double *before, int from,
                              int to)
{
    int operation[MOST_LINKS], y_step[MOST_LINKS];
    const double *y[MOST_LINKS];
    UNROLL
    for (int k = 0; k < steps; k++) {
        operation[k] = step[k].operation;
        y[k] = step[k].x ? step[k].x : step[k].y;
        y_step[k] = step[k].x ? step[k].x_step : step[k].y_step;
    }
    double sum = step[steps - 1].result[from - 1];
    for (int s = from; s < to; s++) {
        before[s] = sum;
        UNROLL
        for (int k = 0; k < steps; k++) {
            const double other = y[k][s * y_step[k]];
            if (operation[k] == op_add) sum += other;
            else if (operation[k] == op_mul) sum *= other;
            else if (operation[k] == op_sub) sum -= other;
            else sum = STRONG(sum, other);
            step[k].result[s] = sum;
        }
    }
}

/* The same as `turn_steps` of a short chain, with what the turn before gave written, and without a
   switch from step to step: products take half the time so, recurrences of two to four steps 0.7. */
static void turn_chain(const TurnStep *step, int steps, double *before, int from, int to)
{
    switch (steps) {
    case 1: turn_links(1, step, before, from, to); break;
    case 2: turn_links(2, step, before, from, to); break;
    case 3: turn_links(3, step, before, from, to); break;
    case 4: turn_links(4, step, before, from, to); break;
    default: turn_links(steps, step, before, from, to);
    }
}

/* Run instructions turn by turn, in every lane; `carried` lists, of each of so many values that are
   carried, what the first turn of all begins with, where it is after each pass, its row, and that of
   what the turn before gave. */
static void run_in_turn(const Work *work, const Instruction *at, int steps, const int32_t *carried,
                        int many, const Span *span, int used)
{
    const int count = (int)span->count;
    const int32_t *end = carried + 4 * many;
    TurnStep step[MOST_STEPS];
    step[0] = (TurnStep){0};
    for (const int32_t *c = carried; c < end; c += 4)
        work->rows[c[3] * work->lanes] = work->uniforms[c[span->first_sample != 0]];
    if (turn_prepared(work, at, steps, carried, 0, step))
        for (int s = 0; s < count; s++) {
            turn_steps(work, step, steps, s, s + 1);
            for (const int32_t *c = carried; c < end && s + 1 < count; c += 4)
                work->rows[c[3] * work->lanes + s + 1] = work->rows[c[2] * work->lanes + s];
        }
    else {
        turn_steps(work, step, steps, 0, 1);
        turn_prepared(work, at, steps, carried, many, step);
        if (many == 1 && turn_is_chain(step, steps))
            turn_chain(step, steps, work->rows + carried[3] * work->lanes, 1, count);
        else {
            turn_steps(work, step, steps, 1, count);
            for (const int32_t *c = carried; c < end; c += 4)
                memcpy(work->rows + c[3] * work->lanes + 1, work->rows + c[2] * work->lanes,
                       sizeof(double) * (count - 1));
        }
    }
    for (const int32_t *c = carried; c < end; c += 4) {
        double *row = work->rows + c[2] * work->lanes, *before = work->rows + c[3] * work->lanes;
        work->values[c[1]] = row[count - 1];
        for (int s = count; s < used; s++) before[s] = before[count - 1];
    }
    for (int k = 0; k < steps; k++) {
        double *row = work->rows + at[k].result * work->lanes;
        for (int s = count; s < used; s++) row[s] = row[count - 1];
    }
}
