(() => {
  const blanks = [];

  function close(one, other, share) {
    if (!Number.isFinite(one) || !Number.isFinite(other))
      return one === other || (Number.isNaN(one) && Number.isNaN(other));
    const least = share === data.exact ? 1e-3 : 0;
    return Math.abs(one - other) <= share * Math.max(Math.abs(one), Math.abs(other), least);
  }

  function number(text) {  // null for what is none
    const word = text.trim().toLowerCase();
    const special = { inf: Infinity, "+inf": Infinity, "-inf": -Infinity, nan: NaN };
    if (word in special) { return special[word]; }
    return /^\s*[+-]?\s*(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text.replace(/\s/g, "")) : null;
  }

  // The numbers that a text may mean: one or a quotient of two; 2,718 is 2.718, or thousands.
  function readings(text) {
    const plain = text.replace(/[−–]/g, "-").replace(/∞|infinity/gi, "inf")
      .replace(/[¼-¾⅐-⅞]/g, (sign) => ` ${sign.normalize("NFKC")} `).replace(/⁄/g, "/");
    const both = [plain.replace(/,/g, "."), plain.replace(/(?<=\d),(?=\d{3}(?!\d))/g, "")];
    return both.map((each) => {
      const parts = each.split("/").map(number);
      if (parts.includes(null) || parts.length > 2) { return null; }
      return parts.length === 2 ? parts[0] / parts[1] : parts[0];
    }).filter((each) => each !== null);
  }

  function judge(truth, slips, given) {  // whether it is right, and the words
    if (close(given, truth, data.exact)) return [true, "right"];
    for (const [value, words] of slips) if (close(given, value, data.exact)) return [false, words];
    if (close(given, truth, data.rounded)) return [true, "right, but for rounding"];
    for (const [value, words] of slips)
      if (value && close(given, value, data.rounded)) return [false, words];
    if (Number.isNaN(given) || Number.isNaN(truth)) {
      return [false, Number.isNaN(given) ? "not yet: it is a number" : "not yet: it is no number, nan"];
    }
    if (truth && given * truth < 0) return [false, "not yet: neither the size nor the sign is right"];
    const size = Math.abs(given) > Math.abs(truth) ? "large" : "small";
    if (close(given, truth, data.nearly)) return [false, `nearly: its size is a little too ${size}; give more digits`];
    return [false, `not yet: its size is too ${size}`];
  }

  function show(blank) {
    const text = blank.input.value;
    let right = false, words = "";
    if (text.trim()) {
      const said = readings(text).map((given) => judge(blank.truth, blank.slips, given));
      [right, words] = said.find(([one]) => one) ?? said[0]
        ?? [false, "this is no number; write it as 0.25, 1/4 or -3e-2"];
    }
    blank.row.className = "blank" + (text.trim() ? right ? " right" : " wrong" : "");
    blank.output.textContent = words;
    const done = blanks.filter(each => each.row.classList.contains("right")).length;
    byId("score").textContent = done + " of " + blanks.length + " right";
  }

  const given = (written) => typeof written === "string" ? number(written) : written;

  for (const [title, listed] of data.parts) {
    byId("parts").append(made("h2", {}, title));
    for (const [place, asked, truth, slips] of listed) {
      const [row, id] = [made("div", { class: "blank" }), `blank${place}`];
      const input = made("input", { id, autocomplete: "off", inputmode: "text" });
      const output = made("output", { for: id, role: "status" });
      row.append(made("label", { for: id }, `[${place}]  ${asked} =`), input, output);
      byId("parts").append(row);
      const blank = { row, input, output, truth: given(truth),
                      slips: slips.map(([value, words]) => [given(value), words]) };
      blanks.push(blank);
      input.addEventListener("change", () => show(blank));
      input.addEventListener("keydown", event => {
        if (event.key !== "Enter") return;
        show(blank);
        const next = blanks[blanks.indexOf(blank) + 1];
        if (next && row.classList.contains("right")) next.input.focus();
      });
    }
  }
  byId("clear").addEventListener("click", () => {
    for (const blank of blanks) { blank.input.value = ""; show(blank); }
  });
  byId("solve").addEventListener("click", () => {
    for (const blank of blanks) {
      blank.input.value = short(blank.truth, 6);
      show(blank);
    }
  });
  if (blanks.length) show(blanks[0]);
})();
