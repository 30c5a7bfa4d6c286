(() => {
  const { inputs, name, ways, unit } = data;
  const { value } = functions[0];
  const colors = ["#D55E00", "#0072B2", "#CC79A7", "#E69F00", "#56B4E9", "#009E73"];
  const dashes = ["", "9 4", "3 3", "12 3 3 3", "6 2", "2 5"];
  const most = Math.max(...ways.map(({ path }) => path.length - 1));
  const plane = new Plane(byId("plot"), ...inputs.map(({ low, high }) => [low, high]),
    [...inputs.map((input) => input.name), name]);
  plane.inside.append(plane.contours(value, 12));
  const layer = drawn("g");
  plane.inside.append(layer);

  // Corners of a mark around a point: each way has a form of its own, seen without color too.
  function mark(x, y, k) {
    const count = [24, 4, 3, 4, 10, 6][k % 6];
    const turn = [0, Math.PI / 4, 0, 0, 0, 0][k % 6];
    const corners = Array.from({ length: count }, (_, i) => {
      const [reach, angle] = [count === 10 && i % 2 ? 4 : 8, turn + 2 * Math.PI * i / count];
      return [x + reach * Math.sin(angle), y - reach * Math.cos(angle)].map((z) => z.toFixed(1));
    });
    return drawn("polygon", { points: corners.join(" "), fill: colors[k % 6], stroke: "var(--ground)", "stroke-width": 1.5 });
  }

  let timer = null;
  const play = made("button", { type: "button", id: "play", "aria-pressed": "false" }, "Play");
  const step = made("button", { type: "button", id: "step" }, "Step");
  const again = made("button", { type: "button", id: "again" }, "Start again");
  byId("buttons").append(play, step, again);
  const sliders = new Sliders(byId("sliders"),
    [{ name: unit, low: 0, high: most, step: 1, start: 0, power: false }], () => { pause(); show(); });

  function show() {
    const at = sliders.number(0);
    layer.replaceChildren();
    const rows = ways.map(({ name: who, path }, k) => {
      const gone = path.slice(0, at + 1);
      const [x, y] = gone.at(-1);
      layer.append(drawn("path", { class: "way", d: plane.line(gone), stroke: colors[k % 6], "stroke-dasharray": dashes[k % 6] }));
      return [who, x, y, k, value(x, y)];
    });
    rows.forEach(([, x, y, k]) => layer.append(mark(plane.atX(x), plane.atY(y), k)));
    const order = [...rows].sort((a, b) => (Number.isNaN(a[4]) ? Infinity : a[4]) - (Number.isNaN(b[4]) ? Infinity : b[4]));
    say(byId("said"), order.map(([who, , , , height]) => [`${who}: ${name} = `, height]));
    order.forEach(([, , , k], place) => {
      const sign = drawn("svg", { viewBox: "0 0 20 20", width: 18, height: 18, class: "sign", "aria-hidden": "true" });
      sign.append(mark(10, 10, k));
      byId("said").children[place].prepend(sign, " ");
    });
    plane.box.setAttribute("aria-label", `after ${at} steps: ${byId("said").textContent}`);
  }

  function move(steps) {
    sliders.set(0, Math.min(most, sliders.number(0) + steps));
    show();
    if (sliders.number(0) === most) { pause(); }
  }

  function pause() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  }

  play.addEventListener("click", () => {
    if (timer !== null) { return pause(); }
    if (sliders.number(0) === most) { sliders.set(0, 0); }
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    timer = setInterval(() => move(Math.ceil(most / 200)), 50);
  });
  step.addEventListener("click", () => { pause(); move(1); });
  again.addEventListener("click", () => { pause(); sliders.set(0, 0); show(); });
  byId("said-and-hint").append(made("p", { class: "hint" },
    "Play, go step by step, or drag the slider; the list has the lowest first."));
  whenColorsChange(() => plane.shade(...plane.shading));
  show();
})();
