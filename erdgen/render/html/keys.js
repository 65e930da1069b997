// What the mouse and the keyboard do to the entities of the picture and to the whole page.

let pointed = "";

world.addEventListener("pointerover", (event) => {
  if (dragged && fingers.size) return;
  const { entity, tie } = thingAt(event.target);
  const now = entity !== undefined ? `e${entity}` : tie ? `t${tie.number}` : "";
  if (now === pointed) return;
  pointed = now;
  light(entity !== undefined ? neighbourhood(entity) : tie ? bothEnds(tie) : resting());
});
world.addEventListener("pointerleave", () => {
  pointed = "";
  light(resting());
});

canvas.addEventListener("click", (event) => {
  if (dragged || isTool(event)) return;
  const { entity, row } = thingAt(event.target);
  if (entity !== undefined) {
    const attribute =
      row && (entities[entity].attributes || []).find((item) => inPicture(item.name) === row);
    go({ entity }, { attribute: attribute ? attribute.name : "" });
  } else if (!event.target.closest(".relationship") && state.entity >= 0 && !state.depth) {
    go({ entity: -1 });
  }
});
canvas.addEventListener("dblclick", (event) => {
  const { entity } = thingAt(event.target);
  if (entity !== undefined) go({ entity, depth: Math.max(1, state.depth) });
});

/** Make an entity the one that the tab key reaches in the picture. */
function rove(number) {
  for (const card of picture.cards)
    card.node.setAttribute("tabindex", card.number === number ? "0" : "-1");
}

world.addEventListener("focusin", (event) => {
  const { entity } = thingAt(event.target);
  if (entity === undefined) return;
  rove(entity);
  if (!event.target.matches(":focus-visible")) return;
  light(neighbourhood(entity));
  reveal(entity);
});
world.addEventListener("focusout", () => light(resting()));

/** Return the nearest entity in a direction, or -1. */
function nearestTo(number, dx, dy) {
  const middle = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 });
  const from = middle(placeOf(number));
  let best = -1;
  let least = Infinity;
  for (const card of picture.cards) {
    if (card.number === number || card.node.classList.contains("away")) continue;
    const to = middle(placeOf(card.number));
    const along = (to.x - from.x) * dx + (to.y - from.y) * dy;
    const aside = Math.abs((to.x - from.x) * dy) + Math.abs((to.y - from.y) * dx);
    if (along > 4 && along + aside * 2 < least) {
      least = along + aside * 2;
      best = card.number;
    }
  }
  return best;
}

// --- keys ------------------------------------------------------------------------------------

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const KEYS = {
  "/": () => openSearch(),
  "+": () => zoom(1.25, true),
  "=": () => zoom(1.25, true),
  "-": () => zoom(0.8, true),
  _: () => zoom(0.8, true),
  0: () => fit(true),
  f: () => state.entity >= 0 && go({ depth: (state.depth + 1) % 4 }),
  t: () => toggleTheme(),
  p: () => togglePanel(),
  "?": () => byId("keys").showModal(),
};
page.levels.forEach((level, number) => {
  KEYS[number + 1] = () => go({ level });
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("keys").open || event.defaultPrevented)
    return;
  if (event.key === "Escape") {
    stepBack();
    event.preventDefault();
    return;
  }
  if (event.target instanceof HTMLInputElement) return;
  const card = world.contains(document.activeElement)
    ? thingAt(document.activeElement).entity
    : undefined;
  if (event.key in ARROWS) {
    const inPanel = panel.contains(document.activeElement);
    if (inPanel) return;
    const [dx, dy] = ARROWS[event.key];
    if (card === undefined) {
      pan(-dx * 80, -dy * 80, true);
    } else {
      const next = nearestTo(card, dx, dy);
      if (next >= 0) picture.cards[next].node.focus({ preventScroll: true, focusVisible: true });
    }
  } else if (card !== undefined && (event.key === "Enter" || event.key === " ")) {
    go({ entity: card });
  } else if (Object.hasOwn(KEYS, event.key)) {
    KEYS[event.key]();
  } else {
    return;
  }
  event.preventDefault();
});

/** Escape: leave the innermost of search, entity under the keyboard, focus, entity. */
function stepBack() {
  if (document.activeElement === search || search.value) {
    search.value = "";
    showPanel();
    canvas.focus({ preventScroll: true });
  } else if (state.depth) {
    go({ depth: 0 });
  } else if (state.entity >= 0) {
    const within = byId("entity").contains(document.activeElement);
    go({ entity: -1 }, { back: within });
  } else if (world.contains(document.activeElement)) {
    canvas.focus({ preventScroll: true });
  }
}

function openSearch() {
  if (byId("panel-toggle").getAttribute("aria-expanded") === "false") togglePanel();
  search.focus();
  search.select();
}

/** Whether the panel was closed by the page itself, until an entity is looked at. */
let panelWaits = false;

function togglePanel() {
  panelWaits = false;
  const open = byId("panel-toggle").getAttribute("aria-expanded") === "true";
  byId("panel-toggle").setAttribute("aria-expanded", String(!open));
  document.querySelector("main").classList.toggle("wide", open);
  if (open && panel.contains(document.activeElement)) canvas.focus({ preventScroll: true });
}
