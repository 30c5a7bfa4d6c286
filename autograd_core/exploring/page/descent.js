(() => {
  const { inputs, sliders: told, name } = data;
  const { value, slopes } = functions[0];
  const names = inputs.map((input) => input.name);
  let start = inputs.map((input) => input.start);

  // v ← βv + ∇f, w ← w - ηv, as nn.optim.SGD steps; ends where the function is no number.
  function descend(from, eta, beta, steps, keep = null) {
    let w = from;
    let v = [0, 0];
    for (let k = 0; k < steps; k++) {
      const [f, g] = slopes(...w);
      if (!Number.isFinite(f)) { return { w, f, k }; }
      v = k && beta ? v.map((old, i) => old * beta + g[i]) : g;
      w = w.map((old, i) => old - eta * v[i]);
      keep?.push(w);
    }
    return { w, f: value(...w), k: steps };
  }

  const plane = new Plane(byId("plot"), ...inputs.map((i) => [i.low, i.high]), [...names, name]);
  plane.inside.append(plane.contours(value, 12));
  const layer = drawn("g");
  plane.inside.append(layer);
  const ends = drawn("g");
  plane.svg.append(ends);

  const rates = [told[0].low, told[0].high];
  const phase = new Plane(byId("phase"), rates, [told[1].low, told[1].high], ["η", "β"],
    { x: (power) => short(10 ** power, 3) });
  const levels = drawn("g");
  const here = drawn("g");
  phase.inside.append(levels);
  phase.svg.append(here);

  let timer = null;
  function comeOut() {
    const steps = sliders.number(2);
    byId("phase-title").textContent = `What comes out after ${steps} steps, for every η and β`;
    const before = value(...start);
    const height = (power, beta) => {
      const { f, k } = descend(start, 10 ** power, beta, steps);
      return k < steps || f > before + 100 * (1 + Math.abs(before)) ? NaN : f;
    };
    levels.replaceChildren(phase.contours(height, 8, 40));
    phase.box.setAttribute("aria-label",
      `${name} after ${steps} steps over η and β; without lines where the descent diverges`);
  }

  const tip = (place) => drawn("circle", { class: "dot", r: 6, cx: place[0], cy: place[1] });
  const inside = (x, y) => [plane.atX(x), plane.atY(y)];

  function update(k = 2) {
    const [eta, beta, steps] = sliders.numbers;
    const path = [start];
    const out = descend(start, eta, beta, steps, path);
    const shown = path.filter((w) => w.every((z) => Math.abs(z) < 1e6));
    layer.replaceChildren(drawn("path", { class: "path", d: plane.line(shown) }),
      ...shown.slice(1, 400).map(([x, y]) => {
        const [cx, cy] = inside(x, y);
        return drawn("circle", { r: 2.2, cx, cy, class: "step" });
      }));
    const [ex, ey] = inside(...out.w);
    const { left, right, top, bottom } = plane.frame;
    ends.replaceChildren(tip(inside(...start)));
    if (ex >= left && ex <= right && ey >= top && ey <= bottom) {
      ends.append(drawn("path", { class: "end", d: star(ex, ey) }));
    }
    here.replaceChildren(tip([phase.atX(Math.log10(eta)), phase.atY(beta)]));
    const lines = [
      ["start: ", `${names[0]} = `, start[0], `, ${names[1]} = `, start[1]],
      ["η = ", eta, ", β = ", beta],
      [`after ${out.k} steps: ${names[0]} = `, out.w[0], `, ${names[1]} = `, out.w[1]],
      [`${name} = `, out.f],
    ];
    if (out.k < steps) { lines.push(["it diverged"]); }
    say(byId("said"), lines);
    plane.box.setAttribute("aria-label", byId("said").textContent);
    if (k === 2) {
      clearTimeout(timer);
      timer = setTimeout(comeOut, 120);
    }
  }

  function star(x, y) {
    return Array.from({ length: 10 }, (_, k) => {
      const [size, turn] = [k % 2 ? 4 : 9, Math.PI * (k / 5 - 0.5)];
      return `${k ? "L" : "M"}${(x + size * Math.cos(turn)).toFixed(1)},${(y + size * Math.sin(turn)).toFixed(1)}`;
    }).join("") + "Z";
  }

  function arrows(box, move) {
    const keys = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowDown: [1, -1], ArrowUp: [1, 1] };
    box.addEventListener("keydown", (event) => {
      if (event.key in keys) {
        event.preventDefault();
        move(...keys[event.key]);
      }
    });
  }

  const sliders = new Sliders(byId("sliders"), told, update);
  plane.dragged((place) => { start = place.map((z) => Number(z.toPrecision(4))); update(); });
  arrows(plane.box, (k, sign) => {
    start = start.map((z, i) => i === k ? Number((z + sign * inputs[i].step).toPrecision(12)) : z);
    update();
  });
  phase.dragged((place) => { place.forEach((z, k) => sliders.set(k, z)); update(0); });
  arrows(phase.box, (k, sign) => {
    sliders.set(k, Number(sliders.inputs[k].value) + sign * told[k].step);
    update(0);
  });
  byId("said-and-hint").append(made("p", { class: "hint" },
    "Drag the start (ring) or move the sliders; the star is the end. Below, click or drag to choose η and β; where no lines are, it diverges. Arrow keys move in both pictures."));
  whenColorsChange(() => [plane, phase].forEach((one) => one.shade(...one.shading)));
  update();
})();
