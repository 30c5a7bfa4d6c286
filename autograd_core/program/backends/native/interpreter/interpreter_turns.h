/* What leads from one turn of a loop to the next: instructions run turn by turn, on single numbers.
   The includer has the words of formulas for single numbers. */

/* An instruction of one operand or of two, with its operands found. */
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

/* Whether what the turn before gave goes on by one step after another that adds, subtracts or
   multiplies; then `step` has only what it does so by. */
static int turn_is_chain(const Work *work, const Instruction *at, int steps, const int32_t *carried,
                         TurnStep *step)
{
    int32_t before = carried[3];
    for (int k = 0; k < steps; k++) {
        const int sum = at[k].operation == op_add || at[k].operation == op_mul ||
                        at[k].operation == op_strong_product;
        if (!sum && at[k].operation != op_sub) return 0;
        const int first = at[k].first == before, second = at[k].second == before;
        if (first == second || (second && !sum)) return 0;
        const int32_t other = first ? at[k].second : at[k].first;
        for (int j = 0; j < k; j++)
            if (other == at[j].result) return 0;
        if (other == carried[3]) return 0;
        step[k].at = at + k;
        step[k].operation = at[k].operation;
        step[k].x_step = other >= 0;
        step[k].x = other >= 0 ? work->rows + other * work->lanes : work->uniforms + other;
        step[k].result = work->rows + at[k].result * work->lanes;
        before = at[k].result;
    }
    return before == carried[2];
}

ALWAYS_INLINE double turn_links(const int steps, const TurnStep *step, double *carried, double sum,
                                int count)
{
    int operation[MOST_STEPS];
    UNROLL
    for (int k = 0; k < steps; k++) operation[k] = step[k].operation;
    for (int s = 0; s < count; s++) {
        carried[s] = sum;
        UNROLL
        for (int k = 0; k < steps; k++) {
            const double y = step[k].x[s * step[k].x_step];
            if (operation[k] == op_add) sum += y;
            else if (operation[k] == op_mul) sum *= y;
            else if (operation[k] == op_sub) sum -= y;
            else sum = STRONG(sum, y);
            step[k].result[s] = sum;
        }
    }
    return sum;
}

static double turn_chain(const TurnStep *step, int steps, double *carried, double sum, int count)
{
    const double *x = step->x;
    double *result = step->result;
    const int x_step = step->x_step;
#define ALONE(formula) \
    for (int s = 0; s < count; s++) { \
        const double y = x[s * x_step]; \
        carried[s] = sum; \
        result[s] = sum = formula; \
    } \
    return sum;
    if (steps == 1) switch (step->operation) {
        case op_add: ALONE(sum + y)
        case op_sub: ALONE(sum - y)
        case op_mul: ALONE(sum * y)
        default: ALONE(STRONG(sum, y))
        }
#undef ALONE
    switch (steps) {
    case 2: return turn_links(2, step, carried, sum, count);
    case 3: return turn_links(3, step, carried, sum, count);
    case 4: return turn_links(4, step, carried, sum, count);
    default: return turn_links(steps, step, carried, sum, count);
    }
}

/* Where an operand's numbers are: of what the turn before gave, in the row of it, a lane before. */
static const double *turn_row(const Work *work, int32_t number, const int32_t *carried, int many)
{
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
    int listed = 0;
    for (int k = 0; k < steps; k++) {
        step[k].at = at + k;
        step[k].operation = at[k].operation;
        step[k].result = work->rows + at[k].result * work->lanes;
        if (turn_is_listed(at[k].operation)) {
            listed = 1;
            continue;
        }
        step[k].x_step = at[k].first >= 0;
        step[k].y_step = at[k].second >= 0;
        step[k].x = turn_row(work, at[k].first, carried, many);
        step[k].y = turn_row(work, at[k].second, carried, many);
    }
    return listed;
}

static void turn_steps(const Work *work, const TurnStep *step, int steps, int from, int to)
{
    for (int s = from; s < to; s++)
        for (int k = 0; k < steps; k++) {
            const TurnStep *of = step + k;
            double *result = of->result + s;
            switch (of->operation) {
#define ROW(name, formula) \
    case op_##name: { \
        const double x = of->x[s * of->x_step]; \
        *result = formula; \
        break; \
    }
                UNARY_ROWS(ROW)
#undef ROW
#define ROW(name, formula) \
    case op_##name: { \
        const double x = of->x[s * of->x_step], y = of->y[s * of->y_step]; \
        *result = formula; \
        break; \
    }
                BINARY_ROWS(ROW)
#undef ROW
            default: {
                if (turn_is_listed(of->operation)) {
                    *result = turn_listed(work, of->at, s);
                    break;
                }
                const Function *function = &functions[of->operation - op_call];
                const double x = of->x[s * of->x_step];
                if (function->operands == 1) *result = function->unary(x);
                else *result = function->binary(x, of->y[s * of->y_step]);
            }
            }
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
    if (many == 1 && steps > 0 && turn_is_chain(work, at, steps, carried, step)) {
        double *row = work->rows + carried[3] * work->lanes;
        turn_chain(step, steps, row, row[0], count);
    } else if (turn_prepared(work, at, steps, carried, 0, step))
        for (int s = 0; s < count; s++) {
            turn_steps(work, step, steps, s, s + 1);
            for (const int32_t *c = carried; c < end && s + 1 < count; c += 4)
                work->rows[c[3] * work->lanes + s + 1] = work->rows[c[2] * work->lanes + s];
        }
    else {
        turn_steps(work, step, steps, 0, 1);
        turn_prepared(work, at, steps, carried, many, step);
        turn_steps(work, step, steps, 1, count);
        for (const int32_t *c = carried; c < end; c += 4)
            memcpy(work->rows + c[3] * work->lanes + 1, work->rows + c[2] * work->lanes,
                   sizeof(double) * (count - 1));
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
