(() => {
  const { inputs, name, ways, unit } = data;
  const { value } = functions[0];
  const most = Math.max(...ways.map(({ path }) => path.length - 1));
  const plane = new Plane(byId("plot"), ...inputs.map(({ low, high }) => [low, high]),
    [...inputs.map((input) => input.name), name]);
  plane.inside.append(plane.contours(value, 12));
  const layer = drawn("g");
  plane.inside.append(layer);

  const sliders = new Sliders(byId("sliders"),
    [{ name: unit, low: 0, high: most, step: 1, start: 0 }], () => { pause(); show(); });

  function show() {
    const at = sliders.number(0);
    layer.replaceChildren();
    const rows = ways.map(({ name: who, path }, k) => {
      const gone = path.slice(0, at + 1);
      const [x, y] = gone.at(-1);
      layer.append(drawn("path", { class: "way", d: plane.line(gone), stroke: WAYS[k].color, "stroke-dasharray": WAYS[k].dash }));
      return [who, x, y, k, value(x, y)];
    });
    rows.forEach(([, x, y, k]) =>
      layer.append(sign(WAYS[k].sign, plane.atX(x), plane.atY(y), 8, { fill: WAYS[k].color })));
    const order = [...rows].sort((a, b) => (Number.isNaN(a[4]) ? Infinity : a[4]) - (Number.isNaN(b[4]) ? Infinity : b[4]));
    say(byId("said"), order.map(([who, , , , height]) => [`${who}: ${name} = `, height]));
    order.forEach(([, , , k], place) => {
      byId("said").children[place].prepend(signInWords(WAYS[k].sign, { fill: WAYS[k].color }), " ");
    });
    plane.box.setAttribute("aria-label", `after ${at} steps: ${byId("said").textContent}`);
  }

  const pause = player(byId("buttons"), sliders,
    { most, stride: Math.ceil(most / 200), milliseconds: 50 }, show);
  byId("said-and-hint").append(made("p", { class: "hint" },
    "Play, go step by step, or drag the slider; the list has the lowest first."));
  whenColorsChange(() => plane.shade(...plane.shading));
  show();
})();
