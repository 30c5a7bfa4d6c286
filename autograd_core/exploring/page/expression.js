// An expression as text: read by a parser of its own, never evaluated as a program, computed by the
// engine's operations. What it does not take it refuses, with the place.
class Refusal extends Error {
  constructor(words, place) {
    super(words);
    this.place = place;
  }
}

const DEEPEST = 200;
const LONGEST = 1000;  // signs
const INSTEAD = {
  "^": "a power is written **", "×": "a product is written *", "·": "a product is written *",
  "÷": "a quotient is written /", "−": "minus is written -", "²": "a square is written **2",
};
const OTHER_WORDS = new Set(("and as assert async await break class continue def del elif else except "
  + "False finally for from global if import in is lambda None nonlocal not or pass raise return True "
  + "try while with yield").split(" "));

function tokensOf(text) {
  const sign = /\s*(?:(\d[\d_]*\.?[\d_]*(?:[eE][+-]?\d+)?|\.\d[\d_]*(?:[eE][+-]?\d+)?)|([\p{L}_][\p{L}\p{N}_]*)|(\*\*|\/\/|<=|>=|[-+*/%(),;=<>\n]))/uy;
  const found = [];
  while (/\S/.test(text.slice(sign.lastIndex))) {
    const from = sign.lastIndex;
    const match = sign.exec(text);
    if (match === null) {
      const place = from + text.slice(from).search(/\S/);
      const letter = String.fromCodePoint(text.codePointAt(place));
      throw new Refusal(INSTEAD[letter] ?? `${letter} means nothing here`, place);
    }
    const [, number, name, other] = match;
    const written = number ?? name ?? other;
    const kind = number !== undefined ? "number" : name !== undefined ? "name" : written;
    found.push({ kind, text: written, place: sign.lastIndex - written.length });
  }
  return [...found, { kind: "end", text: "", place: text.trimEnd().length }];
}

// The values of an expression, each { op, of, name, data, constant }, the last definition's the root.
// "q = x + y; q * z" names what it uses. A constant is a leaf to the engine, whatever it is made of.
function parsed(text, callable) {
  const tokens = tokensOf(text);
  if (tokens.length > LONGEST) { throw new Refusal("this is longer than a page takes", tokens[LONGEST].place); }
  const variables = new Map();
  const defined = new Map();
  let [next, depth] = [0, 0];
  const here = () => tokens[next];
  const is = (...kinds) => kinds.includes(here().kind);
  const take = () => tokens[next++];

  const made = (op, ...of) => {
    const constant = of.every((value) => value.constant);
    return { op, of, name: "", data: null, constant };
  };
  const number = (data) => ({ op: null, of: [], name: "", data, constant: true });

  // What the engine makes of a bound that is a constant: nothing is shared at a tie.
  function bounded(name, x, y) {
    if (!x.constant && !y.constant) { return made(name, x, y); }
    const op = name === "maximum" ? "at_least" : "at_most";
    return x.constant ? made(op, y, x) : made(op, x, y);
  }

  function call(name, of, place) {
    const { least, most, given } = callable[name];
    if (of.length < least || of.length > most) {
      const many = least === most ? `${most}` : `${least} or ${most}`;
      throw new Refusal(`${name} takes ${many} operand${most === 1 ? "" : "s"}, not ${of.length}`, place);
    }
    const all = [...of, ...given.slice(given.length - most + of.length).map(number)];
    return name === "maximum" || name === "minimum" ? bounded(name, ...all) : made(name, ...all);
  }

  function operand() {
    const token = take();
    if (token.kind === "number") {
      if (is("name", "number", "(")) {
        throw new Refusal(`a product is written ${token.text} * ${here().text}`, here().place);
      }
      return number(Number(token.text.replaceAll("_", "")));
    }
    if (token.kind === "(") {
      const inside = sum();
      closed(token);
      return inside;
    }
    if (token.kind === "name") { return named(token); }
    throw new Refusal(token.kind === "end" || token.kind === ";" || token.kind === "\n"
      ? "an operand is missing" : `an operand is missing before ${token.text}`, token.place);
  }

  function closed(open) {
    if (!is(")")) {
      throw is("end", ";", "\n") ? new Refusal("this parenthesis is not closed", open.place) : unexpected();
    }
    take();
    if (is("(")) { throw new Refusal("a product is written (…) * (…)", here().place); }
  }

  function named(token) {
    const { text: name, place } = token;
    const known = Object.hasOwn(callable, name);
    if (is("(")) {
      if (!known) {
        throw new Refusal(variables.has(name) || defined.has(name)
          ? `a product is written ${name} * (…)` : `${name} is no function here`, place);
      }
      const open = take();
      const of = [];
      if (!is(")")) {
        of.push(name === "where" ? condition() : sum());
        while (is(",")) {
          take();
          of.push(sum());
        }
      }
      closed(open);
      return call(name, of, place);
    }
    if (known) { throw new Refusal(`${name} is a function: write ${name}(…)`, place); }
    if (OTHER_WORDS.has(name)) { throw unexpected(token); }
    if (is("name", "number")) { throw unexpected(); }
    if (defined.has(name)) { return defined.get(name); }
    if (!variables.has(name)) {
      variables.set(name, { op: null, of: [], name, data: null, constant: false, place });
    }
    return variables.get(name);
  }

  function condition() {
    const x = sum();
    if (!is("<", "<=", ">", ">=")) {
      throw new Refusal("where chooses by a comparison: where(x > 0, x, -x)", here().place);
    }
    const { kind } = take();
    return { ...made(kind, x, sum()), constant: true };
  }

  function unexpected(token = here()) {
    const words = {
      if: "a choice is written where(x > 0, x, -x)",
      "=": "only a name stands before =",
      ")": "this closes no parenthesis",
      ",": "a comma stands between a function's operands",
    }[token.text] ?? (/^[<>]/.test(token.text) ? "a comparison stands first in where(x > 0, x, -x)"
      : `an operator is missing before ${token.text}`);
    return new Refusal(words, token.place);
  }

  function deeper(read) {
    if (++depth > DEEPEST) { throw new Refusal("this is nested too deeply", here().place); }
    const found = read();
    depth -= 1;
    return found;
  }

  const power = () => deeper(() => {
    const base = operand();
    if (!is("**")) { return base; }
    take();
    return made("pow", base, signed());
  });

  const signed = () => deeper(() => {
    if (!is("-", "+")) { return power(); }
    const minus = take().kind === "-";
    const of = signed();
    return minus ? made("neg", of) : of;
  });

  function chain(kinds, operandOf) {
    let left = operandOf();
    while (is(...Object.keys(kinds))) { left = made(kinds[take().kind], left, operandOf()); }
    return left;
  }

  const product = () => chain({ "*": "mul", "/": "div", "//": "floordiv", "%": "mod" }, signed);
  const sum = () => chain({ "+": "add", "-": "sub" }, product);

  function statement() {
    const token = here();
    if (token.kind !== "name" || tokens[next + 1].kind !== "=") { return sum(); }
    const { text: name, place } = token;
    next += 2;
    if (Object.hasOwn(callable, name) || OTHER_WORDS.has(name)) {
      throw new Refusal(`${name} has a meaning already`, place);
    }
    const value = sum();
    if (defined.has(name)) { throw new Refusal(`${name} is defined already`, place); }
    if (variables.has(name)) {
      throw new Refusal(`${name} was used above, before it is defined here`, variables.get(name).place);
    }
    // A second name, of what has one, is the same value to the engine.
    if (value.name === "" && !value.constant) { value.name = name; }
    defined.set(name, value);
    return value;
  }

  let root = null;
  let last = "f";
  while (!is("end")) {
    if (is(";", "\n")) {
      take();
      continue;
    }
    last = here().kind === "name" && tokens[next + 1].kind === "=" ? here().text : "f";
    root = statement();
    if (!is(";", "\n", "end")) { throw unexpected(); }
  }
  if (root === null) { throw new Refusal("type an expression, such as (x + y) * z", 0); }
  return { root, name: last, inputs: [...variables.values()], graph: inOrder(root) };
}

// Every value that the root is made of, parents first, from left to right. A constant stands once
// for each use, and what it was made of stands nowhere.
function inOrder(root) {
  const values = [];
  const parents = [];
  const places = new Map();
  function visit(value) {
    if (places.has(value)) { return places.get(value); }
    const of = value.constant ? [] : value.of.map(visit);
    values.push(value);
    parents.push(of);
    if (!value.constant) { places.set(value, values.length - 1); }
    return values.length - 1;
  }
  visit(root);
  return { values, parents };
}

// A parsed expression as functions of its inputs: its value, its gradient, and every number.
function functionsOf({ root, inputs, graph }, operations) {
  const { values, parents } = graph;
  const compared = { "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b };

  function computed(given) {
    const found = new Map(inputs.map((input, k) => [input, { data: given[k], local: [] }]));
    const of = (value) => {
      if (value.op === null && value.data !== null) { return { data: value.data, local: [] }; }
      if (!found.has(value)) {
        const operands = value.of.map((one) => of(one).data);
        const holds = compared[value.op]?.(...operands);
        found.set(value, holds === undefined ? operations[value.op](...operands)
          : { data: holds ? 1 : 0, local: [] });
      }
      return found.get(value);
    };
    return of;
  }

  // The engine's sweep: from the root back, operands in order, of more than two the last one first;
  // a factor of zero wins over one that is not finite.
  function numbers(...given) {
    const of = computed(given);
    const all = values.map(of);
    const grad = values.map(() => 0);
    if (!root.constant) { grad[values.length - 1] = 1; }
    for (let at = values.length - 1; at >= 0; at--) {
      if (grad[at] === 0) { continue; }
      const operands = parents[at].map((place, k) => [place, all[at].local[k]]);
      for (const [place, local] of operands.length > 2 ? operands.reverse() : operands) {
        if (!values[place].constant && (Number.isFinite(grad[at]) || local !== 0)) {
          grad[place] += grad[at] * local;
        }
      }
    }
    const local = all.flatMap((one, at) => parents[at].map((_, k) => one.local[k]));
    return { data: all.map((one) => one.data), grad, local };
  }

  return {
    value: (...given) => computed(given)(root).data,
    slopes: (...given) => {
      const { data, grad } = numbers(...given);
      return [data.at(-1), inputs.map((input) => grad[values.indexOf(input)] ?? 0)];
    },
    numbers,
  };
}
