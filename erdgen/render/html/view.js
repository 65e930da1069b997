// The view: panning and zooming by mouse, wheel, fingers and keys. A picture is never laid out
// again for it: all is one CSS transform.

const canvas = byId("canvas");
const world = byId("world");
const view = { x: 0, y: 0, k: 1 };
const LEAST = 0.02;
const MOST = 6;
/** Below this scale the rows' letters are under three pixels high. */
const UNREADABLE = 0.2;
/** From this scale on they can be read. */
const READABLE = 0.45;
const MARGIN = 24;
/** Room at the bottom for the buttons there. */
const FOOT = 68;
let settling = 0;
let drawing = 0;

/** Show the view; `glide` moves there softly. */
function applyView(glide = false) {
  world.classList.toggle("gliding", glide);
  world.classList.toggle("moving", !glide);
  // while it moves, what was painted is moved; then it is painted again, sharp
  clearTimeout(settling);
  settling = setTimeout(() => world.classList.remove("moving", "gliding"), glide ? 320 : 160);
  if (drawing) return;
  drawing = requestAnimationFrame(() => {
    drawing = 0;
    world.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.k})`;
    showPercent();
    // what nobody can read need not be painted
    picture.svg.classList.toggle("far", view.k < UNREADABLE);
    showFrameInMap();
  });
}

function showPercent() {
  const percent = `${Math.round(view.k * 100)}%`;
  // the same text set again would make the browser lay out the page again
  if (byId("percent").textContent === percent) return;
  byId("percent").textContent = percent;
  byId("zoom-one").setAttribute("aria-label", `Zoom ${percent}, set to actual size`);
}

const limit = (k) => Math.min(MOST, Math.max(LEAST, k));

/** Return the scale at which bounds fit the window, never above actual size. */
function fitScale({ width, height }, below = MARGIN) {
  const across = (canvas.clientWidth - 2 * MARGIN) / width;
  const down = (canvas.clientHeight - MARGIN - below) / height;
  return limit(Math.min(across, down, 1));
}

function fit(glide = false) {
  standInMiddle(MARGIN);
  if (picture.cards.some(isUnderButtons)) standInMiddle(FOOT);
  applyView(glide);
}

/** Put the picture into the middle of the window, with so much room below it at least. */
function standInMiddle(below) {
  const { x, y, width, height } = picture.bounds;
  const k = fitScale(picture.bounds, below);
  view.k = k;
  view.x = (canvas.clientWidth - width * k) / 2 - x * k;
  view.y = (canvas.clientHeight + MARGIN - below - height * k) / 2 - y * k;
}

/** Return whether a card stands where the buttons for zooming lie over the picture. */
function isUnderButtons(card) {
  if (card.node.classList.contains("away")) return false;
  const buttons = document.querySelector(".zoom");
  const at = placeOf(card.number);
  return (
    (at.x + at.width) * view.k + view.x > buttons.offsetLeft &&
    (at.y + at.height) * view.k + view.y > buttons.offsetTop
  );
}

/** Zoom by a factor around a point of the canvas (its middle where none is given). */
function zoom(
  factor,
  glide = false,
  at = { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 },
) {
  const k = limit(view.k * factor);
  view.x = at.x - ((at.x - view.x) * k) / view.k;
  view.y = at.y - ((at.y - view.y) * k) / view.k;
  view.k = k;
  applyView(glide);
}

function pan(dx, dy, glide = false) {
  view.x += dx;
  view.y += dy;
  applyView(glide);
}

/** Bring an entity into view, near enough to be read. */
function reveal(number) {
  const card = placeOf(number);
  const k = view.k < READABLE ? Math.max(view.k, Math.min(0.75, fitScale(card))) : view.k;
  const left = card.x * view.k + view.x;
  const top = card.y * view.k + view.y;
  const inside =
    left >= 8 &&
    top >= 8 &&
    left + card.width * view.k <= canvas.clientWidth - 8 &&
    top + card.height * view.k <= canvas.clientHeight - 8;
  if (inside && k === view.k) return;
  view.k = k;
  view.x = canvas.clientWidth / 2 - (card.x + card.width / 2) * k;
  // of a card that is higher than the window the head is shown
  const high = Math.min(card.height * k, canvas.clientHeight - 2 * MARGIN);
  view.y = (canvas.clientHeight - high) / 2 - card.y * k;
  applyView(true);
}

// --- mouse and fingers -----------------------------------------------------------------------

const fingers = new Map();
let dragged = false;

const inCanvas = (event) => {
  const box = canvas.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
};
const isTool = (event) =>
  event.target instanceof Element && Boolean(event.target.closest(".zoom, #map"));

canvas.addEventListener(
  "wheel",
  (event) => {
    event.preventDefault();
    if (isTool(event)) return;
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? canvas.clientHeight : 1;
    if (event.shiftKey && !event.ctrlKey) {
      pan(-(event.deltaX + event.deltaY) * unit, 0);
    } else {
      // a pinch on a touch pad comes as a wheel with the control key, in smaller steps
      const step = Math.max(-240, Math.min(240, event.deltaY * unit));
      zoom(Math.exp(-step * (event.ctrlKey ? 0.01 : 0.0016)), false, inCanvas(event));
    }
  },
  { passive: false },
);

canvas.addEventListener("pointerdown", (event) => {
  if (isTool(event) || (event.pointerType === "mouse" && event.button > 1)) return;
  fingers.set(event.pointerId, inCanvas(event));
  if (fingers.size === 1) dragged = false;
});

canvas.addEventListener("pointermove", (event) => {
  const before = fingers.get(event.pointerId);
  if (!before) return;
  const now = inCanvas(event);
  if (fingers.size === 1) {
    if (!dragged && Math.hypot(now.x - before.x, now.y - before.y) < 4) return;
    startDrag(event);
    pan(now.x - before.x, now.y - before.y);
  } else if (fingers.size === 2) {
    startDrag(event);
    const [other] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    const apart = Math.hypot(before.x - other.x, before.y - other.y) || 1;
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    zoom((Math.hypot(now.x - other.x, now.y - other.y) || 1) / apart, false, middle);
  }
  fingers.set(event.pointerId, now);
});

function startDrag(event) {
  if (!canvas.hasPointerCapture(event.pointerId)) canvas.setPointerCapture(event.pointerId);
  dragged = true;
  canvas.classList.add("dragging");
}

for (const name of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(name, (event) => {
    fingers.delete(event.pointerId);
    if (!fingers.size) canvas.classList.remove("dragging");
  });
}

// what has the keyboard's focus is brought into view by moving the world, not by scrolling
canvas.addEventListener("scroll", () => canvas.scrollTo(0, 0));

// --- the small map ---------------------------------------------------------------------------

const map = byId("map");
let mapScale = 1;

/** Draw the small map of the picture. */
function drawMap() {
  const { x, y, width, height } = picture.bounds;
  mapScale = Math.min(200 / width, 130 / height);
  const paper = map.querySelector("canvas");
  const dots = window.devicePixelRatio || 1;
  paper.width = Math.ceil(width * mapScale * dots);
  paper.height = Math.ceil(height * mapScale * dots);
  paper.style.width = `${width * mapScale}px`;
  paper.style.height = `${height * mapScale}px`;
  const pen = paper.getContext("2d");
  pen.scale(dots * mapScale, dots * mapScale);
  pen.translate(-x, -y);
  for (const card of picture.cards) {
    if (card.node.classList.contains("away")) continue;
    const header = card.node.querySelector(".header") || card.node;
    const at = placeOf(card.number);
    pen.fillStyle = getComputedStyle(header).fill;
    pen.fillRect(at.x, at.y, at.width, Math.max(at.height, 2 / mapScale));
  }
  showFrameInMap();
}

/** Show which part of the picture is in view, where it is not all of it. */
function showFrameInMap() {
  if (!picture.bounds) return;
  const { x, y, width, height } = picture.bounds;
  const left = -view.x / view.k;
  const top = -view.y / view.k;
  const wide = canvas.clientWidth / view.k;
  const high = canvas.clientHeight / view.k;
  const all =
    left <= x + 1 && top <= y + 1 && left + wide >= x + width - 1 && top + high >= y + height - 1;
  map.hidden = all || picture.cards.length < 8;
  const frame = map.querySelector("div").style;
  frame.transform = `translate(${(left - x) * mapScale}px, ${(top - y) * mapScale}px)`;
  frame.width = `${wide * mapScale}px`;
  frame.height = `${high * mapScale}px`;
}

map.addEventListener("pointerdown", (event) => {
  map.setPointerCapture(event.pointerId);
  moveTo(event);
});
map.addEventListener("pointermove", (event) => {
  if (map.hasPointerCapture(event.pointerId)) moveTo(event);
});

function moveTo(event) {
  const box = map.getBoundingClientRect();
  const { x, y } = picture.bounds;
  view.x = canvas.clientWidth / 2 - ((event.clientX - box.left) / mapScale + x) * view.k;
  view.y = canvas.clientHeight / 2 - ((event.clientY - box.top) / mapScale + y) * view.k;
  applyView();
}
