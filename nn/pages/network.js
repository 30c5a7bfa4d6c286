// A network of layers in a row, and the slopes of a loss on it, as the engine finds them.
class Network {
  // For each layer its neurons and its activation; `loss` and `through`, an activation's answer and
  // way back, are the engine's programs. Weights are `start`, rows with the bias first, or drawn.
  constructor(told, activations, loss, through, start, biased) {
    Object.assign(this, { loss, through });
    const source = randomFrom(2);
    const normal = () => Math.sqrt(-2 * Math.log(1 - source())) * Math.cos(2 * Math.PI * source());
    this.layers = told.map(([width, activation], k) => {
      const from = k ? told[k - 1][0] : 2;
      const kind = activations[activation][1].split("_")[0];
      // The variance that suits the activation, as the engine's initializers have it.
      const size = Math.sqrt({ he: 2 / from, xavier: 2 / (from + width) }[kind] ?? 1 / from);
      const row = () => [biased ? 0 : null, ...Array.from({ length: from }, () => size * normal())];
      const rows = start?.[k].map((one) => [...one]) ?? Array.from({ length: width }, row);
      return { activation, rows };
    });
  }

  get widths() { return this.layers.map(({ rows }) => rows.length); }

  // What every layer is given, the weighted sums of its neurons and their answers.
  forward(point) {
    let given = point;
    return this.layers.map(({ activation, rows }) => {
      const sums = rows.map((row) => {
        let sum = row[0] ?? -0;
        for (let i = 0; i < given.length; i++) { sum += row[i + 1] * given[i]; }
        return sum;
      });
      const answers = sums.map((z) => this.through[activation].answer(z));
      const layer = { given, sums, answers };
      given = answers;
      return layer;
    });
  }

  neurons(point) { return this.forward(point).flatMap(({ answers }) => answers); }

  output(point) { return this.forward(point).at(-1).answers[0]; }

  // The slopes of the loss on one sample, shaped as the layers' rows are.
  slopes(point, target) {
    const passed = this.forward(point);
    let flows = [this.loss.back(passed.at(-1).answers[0], target)];
    const found = [];
    for (let k = this.layers.length - 1; k >= 0; k--) {
      const { activation, rows } = this.layers[k];
      const { given, sums } = passed[k];
      const deltas = sums.map((z, n) => this.through[activation].back(z, flows[n]));
      found.unshift(deltas.map((delta) => [delta, ...given.map((x) => strong(delta, x))]));
      flows = given.map((_, i) => {
        let sum = 0;
        // The sweep comes by the last neuron first.
        for (let n = rows.length - 1; n >= 0; n--) { sum += strong(deltas[n], rows[n][i + 1]); }
        return sum;
      });
    }
    return found;
  }

  // A step down by the mean over a batch of [point, target], added up in the batch's order.
  step(batch, rate) {
    const found = batch.map((sample) => this.slopes(...sample));
    this.layers.forEach(({ rows }, k) => rows.forEach((row, n) => row.forEach((weight, i) => {
      if (weight === null) { return; }
      let total = 0;
      for (const slopes of found) { total += slopes[k][n][i]; }
      row[i] = weight - rate * (total / batch.length);
    })));
  }
}

// The product of the chain rule: nothing flows where one factor is 0.
function strong(x, y) { return x === 0 || y === 0 ? 0 : x * y; }

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
