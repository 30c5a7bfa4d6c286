// A picture over one or two axes: curves and points in the units of the axes.
class Plane {
  constructor(place, x, y, names, told = {}) {
    const share = (y[1] - y[0]) / (x[1] - x[0]);
    // As wide as there is room, so that what is written stays as large as it is said to be.
    this.width = Math.round(Math.min(560, Math.max(300, place.clientWidth || 560)));
    const wide = this.width - 70;
    this.height = Math.round(wide * Math.min(1.05, Math.max(0.55, names.length > 2 ? share : 0.62))) + 52;
    this.frame = { left: 56, top: 10, right: this.width - 14, bottom: this.height - 42 };
    this.write = [told.x ?? short, told.y ?? short];  // a tick's words
    Object.assign(this, { x, y, names });
    this.box = made("div", { class: "plane", role: "img" });
    this.canvas = made("canvas");
    this.svg = drawn("svg", { viewBox: `0 0 ${this.width} ${this.height}` });
    const { left, top, right, bottom } = this.frame;
    Object.assign(this.canvas.style, {
      left: `${100 * left / this.width}%`, top: `${100 * top / this.height}%`,
      width: `${100 * (right - left) / this.width}%`, height: `${100 * (bottom - top) / this.height}%`,
    });
    const id = `inside-${document.querySelectorAll(".plane").length}`;
    const clip = drawn("clipPath", { id });
    clip.append(drawn("rect", { x: left, y: top, width: right - left, height: bottom - top }));
    this.back = drawn("g");
    this.inside = drawn("g", { "clip-path": `url(#${id})` });
    this.svg.append(clip, this.back, this.inside);
    this.box.append(this.canvas, this.svg);
    place.append(this.box);
    this.axes();
  }

  atX(x) { return this.frame.left + (x - this.x[0]) / (this.x[1] - this.x[0]) * (this.frame.right - this.frame.left); }

  atY(y) { return this.frame.bottom - (y - this.y[0]) / (this.y[1] - this.y[0]) * (this.frame.bottom - this.frame.top); }

  axes() {
    const { left, top, right, bottom } = this.frame;
    this.back.replaceChildren(
      drawn("rect", { class: "frame", x: left, y: top, width: right - left, height: bottom - top }));
    for (const tick of ticks(this.x)) {
      const at = this.atX(tick);
      this.back.append(drawn("text", { x: at, y: bottom + 17, "text-anchor": "middle" }, this.write[0](tick)),
        drawn("line", { class: "axis", x1: at, x2: at, y1: top, y2: bottom }));
    }
    for (const tick of ticks(this.y)) {
      const at = this.atY(tick);
      this.back.append(drawn("text", { x: left - 6, y: at + 4, "text-anchor": "end" }, this.write[1](tick)),
        drawn("line", { class: "axis", x1: left, x2: right, y1: at, y2: at }));
    }
    this.back.append(
      drawn("text", { x: (left + right) / 2, y: bottom + 36, "text-anchor": "middle" }, this.names[0]),
      drawn("text", { x: 12, y: (top + bottom) / 2, "text-anchor": "middle",
        transform: `rotate(-90 12 ${(top + bottom) / 2})` }, this.names[1]));
  }

  line(points) {
    let text = "";
    let pen = "M";
    for (const [x, y] of points) {
      const [px, py] = [this.atX(x), this.atY(y)];
      if (!Number.isFinite(px) || !Number.isFinite(py) || Math.abs(py) > 1e5) { pen = "M"; continue; }
      text += `${pen}${px.toFixed(2)},${py.toFixed(2)}`;
      pen = "L";
    }
    return text;
  }

  // Where on the axes something was pressed.
  place(event) {
    const box = this.svg.getBoundingClientRect();
    const { left, top, right, bottom } = this.frame;
    const share = (at, low, high) => Math.min(1, Math.max(0, (at - low) / (high - low)));
    const px = (event.clientX - box.left) / box.width * this.width;
    const py = (event.clientY - box.top) / box.height * this.height;
    return [this.x[0] + share(px, left, right) * (this.x[1] - this.x[0]),
      this.y[0] + share(-py, -bottom, -top) * (this.y[1] - this.y[0])];
  }

  dragged(moved) {
    this.box.classList.add("moves");
    this.box.tabIndex = 0;
    this.box.addEventListener("pointerdown", (event) => {
      this.box.setPointerCapture(event.pointerId);
      moved(this.place(event));
    });
    this.box.addEventListener("pointermove", (event) => {
      if (this.box.hasPointerCapture(event.pointerId)) { moved(this.place(event)); }
    });
  }

  // Contours of a height over both axes, at levels with as much of the plane between them.
  contours(height, count = 10, n = 64, told = null) {
    const along = (axis, k) => axis[0] + (axis[1] - axis[0]) * k / n;
    const grid = Array.from({ length: n + 1 }, (_, j) =>
      Array.from({ length: n + 1 }, (_, i) => height(along(this.x, i), along(this.y, j))));
    const sorted = Float64Array.from(grid.flat().filter(Number.isFinite)).sort();
    this.holes = sorted.length < (n + 1) ** 2;
    const level = (k) => sorted[Math.round((sorted.length - 1) * k)];
    const levels = told?.levels
      ?? [...new Set(Array.from({ length: count }, (_, k) => level((k + 0.5) / count)))];
    const rank = (z) => {
      let [first, last] = [0, sorted.length];
      while (first < last) {
        const middle = (first + last) >> 1;
        if (sorted[middle] < z) { first = middle + 1; } else { last = middle; }
      }
      return first / Math.max(1, sorted.length);
    };
    this.shade(grid, told?.share ?? rank, told?.ends);
    const found = levels.map((at) => {
      let text = "";
      const free = [];  // where its label may stand
      for (let j = 0; j < n; j++) {
        for (let i = 0; i < n; i++) {
          const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
          const cut = [];
          corners.forEach(([a, b], k) => {
            const [c, d] = corners[(k + 1) % 4];
            const [u, v] = [grid[b][a] - at, grid[d][c] - at];
            if (Number.isFinite(u) && Number.isFinite(v) && (u < 0) !== (v < 0)) {
              const share = u / (u - v);
              cut.push([this.atX(along(this.x, a + (c - a) * share)), this.atY(along(this.y, b + (d - b) * share))]);
            }
          });
          for (let k = 0; k + 1 < cut.length; k += 2) {
            text += `M${cut[k].map((z) => z.toFixed(1))}L${cut[k + 1].map((z) => z.toFixed(1))}`;
            const { left, top, right, bottom } = this.frame;
            const [px, py] = cut[k];
            const air = Math.min(px - left - 24, right - 24 - px, py - top - 14, bottom - 14 - py);
            if (air > 0) { free.push([px, py, air]); }
          }
        }
      }
      return [at, text, free];
    });
    const group = drawn("g");
    found.forEach(([, text]) => group.append(drawn("path", { class: "level", d: text })));
    const labels = [];
    found.forEach(([at, , free]) => {
      const text = short(at, 3);
      const wide = 4 * text.length + 4;
      // Each as far from the others and from the edges as they let it be.
      const room = ([x, y, air]) => Math.min(70, air, ...labels.map(([a, b, other]) =>
        Math.max(Math.abs(x - a) - wide - other, 2 * (Math.abs(y - b) - 16))));
      const [most, x, y] = free.reduce((best, one) => {
        const own = room(one);
        return own > best[0] ? [own, ...one] : best;
      }, [0]);
      if (most > 0) {
        labels.push([x, y, wide]);
        group.append(drawn("text", { class: "level-text", x, y: y + 4, "text-anchor": "middle" }, text));
      }
    });
    return group;
  }

  // What is high is dark on light ground and light on dark ground.
  shade(grid, share, ends = ["ground", "negative"]) {
    this.shading = [grid, share, ends];
    paint(this.canvas, grid, share, ends);
  }
}

// A canvas as an image of a height, a color between two for the share that each number is of one.
function paint(canvas, grid, share, ends) {
  const style = getComputedStyle(document.documentElement);
  const rgb = (name) => {
    const color = style.getPropertyValue(`--${name}`).trim();
    return [1, 3, 5].map((k) => parseInt(color.slice(k, k + 2), 16));
  };
  const [colors, none] = [ends.map(rgb), rgb("invalid")];
  const n = grid.length;
  canvas.width = canvas.height = n;
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(n, n);
  grid.forEach((row, j) => row.forEach((z, i) => {
    const at = 4 * ((n - 1 - j) * n + i);
    const along = Number.isFinite(z) ? Math.min(1, Math.max(0, share(z))) * (colors.length - 1) : 0;
    const first = Math.min(colors.length - 2, Math.floor(along));
    for (let k = 0; k < 3; k++) {
      const [from, to] = [colors[first][k], colors[first + 1][k]];
      image.data[at + k] = Number.isFinite(z) ? from + (to - from) * (along - first) : none[k];
    }
    image.data[at + 3] = 255;
  }));
  pen.putImageData(image, 0, 0);
}

function ticks([low, high]) {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((k) => k >= rough * 0.999);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) {
    found.push(Number((k * step).toPrecision(12)));
  }
  return found;
}

function whenColorsChange(again) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
}

// Signs of classes and of ways, each of a form of its own, so that they are told apart without
// color; named as matplotlib names its markers.
const SIGNS = (() => {
  const around = (count, inner, turn) => Array.from({ length: count }, (_, k) => {
    const [reach, angle] = [inner && k % 2 ? inner : 1, turn + 2 * Math.PI * k / count];
    return [reach * Math.sin(angle), -reach * Math.cos(angle)];
  });
  const plus = [[-1, -3], [1, -3], [1, -1], [3, -1], [3, 1], [1, 1], [1, 3], [-1, 3], [-1, 1],
    [-3, 1], [-3, -1], [-1, -1]].map(([x, y]) => [x / 3, y / 3]);
  return {
    o: around(24, 0, 0), s: around(4, 0, Math.PI / 4), "^": around(3, 0, 0), D: around(4, 0, 0),
    v: around(3, 0, Math.PI), P: plus, X: plus.map(([x, y]) => [(x - y) * 0.75, (x + y) * 0.75]),
    "*": around(10, 0.45, 0), H: around(6, 0, 0),
  };
})();

// How several ways are told apart: a color, a dash and a sign for each.
const WAYS = [
  ["#D55E00", [], "o"], ["#0072B2", [9, 4], "s"], ["#CC79A7", [3, 3], "^"],
  ["#E69F00", [12, 3, 3, 3], "D"], ["#56B4E9", [6, 2], "*"], ["#009E73", [2, 5], "H"],
  ["#999999", [15, 4], "v"], ["#F0E442", [6, 3, 2, 3, 2, 3], "P"],
].map(([color, dash, sign]) => ({ color, dash, sign }));

const sign = (name, x, y, size, attributes) => drawn("polygon", {
  points: SIGNS[name].map(([a, b]) => `${(x + size * a).toFixed(1)},${(y + size * b).toFixed(1)}`).join(" "),
  stroke: "var(--ground)", "stroke-width": 1.5, ...attributes,
});

// A sign in a line of words.
function signInWords(name, attributes) {
  const picture = drawn("svg", { viewBox: "0 0 20 20", width: 18, height: 18, class: "sign", "aria-hidden": "true" });
  picture.append(sign(name, 10, 10, 8, attributes));
  return picture;
}
