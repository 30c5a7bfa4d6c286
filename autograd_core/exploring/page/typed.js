(() => {
  const { text: first, ranges, examples, callable, glyphs, most } = data;
  const { operations } = functions[0];
  const field = byId("expression");
  const trouble = byId("trouble");
  const held = new Map();  // where a variable stood when it was last on the page
  let recolor = () => {};

  function slider({ name }, k) {
    const told = (Object.hasOwn(ranges, name) ? ranges[name] : null) ?? { low: -5, high: 5, step: 0.1, start: [2, -1, 3, 1.5][k % 4] };
    return { ...told, name, power: false, start: held.get(name) ?? told.start };
  }

  function show(found) {
    const names = found.inputs.map(({ name }) => name);
    const view = { name: found.name, title: `${found.name}(${names.join(", ")})`, parts: null };
    const box = byId("typed-graph");
    if (found.graph.values.length > most) {
      box.replaceChildren(made("p", {}, `The graph of ${found.graph.values.length} values is too large to be drawn.`));
    } else {
      const picture = pictureOf(found.graph, glyphs);
      box.replaceChildren(picture.svg);
      view.parts = picture.parts;
    }
    const lot = functionsOf(found, operations);
    const slopes = (...given) => {
      names.forEach((name, k) => held.set(name, given[k]));
      return lot.slopes(...given);
    };
    recolor = explored({ sliders: found.inputs.map(slider), over: names.map((_, k) => k).slice(0, 2), views: [view] },
      [{ ...lot, slopes }]);
  }

  function read() {
    try {
      const found = parsed(field.value, callable);
      trouble.replaceChildren();
      field.removeAttribute("aria-invalid");
      byId("answer").classList.remove("stale");
      show(found);
    } catch (error) {
      if (!(error instanceof Refusal)) { throw error; }
      const [before, rest] = [field.value.slice(0, error.place), [...field.value.slice(error.place)]];
      const wrong = /^[\p{L}\p{N}_]+/u.exec(rest.join(""))?.[0] ?? rest[0] ?? " ";
      trouble.replaceChildren(made("code", {}, before.slice(-24)), made("mark", {}, wrong),
        ` column ${[...before].length + 1}: ${error.message}`);
      field.setAttribute("aria-invalid", "true");
      byId("answer").classList.add("stale");
    }
  }

  byId("functions").textContent = Object.entries(callable).map(([name, { operands }]) => `${name}(${operands})`).join(", ");
  for (const example of examples) {
    const button = made("button", { type: "button" }, example);
    button.addEventListener("click", () => {
      field.value = example;
      read();
    });
    byId("examples").append(button);
  }
  field.value = first;
  field.addEventListener("input", read);
  whenColorsChange(() => recolor());
  read();
})();
