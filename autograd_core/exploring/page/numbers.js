const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);

// A number as Python writes it by ".4g": of two nearest, the one that ends evenly.
function short(x, digits = 4) {
  if (!Number.isFinite(x)) { return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf"; }
  if (x === 0) { return Object.is(x, -0) ? "-0" : "0"; }
  let near = x;
  const [all, all_power] = x.toExponential(60).split("e");
  const kept = all.slice(0, (x < 0 ? 2 : 1) + digits);
  if (/^50*$/.test(all.slice(kept.length)) && "02468".includes(kept.at(-1))) {
    near = Number(`${kept}e${all_power}`);
  }
  const [mantissa, power] = near.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  const trimmed = (text) => text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  if (exponent < -4 || exponent >= digits) {
    const size = String(Math.abs(exponent)).padStart(2, "0");
    return `${trimmed(mantissa)}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  return trimmed(near.toFixed(Math.max(0, digits - 1 - exponent)));
}

// A number with all its digits.
const exact = (x) => Object.is(x, -0) ? "-0" : String(x);

const made = (tag, attributes = {}, text = "") => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) { element.setAttribute(name, value); }
  element.textContent = text;
  return element;
};
const drawn = (tag, attributes = {}, text = "") => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) { element.setAttribute(name, value); }
  element.textContent = text;
  return element;
};

// Sliders: each holds its start to the last digit, and from the first move on what it stands at.
class Sliders {
  constructor(place, told, changed) {
    this.told = told;
    this.held = told.map((slider) => slider.start);
    this.inputs = told.map((slider, k) => {
      const id = `slider-${k}`;
      const row = made("div", { class: "slider" });
      const input = made("input", {
        id, type: "range", min: slider.low, max: slider.high, step: slider.step,
      });
      input.value = slider.start;
      const output = made("output", { for: id, id: `${id}-shown` });
      row.append(made("label", { for: id }, slider.name), input, output);
      place.append(row);
      input.addEventListener("input", () => {
        this.held[k] = Number(input.value);
        this.show();
        changed(k);
      });
      return input;
    });
    this.show();
  }

  number(k) { return this.told[k].power ? 10 ** this.held[k] : this.held[k]; }

  get numbers() { return this.inputs.map((_, k) => this.number(k)); }

  set(k, value) {
    this.inputs[k].value = value;
    this.held[k] = Number(this.inputs[k].value);
    this.show();
  }

  show() {
    this.inputs.forEach((input, k) => {
      const { write } = this.told[k];
      const text = write ? write(this.number(k)) : short(this.number(k));
      const output = byId(`${input.id}-shown`);
      output.textContent = text;
      output.title = write ? text : String(this.number(k));
      input.setAttribute("aria-valuetext", text);
    });
  }
}

// Lines of words; every number in them with all its digits where it is pointed at.
function say(place, lines) {
  place.replaceChildren(...lines.map((parts) => {
    const line = made("p");
    line.append(...parts.map((part) => typeof part !== "number" ? part
      : made("span", { title: exact(part), "data-exact": exact(part) }, short(part))));
    return line;
  }));
}

// Buttons that play a slider to its end, go a step, and start again; gives what pauses.
function player(place, sliders, { most, stride, milliseconds }, show) {
  let timer = null;
  const play = made("button", { type: "button", id: "play", "aria-pressed": "false" }, "Play");
  const step = made("button", { type: "button", id: "step" }, "Step");
  const again = made("button", { type: "button", id: "again" }, "Start again");
  place.append(play, step, again);
  const turn = (on) => {
    clearInterval(timer);
    timer = on ? setInterval(() => move(stride), milliseconds) : null;
    play.textContent = on ? "Pause" : "Play";
    play.setAttribute("aria-pressed", String(on));
  };
  const go = (to) => { sliders.set(0, to); show(); };
  const move = (steps) => {
    go(Math.min(most, sliders.number(0) + steps));
    if (sliders.number(0) === most) { turn(false); }
  };
  play.addEventListener("click", () => {
    const on = timer === null;
    if (on && sliders.number(0) === most) { go(0); }
    turn(on);
  });
  step.addEventListener("click", () => { turn(false); move(1); });
  again.addEventListener("click", () => { turn(false); go(0); });
  return () => turn(false);
}
