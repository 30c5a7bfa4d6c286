// Show functions of the same inputs, one of them at a time; gives what draws anew in other colors.
function explored({ sliders: told, over, views }, functions) {
  ["sliders", "plot"].forEach((id) => byId(id).replaceChildren());
  document.querySelectorAll("#said-and-hint .hint").forEach((hint) => hint.remove());
  const names = told.map((slider) => slider.name);
  const graphs = [...document.querySelectorAll(".graph-box")];
  const range = (k) => [told[k].low, told[k].high];
  const holes = made("p", { class: "hint" }, "Where the ground is tinted there is no finite number.");
  let chosen = 0;
  let plane = null;
  let layer = null;

  function fill(box, grad, largest) {
    const outlines = box.querySelectorAll("rect, path, polygon, polyline");
    let [color, border] = ["var(--box)", "var(--zero-border)"];
    if (Number.isNaN(grad)) {
      [color, border] = ["var(--invalid)", "var(--invalid-border)"];
    } else if (grad !== 0) {
      const share = Math.abs(grad) === Infinity ? 1 : Math.min(1, Math.abs(grad) / largest);
      const strength = 100 * (0.15 + 0.85 * Math.sqrt(share));
      const sign = grad > 0 ? "positive" : "negative";
      color = `color-mix(in srgb, var(--${sign}) ${strength.toFixed(1)}%, var(--box))`;
      border = `var(--${sign}-border)`;
    }
    outlines.forEach((line, k) => {
      line.style.stroke = border;
      if (k === 0) { line.style.fill = color; }
    });
  }

  function write(group, kind, number) {
    const text = group.querySelector(`.${kind}`);
    if (text === null) { return; }
    text.textContent = { data: "", grad: "grad ", local: "∂ " }[kind] + short(number);
    text.dataset.exact = exact(number);
    const size = text.dataset.size ??= text.getAttribute("font-size");
    const room = kind === "grad" ? 12 : 8;
    text.setAttribute("font-size", Math.min(size, size * room / text.textContent.length));
  }

  function showGraph(given) {
    const { parts } = views[chosen];
    if (parts === null) { return; }
    const found = functions[chosen].numbers(...given);
    const sizes = parts.nodes.map(([, flows], k) => flows ? Math.abs(found.grad[k]) : 0);
    const largest = Math.max(0, ...sizes.filter(Number.isFinite));
    parts.nodes.forEach(([id, flows], k) => {
      const box = byId(id);
      write(box, "data", found.data[k]);
      if (flows) {
        write(box, "grad", found.grad[k]);
        fill(box, found.grad[k], largest);
      }
    });
    parts.edges.forEach((id, k) => {
      if (id !== null) { write(byId(id), "local", found.local[k]); }
    });
  }

  // The function over what the picture is over, the other inputs as the sliders say.
  function along(given) {
    return (...at) => {
      const all = [...given];
      over.forEach((k, i) => { all[k] = at[i]; });
      return functions[chosen].value(...all);
    };
  }

  function curve(given) {
    const height = along(given);
    const [low, high] = range(over[0]);
    const points = Array.from({ length: 401 }, (_, k) => {
      const x = low + (high - low) * k / 400;
      return [x, height(x)];
    });
    const heights = points.map(([, y]) => y).filter(Number.isFinite).sort((a, b) => a - b);
    const at = (share) => heights[Math.round((heights.length - 1) * share)] ?? share;
    let [bottom, top] = [at(0), at(1)];
    // A pole must not flatten the rest.
    const [lower, upper] = [at(0.03), at(0.97)];
    const room = (upper - lower) * 1.5;
    if (top > upper + room) { top = upper + room; }
    if (bottom < lower - room) { bottom = lower - room; }
    const air = (top - bottom) * 0.08 || 1;
    const asked = [bottom - air, top + air];
    // The axis stays while the curve fills it well.
    const [a, b] = plane?.y ?? [0, 0];
    if (plane === null || asked[0] < a - air || asked[1] > b + air || asked[1] - asked[0] < 0.4 * (b - a)) {
      plane ??= new Plane(byId("plot"), [low, high], asked, ["", ""]);
      plane.y = asked;
    }
    plane.names = [names[over[0]], views[chosen].name];
    plane.axes();
    plane.inside.replaceChildren(drawn("path", { class: "curve", d: plane.line(points) }));
  }

  function prepare() {
    const given = sliders.numbers;
    if (over.length === 1) {
      curve(given);
    } else {
      plane ??= new Plane(byId("plot"), ...over.map(range), [...over.map((k) => names[k]), ""]);
      plane.inside.replaceChildren(plane.contours(along(given)));
      holes.hidden = !plane.holes;
    }
    layer?.remove();
    layer = drawn("g");
    (over.length === 1 ? plane.inside : plane.svg).append(layer);
  }

  function showPoint(given, at, by) {
    const { name } = views[chosen];
    const [x, slope] = [over.map((k) => given[k]), over.map((k) => by[k])];
    layer.replaceChildren();
    if (over.length === 1) {
      const ends = range(over[0]).map((end) => [end, at + slope[0] * (end - x[0])]);
      layer.append(drawn("path", { class: "tangent", d: plane.line(ends) }));
      if (Number.isFinite(at)) {
        layer.append(drawn("circle", { class: "dot", r: 6, cx: plane.atX(x[0]), cy: plane.atY(at) }));
      }
    } else {
      const [px, py] = [plane.atX(x[0]), plane.atY(x[1])];
      const [dx, dy] = [plane.atX(x[0] + slope[0]) - px, plane.atY(x[1] + slope[1]) - py];
      const size = Math.hypot(dx, dy);
      if (Number.isFinite(size) && size > 0) {
        const long = Math.min(150, Math.max(22, 34 * Math.log1p(Math.hypot(...slope))));
        const [ux, uy] = [dx / size, dy / size];
        const [ex, ey] = [px + long * ux, py + long * uy];
        const head = [[0, 0], [-13, 6], [-13, -6]].map(([a, b]) =>
          [ex + a * ux - b * uy, ey + a * uy + b * ux].map((z) => z.toFixed(1)));
        layer.append(
          drawn("line", { class: "arrow", x1: px, y1: py, x2: ex - 9 * ux, y2: ey - 9 * uy }),
          drawn("polygon", { class: "arrow", points: head.join(" ") }));
      }
      layer.append(drawn("circle", { class: "dot", r: 6, cx: px, cy: py }));
    }
    const lines = [[`${name}(`, ...given.flatMap((z, k) => k ? [", ", z] : [z]), ") = ", at]];
    const d = told.length > 1 ? "∂" : "d";
    by.forEach((z, k) => lines.push([`${d}${name}/${d}${names[k]} = `, z]));
    if (told.length > 1) { lines.push([`|∇${name}| = `, Math.hypot(...by)]); }
    say(byId("said"), lines);
    plane.box.setAttribute("aria-label", byId("said").textContent);
  }

  function update(k = null) {
    const given = sliders.numbers;
    if (k !== null && !over.includes(k)) { prepare(); }
    const [at, found] = functions[chosen].slopes(...given);
    showPoint(given, at, Array.isArray(found) ? found : [found]);
    showGraph(given);
  }

  function choose(k) {
    chosen = k;
    byId("title").textContent = views[k].title;
    graphs.forEach((graph, i) => { graph.hidden = i !== k; });
    prepare();
    update();
  }

  if (views.length > 1) {
    const row = made("div", { class: "slider" });
    const select = made("select", { id: "chosen" });
    select.append(...views.map((view, k) => made("option", { value: k }, view.chosen)));
    row.append(made("label", { for: "chosen" }, "f"), select);
    byId("sliders").append(row);
    select.addEventListener("change", () => choose(Number(select.value)));
  }
  const sliders = new Sliders(byId("sliders"), told, update);
  if (told.length === 0) {
    say(byId("said"), [[`${views[0].name}() = `, functions[0].value()]]);
    showGraph([]);
    return () => {};
  }
  holes.hidden = true;
  byId("said-and-hint").append(holes);
  choose(0);
  const move = (k, at) => { sliders.set(over[k], at); };
  plane.dragged((place) => { over.forEach((_, k) => move(k, place[k])); update(); });
  const keys = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowDown: [1, -1], ArrowUp: [1, 1] };
  plane.box.addEventListener("keydown", (event) => {
    const [k, sign] = keys[event.key] ?? [over.length, 0];
    if (k >= over.length) { return; }
    event.preventDefault();
    move(k, sliders.number(over[k]) + sign * told[over[k]].step);
    update();
  });
  const shown = over.map((k) => names[k]).join(" and ");
  byId("said-and-hint").append(made("p", { class: "hint" }, (over.length === 2
    ? "Drag the point, press the arrow keys on the picture, or move the sliders; the arrow is the gradient."
    : "Drag in the picture, press the arrow keys on it, or move the sliders; dashed: the tangent.")
    + (told.length > over.length ? ` The picture is over ${shown}, the others as the sliders say.` : "")));
  return () => { if (plane.shading) { plane.shade(...plane.shading); } };
}
