// A graph as boxes and circles, in layers from left to right, to write its numbers into: as the
// engine draws it, but laid out here, for what is typed only the page has seen.
const SIZES = { box: 104, row: 20, circle: 13, gap: 86, between: 22, apart: 20, lane: 14 };

function pictureOf({ values, parents }, glyphs) {
  const layers = layersOf(values, parents);
  place(layers, values);
  const wide = SIZES.circle * 2 + SIZES.between + SIZES.box;
  const left = (layer) => layer === 0 ? 8 : 8 + SIZES.box + SIZES.gap + (layer - 1) * (wide + SIZES.gap);
  const nodes = layers.flat();
  const tall = Math.max(...nodes.map((node) => node.y + node.half)) + 8;
  const width = left(layers.length - 1) + (layers.length > 1 ? wide : SIZES.box) + 8;
  const svg = drawn("svg", {
    viewBox: `0 0 ${width} ${tall}`, role: "img", class: "typed-graph",
    style: `width: min(100%, ${Math.round(1.15 * width)}px); min-width: ${Math.round(0.75 * width)}px;`,
    "aria-label": "Computational graph with values, local gradients and gradients",
  });
  const of = new Map(nodes.filter((node) => node.at !== null).map((node) => [node.at, node]));
  const boxAt = (node) => left(node.layer) + (node.layer ? SIZES.circle * 2 + SIZES.between : 0);
  const circleAt = (node) => left(node.layer) + SIZES.circle;
  const edges = values.map((value, at) => parents[at].map((parent, k) => {
    const [user, from] = [of.get(at), of.get(parent)];
    const way = [[boxAt(from) + SIZES.box, from.y]];
    for (const lane of from.lanes) {
      if (lane.layer < user.layer) { way.push([left(lane.layer), lane.y], [left(lane.layer) + wide, lane.y]); }
    }
    const turn = (k - (parents[at].length - 1) / 2) * 0.5;
    way.push([circleAt(user) - SIZES.circle * Math.cos(turn) - 7, user.y + SIZES.circle * Math.sin(turn)]);
    const group = drawn("g", { class: "edge", id: `e${at}-${k}` });
    group.append(drawn("path", { class: "wire", d: smooth(way) }), drawn("path", { class: "tip",
      d: `M${way.at(-1).map((z) => z.toFixed(1))}m8,0l-9,-4l0,8z` }));
    if (!values[parent].constant) {
      const [[ax, ay], [bx, by]] = way.slice(-2);
      group.append(drawn("text", { class: "local", x: ax + 0.6 * (bx - ax), y: ay + 0.65 * (by - ay) - 5,
        "font-size": 12, "text-anchor": "middle" }));
    }
    svg.append(group);
    return values[parent].constant ? null : group.id;
  }));
  values.forEach((value, at) => {
    const node = of.get(at);
    if (parents[at].length) { svg.append(...operation(value, circleAt(node), boxAt(node), node.y, glyphs)); }
    svg.append(boxOf(value, at, boxAt(node), node, parents[at].length > 0));
  });
  return {
    svg, tall,
    parts: { nodes: values.map((value, at) => [`v${at}`, !value.constant]), edges: edges.flat() },
  };
}

const rowsOf = (value) => (value.name ? 1 : 0) + (value.constant ? 1 : 2);

// Columns of nodes: a value as far left as it can stand, a leaf right before what uses it first, and
// a lane for each column that a value's edges pass.
function layersOf(values, parents) {
  const layer = values.map(() => 0);
  values.forEach((_, at) => { layer[at] = Math.max(0, ...parents[at].map((parent) => layer[parent] + 1)); });
  const users = values.map(() => []);
  parents.forEach((of, at) => of.forEach((parent) => users[parent].push(at)));
  values.forEach((_, at) => {
    if (parents[at].length === 0 && users[at].length) { layer[at] = Math.min(...users[at].map((user) => layer[user])) - 1; }
  });
  const columns = Array.from({ length: Math.max(...layer) + 1 }, () => []);
  const node = (at, k, half) => {
    const made = { at, layer: k, half, y: 0, before: [], after: [], lanes: [] };
    columns[k].push(made);
    return made;
  };
  const nodes = values.map((value, at) => node(at, layer[at], rowsOf(value) * SIZES.row / 2));
  const join = (from, to) => { from.after.push(to); to.before.push(from); };
  values.forEach((_, at) => {
    const last = Math.max(layer[at], ...users[at].map((user) => layer[user] - 1));
    for (let k = layer[at] + 1; k <= last; k++) { nodes[at].lanes.push(node(null, k, SIZES.lane / 2)); }
    const way = [nodes[at], ...nodes[at].lanes];
    way.slice(1).forEach((lane, k) => join(way[k], lane));
    users[at].forEach((user) => join(way[layer[user] - 1 - layer[at]], nodes[user]));
  });
  return columns;
}

// Order and heights: each node near the middle of those it is joined to, none over another.
function place(columns) {
  const mean = (nodes, own) => nodes.length ? nodes.reduce((sum, node) => sum + node.y, 0) / nodes.length : own;
  const apart = (above, below) => above.half + below.half + SIZES.apart;
  const stack = (column) => column.forEach((node, k) => {
    node.y = k ? column[k - 1].y + apart(column[k - 1], node) : node.half;
  });
  const settle = (column, wanted) => {
    const centers = [];  // groups that were pushed together, each as near to what it wants as it can
    column.forEach((node, k) => {
      const offset = k ? apart(column[k - 1], node) : 0;
      centers.push({ sum: wanted[k], count: 1, size: 0, first: k, offset });
      for (;;) {
        const group = centers.at(-1);
        const above = centers.at(-2);
        if (!above || group.sum / group.count >= above.sum / above.count + above.size + group.offset) { break; }
        const shift = above.size + group.offset;
        above.sum += group.sum - shift * group.count;
        above.count += group.count;
        above.size = shift + group.size;
        centers.pop();
      }
    });
    let y = 0;
    let [group, in_group] = [-1, 0];
    column.forEach((node, k) => {
      if (group < 0 || in_group === centers[group].count) {
        group += 1;
        in_group = 0;
        y = centers[group].sum / centers[group].count;
      } else {
        y += apart(column[k - 1], node);
      }
      in_group += 1;
      node.y = y;
    });
  };
  columns.forEach(stack);
  for (let round = 0; round < 12; round++) {
    const forward = round % 2 === 0;
    for (const column of forward ? columns : [...columns].reverse()) {
      const wanted = new Map(column.map((node) => [node, mean(forward ? node.before : node.after, node.y)]));
      if (round < 8) { column.sort((a, b) => wanted.get(a) - wanted.get(b)); }
      settle(column, column.map((node) => wanted.get(node)));
    }
  }
  const top = Math.min(...columns.flat().map((node) => node.y - node.half)) - 14;
  columns.flat().forEach((node) => { node.y -= top; });
}

function smooth(way) {
  const text = (x, y) => `${x.toFixed(1)},${y.toFixed(1)}`;
  return way.map(([x, y], k) => {
    if (k === 0) { return `M${text(x, y)}`; }
    const [px, py] = way[k - 1];
    const pull = 0.45 * (x - px);
    return `C${text(px + pull, py)} ${text(x - pull, y)} ${text(x, y)}`;
  }).join("");
}

function operation(value, x, box, y, glyphs) {
  const glyph = glyphs[value.op];
  return [
    drawn("path", { class: "wire", d: `M${x},${y}H${box}` }),
    drawn("circle", { class: "operation", cx: x, cy: y, r: SIZES.circle }),
    drawn("text", { class: "glyph", x, y: y + 4, "text-anchor": "middle",
      "font-size": Math.min(15, 34 / glyph.length + 3).toFixed(1) }, glyph),
  ];
}

function boxOf(value, at, x, { y, half }, made) {
  const group = drawn("g", { class: "node", id: `v${at}` });
  group.append(drawn("title", {}, made ? value.op : value.constant ? "constant" : `leaf ${value.name}`),
    drawn("rect", { x, y: y - half, width: SIZES.box, height: 2 * half, rx: 6 }));
  const kinds = [...value.name ? ["name"] : [], "data", ...value.constant ? [] : ["grad"]];
  kinds.forEach((kind, k) => {
    const top = y - half + k * SIZES.row;
    if (k) { group.append(drawn("polyline", { points: `${x},${top} ${x + SIZES.box},${top}` })); }
    const text = value.name.length > 14 ? `${value.name.slice(0, 13)}…` : value.name;
    group.append(drawn("text", { class: kind, x: x + SIZES.box / 2, y: top + 15, "font-size": 14,
      "text-anchor": "middle" }, kind === "name" ? text : ""));
  });
  return group;
}
