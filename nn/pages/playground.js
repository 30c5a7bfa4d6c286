(() => {
  const { data: sets, activations, start, logits } = data;
  const [loss, ...through] = functions;
  let hidden = data.layers.slice(0, -1);  // for each its neurons and its activation
  const [last] = data.layers.slice(-1);
  let [set, epoch, batches] = [0, 0, 0];
  let network = null;
  let history = [];
  let random = null;
  let playing = false;
  let waiting = [];

  function samples() {
    const { points, blur, targets } = sets[set];
    const far = sliders.number(2);
    return points.map((point, i) => [point.map((z, k) => z + far * blur[i][k]), targets[i]]);
  }

  const trains = (i) => i % 3 !== 2;

  function reset() {
    const told = [...hidden, last];
    const own = JSON.stringify(told) === JSON.stringify(data.layers) ? start : null;
    network = new Network(told, activations, loss, through, own, start === null || start[0][0][0] !== null);
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

  function step(all) {
    const batch = nextBatch();
    network.step(batch.map((place) => all[place]), sliders.number(0));
    batches += 1;
    if (waiting.length === 0) {
      epoch += 1;
      note();
    }
    return batch;
  }

  function measured() {
    const sums = [[0, 0, 0], [0, 0, 0]];
    samples().forEach(([x, y], i) => {
      const sum = sums[trains(i) ? 0 : 1];
      const out = network.output(x);
      sum[0] += 1;
      sum[1] += loss.value(out, y);
      sum[2] += (out > 0) === (y === 1) ? 1 : 0;
    });
    return sums.map(([count, losses, right]) => [losses / count, right / count]);
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
    plane.inside.replaceChildren(
      plane.contours((x, y) => network.output([x, y]), 0, 44, { levels: [0], share: likely, ends }), marks);
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
    const counts = [2, ...network.widths];
    const most = Math.max(...counts);
    const [side, down] = [44, 56];
    const names = Math.max(...sets[set].features.map((name) => Math.min(12, name.length))) * 7;
    const room = byId("network").parentElement.clientWidth - 8 - names - side - 24;
    const across = Math.max(72, Math.min(132, room / network.layers.length));
    const [wide, tall] = [names + side + 24 + across * network.layers.length, most * down + 16];
    const canvas = byId("network");
    const ratio = window.devicePixelRatio || 1;
    [canvas.width, canvas.height] = [wide * ratio, tall * ratio];
    Object.assign(canvas.style, { width: `${wide}px`, height: `${tall}px` });
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(`--${name}`).trim();
    const place = (column, row, count) => [names + 8 + side / 2 + across * column, tall / 2 + (row - (count - 1) / 2) * down];
    const all = network.layers.flatMap(({ rows }) => rows.flatMap(([, ...weights]) => weights));
    const largest = Math.max(1e-9, ...all.map(Math.abs).filter(Number.isFinite));
    network.layers.forEach(({ rows }, column) => rows.forEach(([, ...weights], row) => weights.forEach((w, from) => {
      pen.beginPath();
      pen.moveTo(...place(column, from, counts[column]));
      pen.lineTo(...place(column + 1, row, counts[column + 1]));
      pen.strokeStyle = color(w < 0 ? "negative-border" : "positive-border");
      pen.lineWidth = 0.4 + 5 * Math.min(1, Math.abs(w) / largest);
      pen.setLineDash(w < 0 ? [7, 4] : []);
      pen.stroke();
    })));
    pen.setLineDash([]);
    const n = 18;
    const along = ([low, high], k) => low + (high - low) * k / n;
    const answers = Array.from({ length: n + 1 }, (_, j) => Array.from({ length: n + 1 }, (_, i) =>
      network.neurons([along(plane.x, i), along(plane.y, j)])));
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
    network.widths.forEach((width, column) => {
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
    canvas.setAttribute("aria-label", `2 inputs, then layers of ${network.widths.join(", ")} neurons`);
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
    const [[own, right], [other, other_right]] = measured();
    say(byId("said"), [[`epoch ${epoch}, ${batches} steps`], ["loss ", own, ", on the others ", other],
      ["right ", right, ", of the others ", other_right]]);
    const lines = [];
    network.layers.forEach(({ rows }, k) => rows.forEach(([bias, ...weights], n) => {
      lines.push([`layer ${k + 1}, neuron ${n + 1}: weights `,
        ...weights.flatMap((w, i) => i ? [", ", w] : [w]), ...(bias === null ? [] : [", bias ", bias])]);
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
  // The hidden layers as one list: each with its neurons, its activation, and how to remove it.
  const widest = Math.max(8, ...hidden.map(([width]) => width));
  const fits = (told) => [...told, last].reduce(([sum, from], [width]) =>
    [sum + (from + 1) * width, width], [0, 2])[0] <= data.most;
  const add = made("button", { id: "add", type: "button" }, "+ layer");
  const another = () => [...(hidden.at(-1) ?? [4, 0])];

  function change(acted) {
    const before = hidden;
    hidden = hidden.map((layer) => [...layer]);
    acted();
    if (!fits(hidden)) { hidden = before; }
    add.disabled = hidden.length >= 6 || !fits([...hidden, another()]);
    reset();
  }

  function choice(k, place, name, words) {
    const select = made("select", { "aria-label": `layer ${k + 1}, ${name}` });
    words.forEach(([value, text]) => select.append(made("option", { value }, text)));
    select.value = hidden[k][place];
    select.addEventListener("change", () => {
      change(() => { hidden[k][place] = Number(select.value); });
      select.value = hidden[k][place];
    });
    return select;
  }

  function listLayers() {
    const counts = Array.from({ length: widest }, (_, i) => [i + 1, i + 1]);
    add.before(...hidden.map((_, k) => {
      const row = made("div", { class: "layer" });
      const remove = made("button", { type: "button", "aria-label": `remove layer ${k + 1}` }, "×");
      remove.addEventListener("click", () => { change(() => { hidden.splice(k, 1); }); again(); add.focus(); });
      row.append(made("span", {}, `layer ${k + 1}`), choice(k, 0, "neurons", counts),
        choice(k, 1, "activation", activations.map(([name], i) => [i, name])), remove);
      return row;
    }));
  }

  function again() {
    document.querySelectorAll(".layer").forEach((row) => row.remove());
    listLayers();
  }
  byId("layers").append(add);
  add.addEventListener("click", () => { change(() => { hidden.push(another()); }); again(); });

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
    layers: () => network.layers.map(({ activation, rows }) => [activations[activation][0], rows]),
    samples: () => samples(),
    rate: () => sliders.number(0),
    measured: () => measured(),
  };
  newPlane();
  listLayers();
  reset();
})();
