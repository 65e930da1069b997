// The page: what is shown (entity, detail, focus), the address that keeps it, theme, print, start.

const DEPTHS = { 0: "All", 1: "1", 2: "2", 3: "3" };
const state = { entity: -1, level: page.levels[0], depth: 0 };
/** Whether the detail was asked for; else it follows from the window's size. */
let levelChosen = Boolean(page.start.detail);

// --- the address -----------------------------------------------------------------------------

function hashOf({ entity, level, depth }) {
  const parts = new URLSearchParams();
  if (entity >= 0) parts.set("entity", entities[entity].name);
  if (levelChosen) parts.set("detail", level);
  if (entity >= 0 && depth) parts.set("focus", String(depth));
  return `#${parts}`;
}

/** Return what an address asks for; what it does not name stays as it is by default. */
function readHash() {
  const text = location.hash.slice(1);
  const parts = new URLSearchParams(text.includes("=") ? text : "");
  let name = parts.get("entity") || "";
  if (text && !text.includes("=")) {
    try {
      name = decodeURIComponent(text);
    } catch {
      name = text;
    }
  }
  const lower = name.toLowerCase();
  const entity =
    numberOf.get(name) ??
    (name ? entities.findIndex((item) => item.name.toLowerCase() === lower) : -1);
  const level = pictures.has(parts.get("detail")) ? parts.get("detail") : "";
  const depth =
    entity >= 0 ? Math.min(3, Math.max(0, Number.parseInt(parts.get("focus") || "0", 10) || 0)) : 0;
  return { entity, level, depth };
}

function writeHash(push) {
  const hash = hashOf(state);
  if (hash === (location.hash || "#")) return;
  try {
    const address = hash === "#" ? location.href.split("#")[0] : hash;
    history[push ? "pushState" : "replaceState"](null, "", address);
  } catch {
    // a page in a sandbox has no address of its own
  }
}

window.addEventListener("popstate", () => {
  const { entity, level, depth } = readHash();
  go({ entity, depth, level: level || state.level }, { show: true, write: false });
});

// --- what is shown ---------------------------------------------------------------------------

/** Change what is shown.
 *
 * `attribute` is the one to point at in the entity's page, `show` brings the entity into view,
 * `enter` gives its page the keyboard's focus, `back` the list.
 */
function go(
  change,
  { attribute = "", show = false, enter = false, back = false, write = true } = {},
) {
  const before = { ...state };
  Object.assign(state, change);
  if (state.entity < 0) state.depth = 0;
  if ("level" in change && write) levelChosen = true;
  const otherLevel = state.level !== before.level;
  const otherEntity = state.entity !== before.entity;
  const otherFocus = state.depth !== before.depth || (state.depth > 0 && otherEntity);
  // a picture that is left goes back to its whole, so that it can be laid out again
  if (otherLevel || otherFocus) leaveFocus();
  light(null);
  if (panelWaits && state.entity >= 0) togglePanel();
  if (otherLevel) showLevel(state.level);
  if (state.depth && (otherLevel || otherFocus)) enterFocus(state.entity, state.depth);
  showSelected();
  showPanel({ attribute, enter });
  showSwitches();
  if (otherLevel || otherFocus) {
    fit(!otherLevel);
    drawMap();
    if (!state.depth && state.entity >= 0) reveal(state.entity);
  } else if (show && state.entity >= 0) {
    reveal(state.entity);
  }
  if (back) list.focus();
  if (write) writeHash(otherEntity);
}

function showSelected() {
  for (const node of picture.svg.querySelectorAll(".selected")) {
    node.classList.remove("selected");
    node.removeAttribute("aria-current");
  }
  if (state.entity < 0) return;
  const { node } = picture.cards[state.entity];
  node.classList.add("selected");
  node.setAttribute("aria-current", "true");
  rove(state.entity);
}

// --- switches --------------------------------------------------------------------------------

/** Fill a group of radio buttons; arrow keys go from one to the next. */
function fillSwitch(place, choices, pick) {
  const buttons = Object.entries(choices).map(([value, words]) =>
    make(
      "button",
      { type: "button", role: "radio", "data-value": value, onclick: () => pick(value) },
      words,
    ),
  );
  place.replaceChildren(...buttons);
  place.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || place.getAttribute("aria-disabled") === "true") return;
    const next =
      buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length];
    next.focus();
    next.click();
    event.preventDefault();
    event.stopPropagation();
  });
}

function showSwitch(place, value, enabled = true) {
  place.setAttribute("aria-disabled", String(!enabled));
  for (const button of place.children) {
    const checked = button.dataset.value === value;
    button.setAttribute("aria-checked", String(checked));
    button.setAttribute("tabindex", checked ? "0" : "-1");
  }
}

function showSwitches() {
  showSwitch(byId("detail"), state.level);
  showSwitch(byId("focus"), String(state.depth), state.entity >= 0);
  byId("focus").setAttribute(
    "title",
    state.entity < 0 ? "Choose an entity first" : "How many relationships away entities are shown",
  );
}

// --- light and dark --------------------------------------------------------------------------

const root = document.documentElement;
const narrow = window.matchMedia("(max-width: 760px)");
const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");

const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : prefersDark.matches);

function showTheme() {
  root.dataset.look = isDark() ? "dark" : "light";
  byId("theme").setAttribute("aria-pressed", String(isDark()));
  drawMap();
}

/** Change to the other colours; where those are the system's anyway, follow it again. */
function toggleTheme() {
  const other = isDark() ? "light" : "dark";
  const usual = page.start.theme || (prefersDark.matches ? "dark" : "light");
  root.dataset.theme = other;
  if (other === usual && !page.start.theme) delete root.dataset.theme;
  try {
    if (other === usual) localStorage.removeItem("erdgen-theme");
    else localStorage.setItem("erdgen-theme", other);
  } catch {
    // without a store the choice holds for this visit
  }
  showTheme();
}

function readTheme() {
  try {
    return localStorage.getItem("erdgen-theme");
  } catch {
    return null;
  }
}

// --- printing --------------------------------------------------------------------------------

let hiddenBox = null;

window.addEventListener("beforeprint", () => {
  light(null);
  const { x, y, width, height } = picture.bounds;
  hiddenBox = picture.svg.getAttribute("viewBox");
  picture.svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
  const shown = picture.cards.filter((card) => !card.node.classList.contains("away"));
  byId("book").replaceChildren(...shown.map((card) => makePage(card.number)));
});
window.addEventListener("afterprint", () => {
  if (hiddenBox) picture.svg.setAttribute("viewBox", hiddenBox);
  hiddenBox = null;
  byId("book").replaceChildren();
});

// --- start -----------------------------------------------------------------------------------

/** Return the fullest detail that can be read when all of it is in the window. */
function readableLevel() {
  const readable = [...pictures.values()].find((shown) => fitScale(shown) >= READABLE);
  return readable ? readable.level : page.levels[page.levels.length - 1];
}

function begin() {
  const names = { full: "Full", keys: "Keys", names: "Names" };
  fillSwitch(
    byId("detail"),
    Object.fromEntries(page.levels.map((level) => [level, names[level]])),
    (level) => go({ level }),
  );
  fillSwitch(byId("focus"), DEPTHS, (depth) => state.entity >= 0 && go({ depth: Number(depth) }));
  byId("detail-field").hidden = page.levels.length < 2;
  byId("focus-field").hidden = !ties.length;
  byId("counts").textContent =
    `${plural(entities.length, "entity", "entities")} · ${plural(ties.length, "relationship", "relationships")}`;
  if (!entities.length) canvas.append(make("p", { class: "empty" }, "This model has no entities."));

  byId("zoom-in").addEventListener("click", () => zoom(1.25, true));
  byId("zoom-out").addEventListener("click", () => zoom(0.8, true));
  byId("zoom-one").addEventListener("click", () => zoom(1 / view.k, true));
  byId("zoom-fit").addEventListener("click", () => fit(true));
  byId("panel-toggle").addEventListener("click", togglePanel);
  byId("theme").addEventListener("click", toggleTheme);
  byId("print").addEventListener("click", () => window.print());
  byId("help").addEventListener("click", () => byId("keys").showModal());
  byId("keys-close").addEventListener("click", () => byId("keys").close());
  prefersDark.addEventListener("change", showTheme);
  new ResizeObserver(resized).observe(canvas);

  const wanted = readHash();
  if (narrow.matches && wanted.entity < 0) {
    // on a phone the picture comes first
    togglePanel();
    panelWaits = true;
  }
  if (wanted.level) levelChosen = true;
  state.level =
    wanted.level || (pictures.has(page.start.detail) ? page.start.detail : readableLevel());
  const theme = readTheme() || page.start.theme;
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  showLevel(state.level);
  state.entity = wanted.entity;
  state.depth = wanted.depth;
  if (state.depth) enterFocus(state.entity, state.depth);
  showSelected();
  showPanel();
  showSwitches();
  showTheme();
  fit();
  if (state.entity >= 0 && !state.depth) reveal(state.entity);
}

let seen = null;

/** Keep what is in the middle there when the window or the panel changes its size. */
function resized() {
  const now = { width: canvas.clientWidth, height: canvas.clientHeight };
  if (seen) pan((now.width - seen.width) / 2, (now.height - seen.height) / 2);
  seen = now;
}

begin();
