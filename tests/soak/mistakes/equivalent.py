"""Changes of the source that no test can notice, each with why: `mutants` leaves them out."""

from __future__ import annotations

PROGRAM = "autograd_core/program/"
NATIVE, LLVM = f"{PROGRAM}backends/native/", f"{PROGRAM}backends/llvm/"
ROOM = "room, which grows or is more than is needed"
ALL_PARTIALS = "of a row of lists all partials are asked for, whatever the place"
ANY_MARK = "any number but 0 is a mark"
UNREAD = "what stands second in an instruction of one operand is never read"
NO_CHAIN = "the first instruction is no addition of a product"
LEAF_FIRST = (
    "plain Python writes gradients after the loop; what a leaf has come to stands there by then"
)
PAIRS = "operands are pairs"
OWN_PROCESSES = "tests notice, but by processes of their own, which are not changed"
LAST_TERMS = "the tenth derivative at 2, where the series ends, changes by less than rounding"
AS_LONG = "they are as long as one another"
CONSTANT = "any number does that is always the same"
REFUSED = "what is not refused at once is looked at and refused"
LEADS_IN = "what goes on from before a turn into it, or out of it to before it, has no room later"
BEHIND = "the search goes on behind a loop of so many turns, and behind what they would refuse"
SET_BEFORE = "it is set once more before it is read"
NO_KEY = "any other number that is no key does as well"
GUESSED = "by such numbers it is only guessed what comes again: runs of equal items decide"
FITTED = "what is no loop is refused where it is fitted"
CUT = "what is cut where nothing overlaps is found again as it was"
REST = "any negative length stands for what is left"
NEVER_INSIDE = "who reads the first item of a loop in its last turn is none of it"
MORE_TURNS = "a loop has more turns than any of them reads back"
OTHERWISE = "the same number is loaded or stored in another way"
SPARE = "nobody reads what stands in the spare lanes of others, and one lane is never spare"
SAME = "where all turns read the same, the second reads what the first does"
NO_RESULT = "what only writes to memory has no result"
FIRST = "in which order items come that wait for none is free"
EQUIVALENT: dict[str, str] = {
    f"{PROGRAM}adjoint/reverse.py: __init__: `0` became `1`, 1 of 2": (
        "a place for a pair stays free"
    ),
    f"{PROGRAM}adjoint/reverse.py: _pull_back: `64` became `65`": ROOM,
    f"{PROGRAM}adjoint/reverse.py: _mark_leading: `break` became nothing": (
        "what is marked already is marked once more"
    ),
    f"{PROGRAM}adjoint/reverse.py: leads_from: `1` became `2`": ANY_MARK,
    f"{PROGRAM}adjoint/reverse.py: _sweep_order: `1` became `2`, 1 of 8": ANY_MARK,
    f"{PROGRAM}adjoint/reverse.py: _sweep_order: `1` became `2`, 6 of 8": ANY_MARK,
    f"{PROGRAM}adjoint/reverse.py: _mark_leading: `1` became `2`": ANY_MARK,
    f"{PROGRAM}adjoint/reverse.py: _pull_back: `True` became `False`": AS_LONG,
    f"{PROGRAM}adjoint/reverse.py: _pull_back: `2` became `3`, 1 of 5": ROOM,
    f"{PROGRAM}adjoint/reverse.py: _pull_back: `2` became `3`, 3 of 5": ROOM,
    f"{PROGRAM}adjoint/reverse.py: _pull_back: `continue` became nothing, 2 of 2": (
        "a row of lists has no operands besides to go through"
    ),
    f"{PROGRAM}adjoint/reverse.py: _pull_back_listed: `-1` became `1`, 3 of 3": ALL_PARTIALS,
    f"{PROGRAM}adjoint/reverse.py: _pull_back_listed: `1` became `2`, 4 of 4": ALL_PARTIALS,
    f"{PROGRAM}adjoint/reverse.py: product: `0` became `1`, 2 of 2": UNREAD,
    f"{PROGRAM}adjoint/stencils.py: write: `0` became `1`, 4 of 4": UNREAD,
    f"{PROGRAM}adjoint/stencils.py: write_partial: `0` became `1`, 1 of 2": UNREAD,
    f"{PROGRAM}adjoint/stencils.py: __init__: `1` became `2`, 1 of 3": (
        "room, and a partial that is a constant has no other constant"
    ),
    f"{PROGRAM}adjoint/stencils.py: __init__: `1` became `2`, 2 of 3": (
        "room, and a partial that is a constant has no other constant"
    ),
    f"{PROGRAM}adjoint/tangent.py: push_forward: `64` became `65`": ROOM,
    f"{PROGRAM}adjoint/tangent.py: push_forward: `continue` became nothing": (
        "what nothing moves has the tangent 0, and sooner so"
    ),
    f"{PROGRAM}adjoint/tangent.py: push_forward: `-1` became `1`": ALL_PARTIALS,
    f"{PROGRAM}adjoint/tangent.py: push_forward: `1` became `2`": ALL_PARTIALS,
    f"{PROGRAM}passes/rewriting.py: copied: `self.now(self.rows[place, 2]) if count == 2 else 0` "
    "became `self.now(self.rows[place, 2])`": ("there stands 0, and the first leaf is leaf 0"),
    f"{PROGRAM}passes/fusing.py: _find_chains: `first >= 0` became `first > 0`": NO_CHAIN,
    f"{PROGRAM}passes/fusing.py: _find_chains: `0` became `1`, 2 of 4": NO_CHAIN,
    "autograd_core/graph/sweep.py: _propagate: `position >= 0` became `position > 0`": LEAF_FIRST,
    "autograd_core/graph/sweep.py: _propagate: `0` became `1`, 1 of 7": LEAF_FIRST,
    "autograd_core/graph/sweep.py: _propagate: "
    "`cotangent - cotangent` became `cotangent + cotangent`": "a zero more leaves a sum as it is",
    "autograd_core/graph/sweep.py: _own_step: `True` became `False`": (
        "a node has as many local gradients as parents"
    ),
    "autograd_core/graph/sweep.py: _backward: `if _INTERRUPTIBLE:` became "
    "`if not _INTERRUPTIBLE:`": OWN_PROCESSES,
    "autograd_core/graph/sweep.py: _zero: `if _INTERRUPTIBLE:` became `if not _INTERRUPTIBLE:`": (
        OWN_PROCESSES
    ),
    "autograd_core/graph/marks.py: _renew_turn: `_turn = threading.RLock()` became nothing": (
        OWN_PROCESSES
    ),
    f"{PROGRAM}passes/ordering.py: by_level: "
    "`depths[code.leaves:].astype(met.dtype) * met[-1] + met[kinds]` became "
    "`depths[code.leaves:].astype(met.dtype) * met[-1] - met[kinds]`": (
        "in which order the kinds of a level stand is free"
    ),
    f"{NATIVE}rolls.py: add: `body + period > len(self.marks)` became "
    "`body + period >= len(self.marks)`": ROOM,
    f"{NATIVE}rolls.py: __init__: `64` became `65`, 2 of 3": ROOM,
    f"{NATIVE}rolls.py: __init__: `64` became `65`, 3 of 3": ROOM,
    f"{NATIVE}rolls.py: __init__: `65` became `66`": ROOM,
    f"{NATIVE}rolls.py: _mark: `1` became `2`, 2 of 3": (
        "what stands before a body reads nothing of it"
    ),
    f"{NATIVE}rolling.py: __init__: `self._least = 1` became nothing": SET_BEFORE,
    f"{NATIVE}rolling.py: __init__: `1` became `2`, 1 of 2": f"{SET_BEFORE}; {ROOM}",
    f"{NATIVE}rolling.py: __init__: `1` became `2`, 2 of 2": f"{SET_BEFORE}; {ROOM}",
    f"{NATIVE}rolling.py: __init__: `3` became `4`": ROOM,
    f"{NATIVE}rolling.py: _find: `place + 3 <= len(of.rows)` became `place + 3 < len(of.rows)`": (
        "a roll has far more turns than three"
    ),
    f"{NATIVE}rolling.py: _begins: `0` became `1`, 1 of 5": "one operand less than the most of all",
    f"{NATIVE}rolling.py: _begins: `operands > MOST` became `operands >= MOST`": (
        "one operand less than the most of all"
    ),
    f"{NATIVE}rolling.py: _look_at: `self._blocked = place` became nothing": REFUSED,
    f"{NATIVE}rolling.py: _look_at: `self._least = max(self._least, place + of.leaves - value)` "
    "became nothing": REFUSED,
    f"{NATIVE}rolling.py: _is_even: `1 + of.arity[of.rows[place, 0]]` became "
    "`1 - of.arity[of.rows[place, 0]]`": REFUSED,
    f"{NATIVE}rolling.py: _is_even: `second - first == period and second - of.leaves >= place` "
    "became `second - first == period or second - of.leaves >= place`": REFUSED,
    f"{NATIVE}rolling.py: _find: `3` became `4`": "a roll has far more turns than three",
    f"{NATIVE}rolling.py: _period: `place <= self._blocked < place + period` became "
    "`place < self._blocked < place + period`": REFUSED,
    f"{NATIVE}rolling.py: _begins: `0 < count <= WIDEST` became `0 <= count <= WIDEST`": (
        "what reads nothing does not vary, and is refused for that"
    ),
    f"{NATIVE}rolling.py: _begins: `first if first - of.leaves >= start else second` became "
    "`first`": LEADS_IN,
    f"{NATIVE}rolling.py: _begins: `first if first - of.leaves >= start else second` became "
    "`second`": LEADS_IN,
    f"{NATIVE}rolling.py: _begins: `first - of.leaves >= start` became "
    "`first - of.leaves > start`": LEADS_IN,
    f"{NATIVE}rolling.py: _begins: `first - of.leaves` became `first + of.leaves`": LEADS_IN,
    f"{NATIVE}rolling.py: _look_at: `value < of.leaves` became `value <= of.leaves`": REFUSED,
    f"{NATIVE}rolling.py: _look_at: `place + of.leaves` became `place - of.leaves`": REFUSED,
    f"{NATIVE}rolling.py: _is_even: `False` became `True`, 1 of 2": REFUSED,
    f"{NATIVE}rolling.py: _is_even: `False` became `True`, 2 of 2": REFUSED,
    f"{NATIVE}rolling.py: _is_even: `second - of.leaves` became `second + of.leaves`": REFUSED,
    f"{NATIVE}rolling.py: _is_stuck: `of.leaves <= value < of.leaves + start` became "
    "`of.leaves < value < of.leaves + start`": REFUSED,
    f"{NATIVE}rolling.py: _is_stuck: `value - of.leaves <= place - 2 * LONGEST` became "
    "`value - of.leaves < place - 2 * LONGEST`": REFUSED,
    f"{NATIVE}rolling.py: _is_stuck: `2` became `3`": REFUSED,
    f"{NATIVE}rolling.py: _goes_on: `turns < FEWEST` became `turns <= FEWEST`, 1 of 2": BEHIND,
    f"{NATIVE}rolling.py: _goes_on: `turns < FEWEST` became `turns <= FEWEST`, 2 of 2": BEHIND,
    f"{NATIVE}rolling.py: _goes_on: `1` became `2`": "turns are compared that have been compared",
    f"{NATIVE}rolling.py: _room: `step > 0` became `step >= 0`": "what moves on has a step",
    f"{LLVM}kept_programs.py: read: `None if name is None else object_cache.read(name)` became "
    "`object_cache.read(name)`": "no file is called None",
    f"{LLVM}kept_programs.py: digest: `8` became `9`": CONSTANT,
    f"{LLVM}kept_programs.py: sources_in: `0` became `1`, 2 of 2": CONSTANT,
    f"{LLVM}kept_programs.py: sources_in: `HEAD if compiled else about.st_size` became "
    "`about.st_size`": "reading more than is needed only takes longer",
    f"{LLVM}object_loader.py: _record: `formats, offsets = zip(*fields.values(), strict=True)` "
    "became nothing": "it is called at import alone",
    f"{LLVM}object_loader.py: _record: `True` became `False`": "it is called at import alone",
    f"{LLVM}object_loader.py: load: `True` became `False`, 1 of 3": AS_LONG,
    f"{LLVM}object_loader.py: load: `True` became `False`, 2 of 3": AS_LONG,
    f"{LLVM}object_loader.py: load: `True` became `False`, 3 of 3": AS_LONG,
    f"{LLVM}object_loader.py: _places: `True` became `False`": AS_LONG,
    f"{LLVM}object_loader.py: _places: `0` became `1`, 1 of 2": ROOM,
    f"{LLVM}object_loader.py: _places: `0` became `1`, 2 of 2": ROOM,
    f"{LLVM}object_loader.py: _places: `int(section['size']) if needed else 0` became "
    "`int(section['size'])`": ROOM,
    f"{LLVM}object_loader.py: _addresses: `True` became `False`": AS_LONG,
    f"{LLVM}object_loader.py: _addresses: `UNDEFINED < place < RESERVED` became "
    "`UNDEFINED <= place < RESERVED`": "the section of number 0 stands nowhere",
    f"{LLVM}rolled/kept_loops.py: found: `True` became `False`": AS_LONG,
    f"{LLVM}rolled/loop_bodies.py: step: `0` became `1`, 1 of 2": NO_RESULT,
    f"{LLVM}rolled/loop_bodies.py: step: `0` became `1`, 2 of 2": NO_RESULT,
    f"{LLVM}rolled/loop_bodies.py: step: `True` became `False`": AS_LONG,
    f"{LLVM}rolled/loop_bodies.py: bodies: `True` became `False`": AS_LONG,
    f"{LLVM}rolled/loop_text.py: loop_text: `True` became `False`": AS_LONG,
    f"{LLVM}rolled/loop_text.py: loop: `True` became `False`": AS_LONG,
    f"{LLVM}rolled/loop_text.py: _in_turn: `True` became `False`, 1 of 2": AS_LONG,
    f"{LLVM}rolled/loop_text.py: _in_turn: `True` became `False`, 2 of 2": AS_LONG,
    f"{LLVM}rolled/loop_text.py: __init__: `lanes > 1` became `lanes >= 1`": (
        "of turns one by one, what is the same in all lanes is never written"
    ),
    f"{LLVM}rolled/loop_text.py: __init__: `1` became `2`, 1 of 2": "there are four lanes at least",
    f"{LLVM}rolled/loop_text.py: _compute: `1` became `2`, 2 of 4": "there are four lanes at least",
    f"{LLVM}plan/llvm_loops.py: _periods: `len(line) < GRAM * FEWEST` became "
    "`len(line) <= GRAM * FEWEST`": "so few items save too little",
    f"{LLVM}plan/llvm_loops.py: _periods: "
    "`(line.kinds.astype(numpy.uint64) << numpy.uint64(32)) + line.counts.astype(numpy.uint64)` "
    "became "
    "`(line.kinds.astype(numpy.uint64) << numpy.uint64(32)) - line.counts.astype(numpy.uint64)`": (
        GUESSED
    ),
    f"{LLVM}plan/llvm_loops.py: _periods: `32` became `33`": GUESSED,
    f"{LLVM}plan/llvm_loops.py: _periods: `line.at >= 0` became `line.at > 0`": GUESSED,
    f"{LLVM}plan/llvm_loops.py: _periods: `away < NEAR` became `away <= NEAR`": GUESSED,
    f"{LLVM}plan/llvm_loops.py: _periods: `0` became `1`, 2 of 2": GUESSED,
    f"{LLVM}plan/llvm_loops.py: _periods: `kinds + reads * numpy.uint64(PRIME)` became "
    "`kinds - reads * numpy.uint64(PRIME)`": GUESSED,
    f"{LLVM}plan/llvm_loops.py: _periods: `reads * numpy.uint64(PRIME)` became "
    "`reads / numpy.uint64(PRIME)`": GUESSED,
    f"{LLVM}plan/llvm_loops.py: _apart: `of * numpy.uint64(PRIME)` became "
    "`of / numpy.uint64(PRIME)`": GUESSED,
    f"{LLVM}plan/llvm_loops.py: _apart: `len(own) - GRAM + 1` became "
    "`len(own) - GRAM - 1`": GUESSED,
    f"{LLVM}plan/llvm_loops.py: _apart: "
    "`grams * numpy.uint64(1099511628211) + own[place:place + len(grams)]` became "
    "`grams * numpy.uint64(1099511628211) - own[place:place + len(grams)]`": GUESSED,
    f"{LLVM}plan/llvm_loops.py: _apart: `grams * numpy.uint64(1099511628211)` became "
    "`grams / numpy.uint64(1099511628211)`": GUESSED,
    f"{LLVM}plan/llvm_loops.py: _apart: `1099511628211` became `1099511628212`": GUESSED,
    f"{LLVM}plan/llvm_loops.py: _apart: `len(own) // FEWEST` became `len(own) * FEWEST`": FITTED,
    f"{LLVM}plan/llvm_loops.py: _runs: `stops - firsts` became `stops + firsts`": FITTED,
    f"{LLVM}plan/llvm_loops.py: _runs: `period * (FEWEST - 1)` became `period / (FEWEST - 1)`": (
        FITTED
    ),
    f"{LLVM}plan/llvm_loops.py: _runs: `1` became `2`, 2 of 2": FITTED,
    f"{LLVM}plan/llvm_loops.py: _fitted: `1` became `2`, 2 of 7": REST,
    f"{LLVM}plan/llvm_loops.py: _fitted: `0` became `1`, 2 of 13": SAME,
    f"{LLVM}plan/llvm_loops.py: _fitted: `0` became `1`, 13 of 13": SAME,
    f"{LLVM}plan/llvm_loops.py: _runs: `after <= item` became `after < item`": (
        "a loop begins behind the item that reads itself of the turn before, and first another"
    ),
    f"{LLVM}plan/llvm_loops.py: _runs: `True` became `False`": AS_LONG,
    f"{LLVM}plan/llvm_loops.py: _fitted: `turns < FEWEST or period * (turns - 1) < LEAST` became "
    "`turns < FEWEST and period * (turns - 1) < LEAST`": "it is refused once it is fitted",
    f"{LLVM}plan/llvm_loops.py: _fitted: `turns - 1` became `turns + 1`, 2 of 2": (
        "it is refused once it is fitted"
    ),
    f"{LLVM}plan/llvm_loops.py: _fitted: `turn >= lasts` became `turn > lasts`": (
        "where the next turn is held up as well, it is in no first turn either"
    ),
    f"{LLVM}plan/llvm_loops.py: find_loops: `stop <= best.first or best.end <= first` became "
    "`stop <= best.first and best.end <= first`": CUT,
    f"{LLVM}plan/llvm_loops.py: find_loops: `stop <= best.first` became `stop < best.first`": CUT,
    f"{LLVM}plan/llvm_loops.py: find_loops: `best.end <= first` became `best.end < first`": CUT,
    f"{LLVM}plan/llvm_loops.py: find_loops: `continue` became nothing": CUT,
    f"{LLVM}plan/llvm_line.py: __init__: `counts = counts.astype(numpy.int64)` became nothing": (
        "a program has fewer operands than 32 bits count"
    ),
    f"{LLVM}plan/llvm_line.py: __init__: `1` became `2`, 1 of 3": FIRST,
    f"{LLVM}plan/llvm_line.py: add: `1` became `2`, 9 of 10": FIRST,
    f"{LLVM}plan/llvm_line.py: add: `1` became `2`, 3 of 10": REST,
    f"{LLVM}plan/llvm_line.py: add: `count - 1` became `count + 1`": ROOM,
    f"{LLVM}plan/llvm_doubts.py: asked: `True` became `False`": AS_LONG,
    f"{LLVM}plan/llvm_looped.py: _body: `at[-1] >= first` became `at[-1] > first`": NEVER_INSIDE,
    f"{LLVM}plan/llvm_looped.py: _carried: `at[-1] >= loop.first` became "
    "`at[-1] > loop.first`": NEVER_INSIDE,
    f"{LLVM}plan/llvm_looped.py: _read_elsewhere: `1` became `2`": NO_KEY,
    f"{LLVM}plan/llvm_looped.py: _body: `1` became `2`, 1 of 8": REST,
    f"{LLVM}plan/llvm_looped.py: _body: `1` became `2`, 3 of 8": REST,
    f"{LLVM}plan/llvm_looped.py: _body: `1` became `2`, 4 of 8": MORE_TURNS,
    f"{LLVM}plan/llvm_looped.py: _carried: `1` became `2`, 1 of 2": REST,
    f"{LLVM}plan/llvm_looped.py: _carried: `1` became `2`, 2 of 2": MORE_TURNS,
    f"{LLVM}plan/llvm_looped.py: _carried: `0` became `1`, 2 of 2": (
        "as many are read in the second turn"
    ),
    f"{LLVM}plan/llvm_looped.py: _abreast: `turns > 1` became `turns >= 1`": "one turn is the loop",
    f"{LLVM}plan/llvm_looped.py: _stays_call: `1` became `2`": "two lanes are written out alike",
    f"{LLVM}text/llvm_turns.py: _before: `loop.same[values] = self._value(values[0])` became "
    "nothing": OTHERWISE,
    f"{LLVM}text/llvm_turns.py: _along: `offsets[1] - offsets[0]` became "
    "`offsets[1] + offsets[0]`": OTHERWISE,
    f"{LLVM}text/llvm_turns.py: _left: `False` became `True`": OTHERWISE,
    f"{LLVM}text/llvm_turns.py: _left: "
    "`stored += [[own[k] for own in slots] for k in range(min(map(len, slots)))]` became "
    "nothing": OTHERWISE,
    f"{LLVM}text/llvm_turns.py: _left: "
    "`added += [[own[k] for own in places] for k in range(min(map(len, places)))]` became "
    "nothing": OTHERWISE,
    f"{LLVM}text/llvm_turns.py: _left: "
    "`not each and (item.left or rest or self.frame.are_pinned(values[:-1]))` became "
    "`not each or (item.left or rest or self.frame.are_pinned(values[:-1]))`": OTHERWISE,
    f"{LLVM}text/llvm_turns.py: _put_after: `self._local[value] = name` became nothing": OTHERWISE,
    f"{LLVM}text/llvm_turns.py: _write_turns: `True` became `False`": AS_LONG,
    f"{LLVM}text/llvm_turns.py: _before: `operand.item < 0` became `operand.item <= 0`": (
        "what an item makes is another value in every turn"
    ),
    f"{LLVM}text/llvm_turns.py: _along: `other - one` became `other + one`": OTHERWISE,
    f"{LLVM}text/llvm_turns.py: _along: `other - one == apart` became `other - one != apart`": (
        OTHERWISE
    ),
    f"{LLVM}text/llvm_turns.py: _along: `1` became `2`": OTHERWISE,
    f"{LLVM}text/llvm_turns.py: _left: `True` became `False`, 1 of 2": AS_LONG,
    f"{LLVM}text/llvm_turns.py: _left: `True` became `False`, 2 of 2": AS_LONG,
    f"{LLVM}text/llvm_turns.py: _left: `len(own) > len(stored)` became "
    "`len(own) >= len(stored)`": OTHERWISE,
    f"{LLVM}text/llvm_turns.py: _left: `len(own) > len(added)` became "
    "`len(own) >= len(added)`": OTHERWISE,
    f"{LLVM}text/llvm_turns.py: _put_after: `len(slots) > each` became "
    "`len(slots) >= each`": OTHERWISE,
    f"{LLVM}text/llvm_turns.py: _put_after: `len(sums) > added` became "
    "`len(sums) >= added`": OTHERWISE,
    f"{LLVM}text/llvm_turns.py: _leave: "
    "`left.slots and (not self.frame.masked.isdisjoint(item.values))` became "
    "`left.slots or not self.frame.masked.isdisjoint(item.values)`": SPARE,
    f"{LLVM}text/llvm_turns.py: _leave: `self._lanes > 1 and (left.sums or masked)` became "
    "`self._lanes > 1 or (left.sums or masked)`": SPARE,
    f"{LLVM}text/llvm_turns.py: _leave: `self._lanes > 1` became `self._lanes >= 1`": SPARE,
    "nn/optim.py: assign: `True` became `False`": "lengths are compared before",
    "autograd_core/primitives/rules.py: dot_partials: `True` became `False`": PAIRS,
    "autograd_core/primitives/rules.py: strong_dot_partials: `True` became `False`": PAIRS,
    "autograd_core/primitives/rules.py: sinc_partial_x: `754.0` became `755.0`": LAST_TERMS,
    "autograd_core/primitives/rules.py: sinc_partial_x: `868.0` became `869.0`": LAST_TERMS,
}
"""Changes that no test can notice, as `told` tells them, each with why."""
