(() => {
  const view = byId("view"), pen = view.getContext("2d");
  const start = [-0.9, 0.55];
  let [turn, tilt] = start;
  const stops = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];

  function range(numbers) {
    const finite = numbers.filter(Number.isFinite);
    const low = Math.min(...finite), high = Math.max(...finite);
    return [low, high > low ? high : low + 1];
  }
  const rangeX = range(data.x), rangeY = range(data.y), rangeZ = range(data.height.flat());
  const unit = (number, [low, high]) => 2 * (number - low) / (high - low) - 1;

  function shade(share) {
    const place = Math.min(0.9999, Math.max(0, share)) * (stops.length - 1), first = Math.floor(place);
    const mixed = stops[first].map((from, i) => Math.round(from + (stops[first + 1][i] - from) * (place - first)));
    return "rgb(" + mixed.join(",") + ")";
  }

  function placed(x, y, z) {  // a point of the unit cube on the canvas, and how far away it is
    const along = Math.cos(turn) * x - Math.sin(turn) * y, away = Math.sin(turn) * x + Math.cos(turn) * y;
    const size = Math.min(view.width, view.height * 1.4) * 0.255;
    const up = Math.cos(tilt) * z * 0.7 + Math.sin(tilt) * away;
    return [view.width / 2 + size * along, view.height * 0.47 - size * up,
            Math.cos(tilt) * away - Math.sin(tilt) * z];
  }
  const point = (x, y, z) => placed(unit(x, rangeX), unit(y, rangeY), unit(z, rangeZ));

  function surface() {
    const grid = data.height.map((row, i) => row.map((z, j) => point(data.x[j], data.y[i], z)));
    const faces = [];
    for (let i = 0; i + 1 < grid.length; i++)
      for (let j = 0; j + 1 < grid[i].length; j++) {
        const corners = [[i, j], [i, j + 1], [i + 1, j + 1], [i + 1, j]];
        const heights = corners.map(([a, b]) => data.height[a][b]);
        if (!heights.every(Number.isFinite)) continue;
        const points = corners.map(([a, b]) => grid[a][b]);
        const mean = heights.reduce((a, b) => a + b) / 4;
        faces.push([points.reduce((sum, p) => sum + p[2], 0), points, (unit(mean, rangeZ) + 1) / 2]);
      }
    faces.sort((a, b) => b[0] - a[0]);
    for (const [, points, share] of faces) {
      pen.beginPath();
      points.forEach((p, k) => k ? pen.lineTo(p[0], p[1]) : pen.moveTo(p[0], p[1]));
      pen.closePath();
      pen.fillStyle = pen.strokeStyle = shade(share);
      pen.fill();
      pen.globalAlpha = 0.35; pen.strokeStyle = "#ffffff"; pen.stroke(); pen.globalAlpha = 1;
    }
  }

  function outlined(name, [x, y], size) {
    pen.beginPath();
    SIGNS[name].forEach(([a, b]) => pen.lineTo(x + size * a, y + size * b));
    pen.closePath();
    pen.fill();
    pen.stroke();
  }

  function paths(scale) {
    Object.values(data.paths).forEach((points, place) => {
      const { color, dash } = WAYS[place % WAYS.length];
      const path = points.map((at) => point(...at));
      for (const [stroke, width, parts] of [["#ffffff", 5, []], [color, 2.5, dash]]) {
        pen.beginPath();
        path.forEach(([x, y]) => pen.lineTo(x, y));
        pen.setLineDash(parts.map((part) => part * scale));
        pen.strokeStyle = stroke; pen.lineWidth = width * scale; pen.stroke();
      }
      pen.setLineDash([]);
      pen.lineWidth = 2 * scale; pen.strokeStyle = color; pen.fillStyle = "#ffffff";
      outlined("o", path[0], 5 * scale);
      pen.lineWidth = scale; pen.strokeStyle = "#ffffff"; pen.fillStyle = color;
      outlined("*", path.at(-1), 10 * scale);
    });
  }

  function frame(scale) {
    const style = getComputedStyle(document.documentElement);
    pen.strokeStyle = style.getPropertyValue("--line"); pen.lineWidth = scale;
    pen.fillStyle = style.getPropertyValue("--text");
    pen.font = 12 * scale + "px Helvetica, Arial, sans-serif";
    pen.textAlign = "center"; pen.textBaseline = "middle";
    const line = (a, b) => { pen.beginPath(); pen.moveTo(a[0], a[1]); pen.lineTo(b[0], b[1]); pen.stroke(); };
    const words = (text, a) => pen.fillText(text, a[0], a[1]);
    // The lower edges that are nearest, and the upright edge farthest to the left.
    const near = side => [1, -1].reduce((a, b) => placed(...side(a))[2] < placed(...side(b))[2] ? a : b);
    const y = near(s => [0, s, -1]), x = near(s => [s, 0, -1]);
    line(placed(-1, y, -1), placed(1, y, -1)); line(placed(x, -1, -1), placed(x, 1, -1));
    for (const [k, number] of rangeX.entries()) words(short(number, 3), placed(2 * k - 1, 1.14 * y, -1.1));
    for (const [k, number] of rangeY.entries()) words(short(number, 3), placed(1.14 * x, 2 * k - 1, -1.1));
    words(data.labels[0], placed(0, 1.22 * y, -1.15)); words(data.labels[1], placed(1.22 * x, 0, -1.15));
    const corners = [[1, 1], [1, -1], [-1, 1], [-1, -1]].map(c => [placed(...c, 0)[0], c]);
    const [a, b] = corners.reduce((one, other) => other[0] < one[0] ? other : one)[1];
    line(placed(a, b, -1), placed(a, b, 1));
    pen.textAlign = "right";
    for (const [k, number] of rangeZ.entries()) {
      const at = placed(a, b, 2 * k - 1); words(short(number, 3), [at[0] - 6 * scale, at[1] - 4 * scale]);
    }
    const middle = placed(a, b, 0); words(data.labels[2], [middle[0] - 6 * scale, middle[1]]);
  }

  function draw() {
    const scale = window.devicePixelRatio || 1, width = view.clientWidth;
    view.style.height = Math.round(Math.min(440, width * 0.72)) + "px";
    view.width = width * scale; view.height = parseInt(view.style.height) * scale;
    pen.lineWidth = 0.4 * scale; pen.lineJoin = "round";
    surface(); frame(scale); paths(scale);
  }

  function turned(across, up) {
    turn += across; tilt = Math.max(-0.2, Math.min(1.5, tilt + up)); draw();
  }
  let held = null;
  view.addEventListener("pointerdown", event => {
    held = [event.clientX, event.clientY]; view.setPointerCapture(event.pointerId);
  });
  view.addEventListener("pointermove", event => {
    if (!held) return;
    turned((event.clientX - held[0]) / 120, (event.clientY - held[1]) / 120);
    held = [event.clientX, event.clientY];
  });
  for (const over of ["pointerup", "pointercancel"]) view.addEventListener(over, () => { held = null; });
  view.addEventListener("keydown", event => {
    const step = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key];
    if (step) { turned(...step); event.preventDefault(); }
    if (event.key === "0") { [turn, tilt] = start; draw(); }
  });
  Object.keys(data.paths).forEach((name, place) => {
    if (!name) { return; }
    const { color, dash } = WAYS[place % WAYS.length];
    const line = drawn("svg", { viewBox: "0 0 36 8", width: 36, height: 8, "aria-hidden": "true" });
    line.append(drawn("line", { x1: 0, x2: 36, y1: 4, y2: 4, stroke: color, "stroke-width": 3, "stroke-dasharray": dash }));
    const item = made("li");
    item.append(line, ` ${name}`);
    byId("names").append(item);
  });
  window.addEventListener("resize", draw);
  whenColorsChange(draw);
  draw();
})();
