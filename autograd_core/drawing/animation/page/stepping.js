(() => {
  "use strict";
  const { steps, interval } = JSON.parse(document.getElementById("steps").textContent);
  const byId = (id) => document.getElementById(id);
  const [slider, count, caption, picture] = ["slider", "count", "caption", "picture"].map(byId);
  const last = steps.length - 1;
  let current = 0;
  let timer = null;

  const outlines = (id) => byId(id).querySelectorAll("path, polygon, polyline");
  const parts = {
    fill: {
      read: (id) => outlines(id)[0].getAttribute("fill"),
      write: (id, color) => outlines(id)[0].setAttribute("fill", color),
    },
    border: {
      read: (id) => outlines(id)[0].getAttribute("stroke"),
      write: (id, color) => outlines(id).forEach((line) => line.setAttribute("stroke", color)),
    },
  };
  for (const field of ["data", "grad", "local"]) {
    const text = (id) => byId(id).querySelector("." + field);
    parts[field] = {
      read: (id) => text(id).textContent,
      write: (id, words) => { text(id).textContent = words; },
    };
  }
  const make = (changes) => changes.map(([id, part, value]) => {
    const before = parts[part].read(id);
    parts[part].write(id, value);
    return [id, part, before];
  });

  // What a step replaces is noted as it is made, so that it can be taken back.
  make(steps[0].changes);
  const undo = [null];

  // Where the picture is larger than its place, what is looked at comes to the middle.
  function bring(element) {
    const [inner, outer] = [element, picture].map((of) => of.getBoundingClientRect());
    picture.scrollLeft += (inner.left + inner.right - outer.left - outer.right) / 2;
    picture.scrollTop += (inner.top + inner.bottom - outer.top - outer.bottom) / 2;
  }

  function show() {
    const step = steps[current];
    document.querySelectorAll(".on").forEach((element) => element.classList.remove("on"));
    step.focus.forEach((id) => byId(id).classList.add("on"));
    const looked = document.querySelector(".node.on");
    if (looked !== null) { bring(looked); }
    caption.replaceChildren(...[["h2", step.title], ...step.lines.map((line) => ["p", line])].map(
      ([tag, words]) => Object.assign(document.createElement(tag), { textContent: words })));
    slider.value = current;
    slider.setAttribute("aria-valuetext", `Step ${current} of ${last}: ${step.title}`);
    count.textContent = `${current} / ${last}`;
    for (const [id, end] of [["first", 0], ["back", 0], ["next", last], ["last", last]]) {
      byId(id).disabled = current === end;
    }
  }

  function go(wanted) {
    const target = Math.max(0, Math.min(last, wanted));
    while (current < target) { current += 1; undo[current] = make(steps[current].changes); }
    while (current > target) { make(undo[current]); current -= 1; }
    show();
  }

  function pause() {
    clearInterval(timer);
    timer = null;
    byId("play").textContent = "▶ Play";
    byId("play").setAttribute("aria-pressed", "false");
  }

  function play() {
    if (timer !== null) { pause(); return; }
    if (current === last) { go(0); }
    byId("play").textContent = "❚❚ Pause";
    byId("play").setAttribute("aria-pressed", "true");
    timer = setInterval(() => { go(current + 1); if (current === last) { pause(); } }, interval);
  }

  const stopAt = (place) => { pause(); go(place()); };
  const moves = {
    first: () => 0, back: () => current - 1, next: () => current + 1, last: () => last,
  };
  for (const [id, place] of Object.entries(moves)) {
    byId(id).addEventListener("click", () => stopAt(place));
  }
  byId("play").addEventListener("click", play);
  slider.addEventListener("input", () => stopAt(() => Number(slider.value)));

  const keys = {
    ArrowLeft: "back", PageUp: "back", ArrowRight: "next", PageDown: "next",
    Home: "first", End: "last",
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) { return; }
    const onButton = event.target instanceof HTMLButtonElement;
    if (event.key === " " && !onButton) {
      play();
    } else if (event.key in keys) {
      stopAt(moves[keys[event.key]]);
    } else {
      return;
    }
    event.preventDefault();
  });
  show();
})();
