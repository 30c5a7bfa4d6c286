/* What an executable is made of, and what runs it.

   An instruction names its operands by number: from zero on the row of a slot, which holds a double
   a lane, below zero a uniform value, the same for all samples, which stands that far below the
   uniforms' end. Results are numbered likewise. Lists hold further numbers. All numbers are the
   translator's and in range; nothing is checked here. */

#ifndef AUTOGRAD_CORE_INTERPRETER_H
#define AUTOGRAD_CORE_INTERPRETER_H

#include <stdint.h>

#include "driver.h"
#include "straight_rows.h" /* written by the build, from forward.py */

/* The rows computed in line, as expressions of x and y that hold for numbers and for vectors. */
#define UNARY_ROWS(ROW) STRAIGHT_UNARY(ROW)

#define BINARY_ROWS(ROW) \
    STRAIGHT_BINARY(ROW) \
    ROW(strong_product, STRONG(x, y)) \
    ROW(gate, STRONG_IF((x == ZERO) | (y <= ZERO), x * ABOVE(y, ZERO)))

/* The product, but 0 where one is 0 and the other not finite. */
#define STRONG(x, y) STRONG_IF(((x) == ZERO) | ((y) == ZERO), (x) * (y))
#define STRONG_IF(zero, product) SELECT(((product) != (product)) & (zero), ZERO, product)

#define ABOVE(x, y) \
    SELECT(x > y, SPLAT(1.0), SELECT(x <= y, ZERO, SPLAT(NOT_A_NUMBER)))

/* What else there is:
   where            lists[first..]: condition, x, y
   sum              lists[first..first + second]
   dot              lists[first..]: start, then second pairs
   strong_dot       lists[first..]: second pairs
   dots             lists[first..]: m, n, stretches, n x, m results, m starts, weights (see `Dots`)
   dots_relu        likewise, and the relu of each
   strong_dots      likewise without starts; strong products
   load             the input numbered first
   store            the value numbered first is the output in the column second
   reduce           the value numbered first, added up, is the summed output second
   outers           lists[first..]: m, n, m cotangents, n x, summed outputs: of their products (see
                    `Outers`)
   loop             lists[first..]: lane instructions from and to, turns, streams, and of each where it
                    begins and its step: runs them with the turns as lanes. If result is not 0, then
                    the machine code numbered result - 1 does, told of places by lists[second..]
   running          the next `first` instructions, turn by turn; lists[second..]: of each of `result`
                    values that are carried what the first turn goes on from, where it is after each
                    pass, its row, and the row of what the turn before gave
   give             the values numbered first are the outputs from second on, turn by turn */
#define OTHER_OPERATIONS(OPERATION) \
    OPERATION(where) OPERATION(sum) OPERATION(dot) OPERATION(strong_dot) \
    OPERATION(dots) OPERATION(dots_relu) OPERATION(strong_dots) \
    OPERATION(load) OPERATION(store) OPERATION(reduce) OPERATION(outers) \
    OPERATION(loop) OPERATION(running) OPERATION(give)

/* A binary row has three operations: of two rows, of a row and a uniform, of a uniform and a row.
   From `op_call` on, the operations call the functions in `functions`. */
enum {
#define ROW(name, formula) op_##name,
    UNARY_ROWS(ROW)
#undef ROW
#define ROW(name, formula) op_##name, op_##name##_uniform, op_uniform_##name,
    BINARY_ROWS(ROW)
#undef ROW
#define OPERATION(name) op_##name,
    OTHER_OPERATIONS(OPERATION)
#undef OPERATION
    op_call
};

typedef struct {
    int32_t operation, result, first, second;
} Instruction;

/* A loop as machine code: places among the uniform values and outputs, turns. Not 0 where it is to be
   run again by its instructions: a strong product came to NaN. */
typedef int64_t (*LoopCode)(double *uniforms, const int32_t *places, double *outputs, int64_t turns);

typedef struct {
    const Instruction *code;
    const int32_t *lists;
    const double *uniforms; /* their end */
    double *rows;
    int64_t lanes; /* of a row: a multiple of 8 */
    const Block *blocks;
    const int64_t *order;
    double *values; /* a row of `width` a sample */
    int64_t width;
    double *outputs; /* of a single sample */
    const void *const *loops; /* machine code, each a LoopCode */
    double *panels; /* room for PANEL_ROWS rows and for PANEL_NUMBERS numbers */
    double *partial_sums; /* eight a summed output */
    double *sums;
} Work;

/* The list of `dots` and its kin. Weights are evenly apart along a stretch of x, for which there are
   the number of the x it ends before, each sum's first weight, and each one's second if it is longer
   than one. Without stretches each sum's n weights are listed. */
typedef struct {
    int m, n, stretches;
    const int32_t *xs, *results, *starts, *weights;
} Dots;

static inline Dots dots_of(int operation, const int32_t *list)
{
    const int m = list[0], n = list[1];
    const int32_t *xs = list + 3, *results = xs + n, *starts = results + m;
    return (Dots){m, n, list[2], xs, results, starts, operation == op_strong_dots ? starts : starts + m};
}

#define MOST_STEPS 264 /* of `running`: the instructions of a body, the operands of all */
#define MOST_WEIGHTS 96 /* of a sum that are multiplied at a time */

/* The x numbered `from` to `to` of a stretch that begins with `begin`; firsts is 0 without one. */
typedef struct {
    int begin, from, to, stop;
    const int32_t *firsts;
} Part;

static inline void part_from(const Dots *of, int from, Part *part)
{
    if (of->stretches && (from == 0 || from == part->stop)) {
        if (from == 0) part->firsts = of->weights + 1;
        else part->firsts += of->m * (part->stop - part->begin > 1 ? 2 : 1) + 1;
        part->begin = from;
    }
    part->stop = of->stretches ? part->firsts[-1] : of->n;
    part->from = from;
    part->to = part->stop - from < MOST_WEIGHTS ? part->stop : from + MOST_WEIGHTS;
}

/* How far apart a sum's weights are. */
static inline int64_t apart_of(const Dots *of, const Part *part, int j)
{
    return part->stop - part->begin > 1 ? (int64_t)part->firsts[of->m + j] - part->firsts[j] : 0;
}

/* The number of the weight of sum j and the x numbered k, of a part. */
static inline int64_t weight_of(const Dots *of, const Part *part, int j, int k)
{
    if (!of->stretches) return of->weights[(int64_t)j * of->n + k];
    return part->firsts[j] + (k - part->begin) * apart_of(of, part, j);
}

/* Where the weights of M sums begin in a part, from sum j on; and how far apart they are. Those that
   are not alike are brought together in `room`. */
ALWAYS_INLINE int64_t weights_of(const int M, const Dots *of, const Part *part,
                                 const double *uniforms, int j, double *room,
                                 const double **weights)
{
    const int64_t apart = of->stretches ? apart_of(of, part, j) : 0;
    int alike = of->stretches != 0;
    for (int q = 1; q < M && alike; q++) alike = apart_of(of, part, j + q) == apart;
    UNROLL
    for (int q = 0; q < M; q++) {
        if (alike) weights[q] = uniforms + weight_of(of, part, j + q, part->from);
        else {
            weights[q] = room + q;
            for (int k = part->from; k < part->to; k++)
                room[(k - part->from) * M + q] = uniforms[weight_of(of, part, j + q, k)];
        }
    }
    return alike ? apart : M;
}

/* The list of `outers`. Of each cotangent there is the first of its summed outputs, which the rest
   follow; or, if they do not, -1 less where they begin in what is listed after the m. */
typedef struct {
    int m, n;
    const int32_t *cotangents, *factors, *outputs;
} Outers;

static inline Outers outers_of(const int32_t *list)
{
    const int32_t *cotangents = list + 2, *factors = cotangents + list[0];
    return (Outers){list[0], list[1], cotangents, factors, factors + list[1]};
}

/* Which summed output is that of a cotangent and a factor. */
static inline int64_t output_of(const Outers *of, int j, int k)
{
    const int64_t first = of->outputs[j];
    return first >= 0 ? first + k : of->outputs[of->m - 1 - first + k];
}

#define PANEL_ROWS 16      /* of two of the widest vectors, a row a lane */
#define PANEL_NUMBERS 2048 /* of some panels: half of a first cache */

typedef void (*RunLanes)(const Work *work, int64_t from, int64_t to, const Span *span);

typedef struct {
    const char *name;
    RunLanes run;
    int (*supported)(void);
} InstructionSet;

typedef struct {
    const char *name;
    int operation;
} Named;

typedef struct {
    const char *name;
    int operands;
    double (*unary)(double);
    double (*binary)(double, double);
    double (*ternary)(double, double, double);
} Function;

extern const InstructionSet instruction_sets[]; /* the best first; the last has no name */
extern const Named operations[];                /* the last has no name */
extern const Function functions[];              /* by operation less op_call; the last has no name */

#define MOST_STREAMS 1024 /* of a loop: 64 instructions of 16 operands */

/* Run instructions on uniform values alone; all numbers are negative. What loops run is told by
   `loops`: the lane instructions, lists, rows and lanes. */
void run_uniform(const Instruction *code, const int32_t *lists, double *uniforms, int64_t from,
                 int64_t to, const Work *loops, RunLanes run);

#endif
