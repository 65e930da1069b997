// The pictures: which elements draw what, what is lit, and which detail is shown.

/** What an XML document cannot hold stands as U+FFFD in the picture. */
const inPicture = (text) =>
  text.replace(/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");

const pictures = new Map(
  page.levels.map((level) => {
    const frame = byId(`picture-${level}`);
    const svg = frame.querySelector("svg");
    const { width, height } = svg.viewBox.baseVal;
    return [level, { level, frame, svg, width, height, cards: null, lines: null, bounds: null }];
  }),
);
let picture = pictures.get(page.levels[0]);

/** Read a picture's elements, once: this costs as much as drawing it. */
function readPicture(shown) {
  if (shown.cards) return;
  shown.svg.setAttribute("role", "group");
  shown.cards = [...shown.svg.querySelectorAll(".entity")].map((node, number) =>
    readCard(node, number),
  );
  const nodes = [...shown.svg.querySelectorAll(".relationship")];
  shown.lines = nodes.map((node, number) => readLine(node, tieOf(node, number, nodes.length)));
  shown.bounds = { x: 0, y: 0, width: shown.width, height: shown.height };
  shown.references = [...shown.svg.querySelectorAll("g.reference")].map((node) =>
    readReference(node, shown),
  );
  shown.linesOf = new Map();
  for (const line of shown.lines) {
    if (line.tie)
      shown.linesOf.set(line.tie.number, [...(shown.linesOf.get(line.tie.number) || []), line]);
  }
}

function readCard(node, number) {
  const entity = entities[number];
  const { x, y, width, height } = (node.querySelector(".card") || node).getBBox();
  node.setAttribute("role", "button");
  node.setAttribute("tabindex", number ? "-1" : "0");
  const has = plural((entity.attributes || []).length, "attribute", "attributes");
  const tied = plural(tiesOf[number].length, "relationship", "relationships");
  node.setAttribute("aria-label", `${entity.name}, ${has}, ${tied}`);
  return { node, number, x, y, width, height, wings: { left: 0, right: 0 } };
}

/** Read what stands beside a card in place of lines, and the room that it takes there. */
function readReference(node, shown) {
  const card = shown.cards.find((item) => item.node.dataset.name === node.dataset.entity);
  const { x, width } = node.getBBox();
  card.wings.left = Math.max(card.wings.left, card.x - x);
  card.wings.right = Math.max(card.wings.right, x + width - card.x - card.width);
  return { node, number: card.number };
}

/** Return the relationship that a group of the picture draws. */
function tieOf(node, number, count) {
  if (count === ties.length) return ties[number];
  const { left, right, leftAttributes = "", rightAttributes = "" } = node.dataset;
  const fits = ({ item }) =>
    inPicture(item.left.entity) === left &&
    inPicture(item.right.entity) === right &&
    inPicture((item.left.attributes || []).join(", ")) === leftAttributes &&
    inPicture((item.right.attributes || []).join(", ")) === rightAttributes;
  return ties.find(fits);
}

function readLine(node, tie) {
  const drawn = node.querySelector(".line");
  if (drawn) {
    // a thin line is hard to hit
    const path = makeSvg("path", { d: drawn.getAttribute("d"), class: "hit" });
    node.insertBefore(path, drawn);
  }
  return { node, tie };
}

/** Show a level of detail. */
function showLevel(level) {
  for (const other of pictures.values()) other.frame.hidden = other.level !== level;
  picture = pictures.get(level);
  readPicture(picture);
  picture.svg.classList.toggle("calm", picture.cards.length <= 80);
}

// --- light -----------------------------------------------------------------------------------

let lit = [];

/** Light up entities and relationships and dim the rest; null ends it. */
function light(what) {
  for (const node of lit) node.classList.remove("lit");
  lit = [];
  picture.svg.classList.toggle("dimmed", Boolean(what));
  if (!what) return;
  for (const number of what.entities) lit.push(picture.cards[number].node);
  for (const tie of what.ties || []) {
    for (const line of picture.linesOf.get(tie.number) || []) lit.push(line.node);
    if (what.rows)
      lit.push(...rowsOf(tie.left, tie.item.left), ...rowsOf(tie.right, tie.item.right));
  }
  for (const { node, number } of picture.references) if (what.entities.has(number)) lit.push(node);
  for (const [number, attribute] of what.found || [])
    lit.push(...rowsOf(number, { attributes: [attribute] }));
  for (const node of lit) node.classList.add("lit");
}

function rowsOf(number, end) {
  const names = new Set((end.attributes || []).map(inPicture));
  if (!names.size) return [];
  const rows = picture.cards[number].node.querySelectorAll(".row");
  return [...rows].filter((row) => names.has(row.dataset.name));
}

/** Return an entity with its neighbours and the lines between it and them. */
function neighbourhood(number) {
  const near = new Set([number]);
  for (const tie of tiesOf[number]) near.add(otherEnd(tie, number));
  return { entities: near, ties: tiesOf[number], rows: true };
}

const bothEnds = (tie) => ({ entities: new Set([tie.left, tie.right]), ties: [tie], rows: true });

/** Return what an event in a picture is about: an entity, a relationship, or nothing. */
function thingAt(target) {
  const node =
    target instanceof Element ? target.closest(".entity, .relationship, g.reference") : null;
  if (!node || !picture.svg.contains(node)) return {};
  const reference = picture.references.find((item) => item.node === node);
  if (reference) return { entity: reference.number, row: "" };
  if (node.classList.contains("entity")) {
    const row = target.closest(".row");
    return {
      entity: picture.cards.findIndex((card) => card.node === node),
      row: row ? row.dataset.name : "",
    };
  }
  const line = picture.lines.find((item) => item.node === node);
  return line && line.tie ? { tie: line.tie } : {};
}
