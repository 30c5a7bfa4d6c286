(() => {
  const { x, y, points, labels, classes, colors, markers, opacity, samples, titles, epochs } = data;
  const frames = data.frames.map((text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
  const rgb = colors.map((color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)));
  const plane = new Plane(byId("plot"), x, y, [...labels, "class"]);
  plane.canvas.style.opacity = 1;

  const cells = document.createElement("canvas");
  cells.width = cells.height = points;
  function paintCells(frame) {  // a pixel a point; the grid's first row is the lowest
    const pen = cells.getContext("2d");
    const image = pen.createImageData(points, points);
    const [faintest, strongest] = opacity;
    frame.forEach((packed, index) => {
      const color = rgb[packed >> 4];
      if (!color) { return; }
      const row = points - 1 - Math.floor(index / points);
      const strength = faintest + (strongest - faintest) * (packed & 15) / 15;
      image.data.set([...color, Math.round(255 * strength)], 4 * (row * points + index % points));
    });
    pen.putImageData(image, 0, 0);
  }

  // The edges between cells of different classes, to be seen without color.
  function paintBoundary(pen, frame, across, up) {
    pen.strokeStyle = getComputedStyle(plane.box).getPropertyValue("--text");
    pen.lineWidth = 2;
    pen.beginPath();
    const differ = (index, other) => frame[index] >> 4 !== frame[other] >> 4;
    for (let row = 0; row < points; row++) {
      for (let column = 0; column < points; column++) {
        const index = row * points + column;
        const [right, top] = [(column + 0.5) * across, (points - 1.5 - row) * up];
        if (column + 1 < points && differ(index, index + 1)) {
          pen.moveTo(right, top);
          pen.lineTo(right, top + up);
        }
        if (row + 1 < points && differ(index, index + points)) {
          pen.moveTo(right - across, top);
          pen.lineTo(right, top);
        }
      }
    }
    pen.stroke();
  }

  function show() {
    const place = sliders.number(0);
    paintCells(frames[place]);
    const { left, top, right, bottom } = plane.frame;
    const [wide, high] = [2 * (right - left), 2 * (bottom - top)];
    Object.assign(plane.canvas, { width: wide, height: high });
    const pen = plane.canvas.getContext("2d");
    pen.imageSmoothingEnabled = false;
    // A cell lies about its point, so that those at the border reach beyond it by half.
    const [across, up] = [wide / (points - 1), high / (points - 1)];
    pen.drawImage(cells, -across / 2, -up / 2, wide + across, high + up);
    paintBoundary(pen, frames[place], across, up);
    say(byId("said"), [[titles[place]]]);
    plane.box.setAttribute("aria-label",
      `The plane of two features, colored by what is predicted; ${titles[place]}`);
  }

  plane.inside.append(...samples.map(([a, b, k]) =>
    sign(markers[k], plane.atX(a), plane.atY(b), 5, { fill: colors[k], "stroke-width": 1 })));
  byId("names").append(...classes.map((name, k) => {
    const item = made("li");
    item.append(signInWords(markers[k], { fill: colors[k] }), ` ${name}`);
    return item;
  }));
  const most = frames.length - 1;
  const sliders = new Sliders(byId("sliders"), [{ name: "epoch", low: 0, high: most, step: 1,
    start: 0, write: (place) => String(epochs[place]) }], () => { pause(); show(); });
  const pause = player(byId("buttons"), sliders, { most, stride: 1, milliseconds: 200 }, show);
  whenColorsChange(show);
  window.snapshots = { cells };  // for whoever looks behind the page
  show();
})();
