// Drag over a histogram to narrow the search to the periods under it. Without this script, each bar is a link.
"use strict";

for (const svg of document.querySelectorAll(".chart svg")) {
  const slots = [...svg.querySelectorAll(".hit")];
  let begun = null, ended = null;

  const under = (event) => {
    const box = svg.getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * 620;
    return slots.findLast((slot) => Number(slot.getAttribute("x")) <= at) ?? slots[0];
  };
  const range = () => {
    const [low, high] = [slots.indexOf(begun), slots.indexOf(ended)].sort((a, b) => a - b);
    return slots.slice(low, high + 1);
  };
  const show = () => {
    const chosen = begun ? range() : [];
    for (const slot of slots) slot.classList.toggle("chosen", chosen.includes(slot));
  };
  const open = (first, last) => {
    const asked = new URLSearchParams(location.pathname === "/" ? location.search : "");
    const entity = location.pathname.startsWith("/entity/");
    if (entity) asked.set("entity", decodeURIComponent(location.pathname.slice("/entity/".length)));
    asked.delete("cursor");
    if (svg.dataset.kind === "published") {
      asked.set("from", first);
      asked.set("to", last);
    } else {
      asked.set("mentioned", `${first}..${last}`);
    }
    location.assign(`/?${asked}`);
  };

  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    begun = ended = under(event);
  });
  addEventListener("pointermove", (event) => {
    if (!begun) return;
    ended = under(event);
    if (ended !== begun) show();
  });
  addEventListener("pointerup", () => {
    if (!begun) return;
    const chosen = range();
    const dragged = begun !== ended;
    begun = null;
    show();
    if (dragged) {
      // the click that ends a drag is no click on the bar under it
      svg.addEventListener("click", (event) => event.preventDefault(), { once: true, capture: true });
      open(chosen[0].dataset.first, chosen.at(-1).dataset.last);
    }
  });
  addEventListener("pointercancel", () => { begun = null; show(); });
  svg.addEventListener("dragstart", (event) => event.preventDefault());
}
