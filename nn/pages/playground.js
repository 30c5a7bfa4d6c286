(() => {
  const { models, data: sets, logits } = data;
  let [model, set, epoch, batches] = [0, 0, 0, 0];
  let weights = null;  // in the order of the model's gradient program
  let history = [];
  let random = null;
  let playing = false;
  let waiting = [];

  // mulberry32: the same order of samples in every run.
  function randomFrom(seed) {
    let state = seed;
    return () => {
      state = (state + 0x6D2B79F5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  }

  const seen = () => models[model];
  const at = (parameter) => {
    const place = seen().orders[0].indexOf(parameter);
    return place < 0 ? seen().start[parameter] : weights[place];
  };
  const forNeurons = () => Float64Array.from(seen().orders[1], at);

  function samples() {
    const { points, blur, targets } = sets[set];
    const far = sliders.number(2);
    return points.map((point, i) => [point.map((z, k) => z + far * blur[i][k]), targets[i]]);
  }

  const trains = (i) => i % 3 !== 2;

  function reset() {
    weights = Float64Array.from(seen().orders[0], (parameter) => seen().start[parameter]);
    [epoch, batches, history, random] = [0, 0, [], randomFrom(1)];
    waiting = [];
    note();
    show();
  }

  // The next samples to train on; a new order every epoch.
  function nextBatch() {
    if (waiting.length === 0) {
      const order = sets[set].points.map((_, i) => i).filter(trains);
      for (let i = order.length - 1; i > 0; i--) {
        const k = Math.floor(random() * (i + 1));
        [order[i], order[k]] = [order[k], order[i]];
      }
      waiting = order;
    }
    return waiting.splice(0, sliders.number(1));
  }

  // One step of gradient descent on the mean over a batch, added up in the batch's order.
  function step(all) {
    const batch = nextBatch();
    const total = new Float64Array(weights.length);
    for (const i of batch) {
      const [, slopes] = functions[model].slopes(...all[i], weights);
      for (let k = 0; k < total.length; k++) { total[k] += slopes[k]; }
    }
    const rate = sliders.number(0);
    for (let k = 0; k < total.length; k++) { weights[k] -= rate * (total[k] / batch.length); }
    batches += 1;
    if (waiting.length === 0) {
      epoch += 1;
      note();
    }
    return batch;
  }

  function measured() {
    const sums = [[0, 0, 0], [0, 0, 0]];
    const numbers = forNeurons();
    samples().forEach(([x, y], i) => {
      const sum = sums[trains(i) ? 0 : 1];
      sum[0] += 1;
      sum[1] += functions[model].value(x, y, weights);
      const out = functions[model].neurons(x, numbers).at(-1);
      sum[2] += (out > 0) === (y === 1) ? 1 : 0;
    });
    return sums.map(([count, loss, right]) => [loss / count, right / count]);
  }

  function note() { history.push([epoch, ...measured().map(([loss]) => loss)]); }

  // Pictures.
  let plane = null;
  let marks = null;
  const ends = ["negative", "ground", "positive"];
  const likely = (z) => 1 / (1 + Math.exp(logits ? -z : -2 * z));

  function newPlane() {
    const { points, features, classes } = sets[set];
    const range = (k) => {
      const numbers = points.map((point) => point[k]);
      const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
      const air = 0.18 * (high - low || 1);
      return [low - air, high + air];
    };
    byId("plot").replaceChildren();
    plane = new Plane(byId("plot"), range(0), range(1), [...features, "out"]);
    marks = drawn("g");
    byId("plot").append(made("p", { class: "hint" },
      `Round: ${classes[0]}, square: ${classes[1]}; hollow: not trained on. The line is the boundary.`));
  }

  function showPlane() {
    const numbers = forNeurons();
    const { neurons } = functions[model];
    const answer = (x, y) => neurons([x, y], numbers).at(-1);
    plane.inside.replaceChildren(
      plane.contours(answer, 0, 44, { levels: [0], share: likely, ends }), marks);
    marks.replaceChildren(...samples().map(([[x, y], target], i) => {
      const [cx, cy] = [plane.atX(x), plane.atY(y)];
      const kind = `mark ${target === 1 ? "one" : "zero"}${trains(i) ? "" : " hollow"}`;
      return target === 1
        ? drawn("rect", { class: kind, x: cx - 4, y: cy - 4, width: 8, height: 8 })
        : drawn("circle", { class: kind, cx, cy, r: 4.4 });
    }));
    plane.box.setAttribute("aria-label", byId("said").textContent);
  }

  const small = document.createElement("canvas");

  function showNetwork() {
    const { widths, edges } = seen();
    const { neurons } = functions[model];
    const numbers = forNeurons();
    const rows = Math.max(2, ...widths);
    const [side, across, down] = [44, 132, 56];
    const names = Math.max(...sets[set].features.map((name) => Math.min(12, name.length))) * 7;
    const [wide, tall] = [names + 2 * side + across * widths.length, rows * down + 16];
    const canvas = byId("network");
    const ratio = window.devicePixelRatio || 1;
    [canvas.width, canvas.height] = [wide * ratio, tall * ratio];
    Object.assign(canvas.style, { width: `${wide}px`, height: `${tall}px` });
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(`--${name}`).trim();
    const place = (column, row, count) => [names + 8 + side / 2 + across * column, tall / 2 + (row - (count - 1) / 2) * down];
    const all = edges.flat(2).map(at).map(Math.abs).filter(Number.isFinite);
    const largest = Math.max(1e-9, ...all);
    edges.forEach((layer, column) => layer.forEach((inputs, row) => inputs.forEach((weight, from) => {
      const w = at(weight);
      const before = column ? widths[column - 1] : 2;
      pen.beginPath();
      pen.moveTo(...place(column, from, before));
      pen.lineTo(...place(column + 1, row, widths[column]));
      pen.strokeStyle = color(w < 0 ? "negative-border" : "positive-border");
      pen.lineWidth = 0.4 + 5 * Math.min(1, Math.abs(w) / largest);
      pen.setLineDash(w < 0 ? [7, 4] : []);
      pen.stroke();
    })));
    pen.setLineDash([]);
    const n = 18;
    const along = ([low, high], k) => low + (high - low) * k / n;
    const answers = Array.from({ length: n + 1 }, (_, j) => Array.from({ length: n + 1 }, (_, i) =>
      neurons([along(plane.x, i), along(plane.y, j)], numbers)));
    pen.imageSmoothingEnabled = true;
    let count = 0;
    const boxed = (x, y) => {
      pen.strokeStyle = color("text");
      pen.lineWidth = 1;
      pen.strokeRect(x - side / 2, y - side / 2, side, side);
    };
    [0, 1].forEach((k) => {
      const [x, y] = place(0, k, 2);
      const share = (i, j) => (k ? j : i) / n;
      paint(small, answers.map((line, j) => line.map((_, i) => share(i, j))), (z) => z, ends);
      pen.drawImage(small, x - side / 2, y - side / 2, side, side);
      boxed(x, y);
      pen.fillStyle = color("text");
      pen.font = "12px system-ui, sans-serif";
      pen.textAlign = "right";
      pen.fillText(sets[set].features[k].slice(0, 12), x - side / 2 - 6, y + 4);
    });
    widths.forEach((width, column) => {
      for (let row = 0; row < width; row++, count++) {
        const k = count;
        const grid = answers.map((line) => line.map((out) => out[k]));
        const size = Math.max(1e-9, ...grid.flat().map(Math.abs).filter(Number.isFinite));
        const [x, y] = place(column + 1, row, width);
        paint(small, grid, (z) => 0.5 + z / (2 * size), ends);
        pen.drawImage(small, x - side / 2, y - side / 2, side, side);
        boxed(x, y);
      }
    });
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `2 inputs, then layers of ${widths.join(", ")} neurons`);
  }

  let curves = null;
  function showLosses() {
    const every = Math.ceil(history.length / 600);
    const shown = history.filter((_, k) => k % every === 0 || k === history.length - 1);
    const finite = shown.flatMap(([, ...losses]) => losses).filter(Number.isFinite);
    curves ??= new Plane(byId("losses"), [0, 10], [0, 1], ["epoch", "loss"]);
    curves.x = [0, Math.max(10, epoch)];
    curves.y = [0, Math.max(1e-6, ...finite) * 1.08];
    curves.axes();
    const of = (k) => curves.line(shown.map((row) => [row[0], row[k]]));
    curves.inside.replaceChildren(drawn("path", { class: "curve", d: of(1) }),
      drawn("path", { class: "tangent", fill: "none", d: of(2) }),
      drawn("text", { x: curves.frame.right - 8, y: curves.frame.top + 18, "text-anchor": "end" },
        "solid: trained on, dashed: the others"));
  }

  function tell() {
    const [[loss, right], [other, other_right]] = measured();
    say(byId("said"), [[`epoch ${epoch}, ${batches} steps`], ["loss ", loss, ", on the others ", other],
      ["right ", right, ", of the others ", other_right]]);
    const lines = [];
    seen().edges.forEach((layer, k) => layer.forEach((inputs, row) => {
      lines.push([`layer ${k + 1}, neuron ${row + 1}: weights `,
        ...inputs.flatMap((weight, i) => i ? [", ", at(weight)] : [at(weight)])]);
    }));
    if (byId("weights").open) { say(byId("listed"), lines); }
  }

  function show() {
    tell();
    showPlane();
    showNetwork();
    showLosses();
  }

  function chooser(id, label, words, changed) {
    if (words.length < 2) { return; }
    const row = made("div", { class: "slider" });
    const select = made("select", { id });
    select.append(...words.map((text, k) => made("option", { value: k }, text)));
    row.append(made("label", { for: id }, label), select);
    byId("sliders").append(row);
    select.addEventListener("change", () => changed(Number(select.value)));
  }

  function frame() {
    if (!playing) { return; }
    const all = samples();
    const until = performance.now() + 25;
    const begun = epoch;
    do { step(all); } while (epoch < begun + 1 && performance.now() < until);
    show();
    requestAnimationFrame(frame);
  }

  function play(on) {
    playing = on;
    const button = byId("play");
    button.textContent = on ? "❚❚ Pause" : "▶ Play";
    button.setAttribute("aria-pressed", String(on));
    if (on) { requestAnimationFrame(frame); }
  }

  chooser("data-set", "data", sets.map((one) => one.name), (k) => {
    set = k;
    newPlane();
    reset();
  });
  chooser("model", "net", models.map((one) => one.name), (k) => {
    model = k;
    reset();
  });
  const smallest = Math.min(...sets.map((one) => one.points.length));
  const sliders = new Sliders(byId("sliders"), [
    { name: "η", low: data.rate - 2, high: data.rate + 1, step: 0.05, start: data.rate, power: true },
    { name: "batch", low: 1, high: Math.max(2, Math.floor(smallest * 2 / 3)), step: 1, start: 10 },
    { name: "noise", low: 0, high: Math.max(0.5, data.noise), step: 0.01, start: data.noise },
  ], (k) => { if (k === 2) { show(); } });
  const buttons = { play: "▶ Play", step: "Step", epoch: "Epoch", reset: "Reset" };
  for (const [id, words] of Object.entries(buttons)) {
    byId("buttons").append(made("button", { id, type: "button" }, words));
  }
  byId("play").addEventListener("click", () => play(!playing));
  byId("step").addEventListener("click", () => { play(false); step(samples()); show(); });
  byId("epoch").addEventListener("click", () => {
    play(false);
    const [all, begun] = [samples(), epoch];
    while (epoch === begun) { step(all); }
    show();
  });
  byId("reset").addEventListener("click", () => { play(false); reset(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target === document.body) {
      event.preventDefault();
      play(!playing);
    }
  });
  const details = made("details", { id: "weights" });
  details.append(made("summary", {}, "The weights in numbers"), made("div", { id: "listed", class: "said" }));
  byId("losses").after(details);
  details.addEventListener("toggle", tell);
  whenColorsChange(() => show());
  // For whoever looks behind the page.
  window.playground = {
    step: () => { const batch = step(samples()); show(); return batch; },
    weights: () => Array.from(weights),
    samples: () => samples(),
    rate: () => sliders.number(0),
    measured: () => measured(),
  };
  newPlane();
  reset();
})();
