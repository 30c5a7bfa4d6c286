(() => {
  const { sliders: told, name, parts } = data;
  const names = told.map((slider) => slider.name);
  const { value, slopes, numbers } = functions;
  const over = Math.min(2, told.length);
  const range = (k) => [told[k].low, told[k].high];
  let plane = null;
  let layer = null;

  function fill(box, grad, largest) {
    const outlines = box.querySelectorAll("path, polygon, polyline");
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
    text.dataset.exact = String(number);
    const size = text.dataset.size ??= text.getAttribute("font-size");
    const room = kind === "grad" ? 12 : 8;
    text.setAttribute("font-size", Math.min(size, size * room / text.textContent.length));
  }

  function showGraph(given) {
    if (parts === null) { return; }
    const found = numbers(...given);
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
    parts.edges.forEach((id, k) => { if (id !== null) { write(byId(id), "local", found.local[k]); } });
  }

  function prepare() {
    if (over === 0) { return; }
    const given = sliders.numbers;
    if (over === 1) {
      const [low, high] = range(0);
      const points = Array.from({ length: 401 }, (_, k) => {
        const x = low + (high - low) * k / 400;
        return [x, value(x)];
      });
      const heights = points.map(([, y]) => y).filter(Number.isFinite).sort((a, b) => a - b);
      const at = (share) => heights[Math.round((heights.length - 1) * share)] ?? share;
      // A pole must not flatten the rest.
      let [bottom, top] = [at(0), at(1)];
      const [lower, upper] = [at(0.03), at(0.97)];
      const room = (upper - lower) * 1.5;
      if (top > upper + room) { top = upper + room; }
      if (bottom < lower - room) { bottom = lower - room; }
      const air = (top - bottom) * 0.08 || 1;
      byId("plot").replaceChildren();
      plane = new Plane(byId("plot"), [low, high], [bottom - air, top + air], [names[0], `${name}(${names[0]})`]);
      plane.inside.append(drawn("path", { class: "curve", d: plane.line(points) }));
    } else {
      const height = (x, y) => value(x, y, ...given.slice(2));
      if (plane === null) {
        plane = new Plane(byId("plot"), range(0), range(1), [names[0], names[1], name]);
      }
      plane.inside.replaceChildren(plane.contours(height));
    }
    layer?.remove();
    layer = drawn("g");
    (over === 1 ? plane.inside : plane.svg).append(layer);
  }

  function showPoint(given, at, by) {
    if (over === 1) {
      const [x, y, slope] = [given[0], at, by[0]];
      const ends = range(0).map((end) => [end, y + slope * (end - x)]);
      layer.replaceChildren(drawn("path", { class: "tangent", d: plane.line(ends) }));
      if (Number.isFinite(y)) {
        layer.append(drawn("circle", { class: "dot", r: 6, cx: plane.atX(x), cy: plane.atY(y) }));
      }
    } else if (over === 2) {
      const [px, py] = [plane.atX(given[0]), plane.atY(given[1])];
      const [dx, dy] = [plane.atX(given[0] + by[0]) - px, plane.atY(given[1] + by[1]) - py];
      const size = Math.hypot(dx, dy);
      layer.replaceChildren();
      if (Number.isFinite(size) && size > 0) {
        const long = Math.min(150, Math.max(22, 34 * Math.log1p(Math.hypot(by[0], by[1]))));
        const [ux, uy] = [dx / size, dy / size];
        const [ex, ey] = [px + long * ux, py + long * uy];
        const head = [[0, 0], [-13, 6], [-13, -6]].map(([a, b]) => [ex + a * ux - b * uy, ey + a * uy + b * ux].map((z) => z.toFixed(1)));
        layer.append(drawn("line", { class: "arrow", x1: px, y1: py, x2: ex - 9 * ux, y2: ey - 9 * uy }),
          drawn("polygon", { class: "arrow", points: head.join(" ") }));
      }
      layer.append(drawn("circle", { class: "dot", r: 6, cx: px, cy: py }));
    }
    const lines = [[`${name}(`, ...given.flatMap((x, k) => k ? [", ", x] : [x]), ") = ", at]];
    const d = told.length > 1 ? "∂" : "d";
    by.forEach((slope, k) => lines.push([`${d}${name}/${d}${names[k]} = `, slope]));
    if (told.length > 1) { lines.push([`|∇${name}| = `, Math.hypot(...by)]); }
    say(byId("said"), lines);
    plane?.box.setAttribute("aria-label", byId("said").textContent);
  }

  function update(k = 0) {
    const given = sliders.numbers;
    if (over === 2 && k >= 2) { prepare(); }
    const [at, found] = slopes(...given);
    showPoint(given, at, Array.isArray(found) ? found : [found]);
    showGraph(given);
  }

  const sliders = new Sliders(byId("sliders"), told, update);
  prepare();
  if (plane !== null) {
    const move = (place) => { place.slice(0, over).forEach((z, k) => sliders.set(k, z)); update(); };
    plane.dragged(move);
    const keys = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowDown: [1, -1], ArrowUp: [1, 1] };
    plane.box.addEventListener("keydown", (event) => {
      const [k, sign] = keys[event.key] ?? [over, 0];
      if (k >= over) { return; }
      event.preventDefault();
      sliders.set(k, sliders.number(k) + sign * told[k].step);
      update();
    });
    byId("said-and-hint").append(made("p", { class: "hint" },
      `${over === 2 ? "Drag the point, press the arrow keys on the picture, or move the sliders; the arrow is the gradient." : "Drag in the picture, press the arrow keys on it, or move the slider; dashed: the tangent."}`
      + (told.length > 2 ? ` The contours are over ${names[0]} and ${names[1]}, the others as the sliders say.` : "")));
    whenColorsChange(() => { if (plane.shading) { plane.shade(...plane.shading); } });
  }
  update();
})();
