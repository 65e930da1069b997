// The model as data: what is tied to what, and how a relationship is said in words.

const byId = (id) => document.getElementById(id);
const { page, model } = JSON.parse(byId("data").textContent);
const entities = model.entities;
const numberOf = new Map(entities.map((entity, number) => [entity.name, number]));
const enums = new Map((model.enums || []).map((item) => [item.name, item]));
const groups = model.groups || [];

/** The relationships within the page; each knows the numbers of its two entities. */
const ties = model.relationships.map((item, number) => ({
  item,
  number,
  left: numberOf.get(item.left.entity),
  right: numberOf.get(item.right.entity),
}));
const tiesOf = entities.map(() => []);
for (const tie of ties) {
  tiesOf[tie.left].push(tie);
  if (tie.right !== tie.left) tiesOf[tie.right].push(tie);
}
/** Relationships that lead to entities which are not part of the page. */
const outsideOf = entities.map(() => []);
for (const item of model.outside || []) {
  for (const end of [item.left, item.right]) {
    if (numberOf.has(end.entity)) outsideOf[numberOf.get(end.entity)].push(item);
  }
}

const otherEnd = (tie, entity) => (tie.left === entity ? tie.right : tie.left);

/** Return the entities up to `depth` relationships away: number -> column, negative for parents. */
function reach(root, depth) {
  const columns = new Map([[root, 0]]);
  let edge = [root];
  for (let step = 1; step <= depth; step += 1) {
    const next = [];
    for (const entity of edge) {
      // what the root points at stands to its left, what points at it to its right
      const held = (tie) => (tie.right === entity ? 0 : 1);
      for (const tie of [...tiesOf[entity]].sort((one, other) => held(one) - held(other))) {
        const far = otherEnd(tie, entity);
        if (columns.has(far)) continue;
        const side =
          entity === root ? (tie.right === root ? -1 : 1) : Math.sign(columns.get(entity));
        columns.set(far, side * step);
        next.push(far);
      }
    }
    edge = next;
  }
  return columns;
}

/** Return how many of an end's entity take part, in words. */
function inWords({ minimum, maximum }) {
  if (maximum === null)
    return minimum === 0 ? "zero or more" : minimum === 1 ? "one or more" : `${minimum} or more`;
  if (minimum === maximum) return minimum === 1 ? "exactly one" : `exactly ${minimum}`;
  return minimum === 0 && maximum === 1 ? "zero or one" : `${minimum} to ${maximum}`;
}

const plural = (count, one, many) => `${count} ${count === 1 ? one : many}`;

/** Return an element; a property that begins with `on` is a listener, the others attributes. */
function make(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

function makeSvg(tag, properties = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child || child === 0));
  return element;
}

/** Return an icon of the page's own kind. */
function makeIcon(path) {
  return makeSvg(
    "svg",
    { class: "icon", viewBox: "0 0 20 20", "aria-hidden": "true" },
    makeSvg("path", { d: path }),
  );
}
