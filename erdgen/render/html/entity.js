// An entity's page: everything that the model says about it.

const nameOf = (end) => make("bdi", {}, end.entity);

/** Return a link to an entity; one that is not in the page stays a text. */
function linkTo(name, words = name) {
  if (!numberOf.has(name)) return make("bdi", {}, words);
  return make(
    "a",
    {
      href: hashOf({ ...state, entity: numberOf.get(name) }),
      "data-entity": numberOf.get(name),
      dir: "auto",
    },
    words,
  );
}

/** Return an entity's page. */
function makePage(number) {
  const entity = entities[number];
  const group = groups.find((item) => item.name === entity.group);
  return make(
    "div",
    { class: "page" },
    make("h2", { dir: "auto" }, entity.name),
    make(
      "div",
      { class: "facts" },
      entity.group &&
        make("span", {}, makeDot(number), make("bdi", {}, (group && group.title) || entity.group)),
      entity.table && make("span", {}, "table ", make("code", {}, entity.table)),
      (model.junctions || []).includes(entity.name) && make("span", {}, "junction"),
    ),
    entity.description && make("p", { dir: "auto" }, entity.description),
    makeAttributes(entity),
    makeConstraints(entity),
    makeTies(number),
    makeStates(entity),
    makeDocumentation(entity),
  );
}

/** Return a mark of the colour of an entity's group. */
function makeDot(number) {
  const header = picture.cards[number].node.querySelector(".header");
  const color = header
    ? { fill: header.getAttribute("fill"), class: header.getAttribute("class") }
    : {};
  return makeSvg(
    "svg",
    { class: "dot", "aria-hidden": "true" },
    makeSvg("rect", { ...color, rx: 3 }),
  );
}

const section = (title, count, ...children) =>
  make(
    "section",
    {},
    make("h3", {}, title, count ? make("span", { class: "of" }, String(count)) : null),
    ...children,
  );

// --- attributes ------------------------------------------------------------------------------

function makeAttributes(entity) {
  const attributes = entity.attributes || [];
  if (!attributes.length) return null;
  const foreign = new Map();
  for (const { item } of tiesOf[numberOf.get(entity.name)]) rememberKeys(foreign, item, entity);
  for (const item of outsideOf[numberOf.get(entity.name)]) rememberKeys(foreign, item, entity);
  const rows = attributes.map((attribute) =>
    makeAttribute(attribute, foreign.get(attribute.name) || []),
  );
  return section("Attributes", attributes.length, make("ul", { class: "rows" }, rows));
}

/** Note what each attribute of an entity points at. */
function rememberKeys(foreign, item, entity) {
  if (!item.key || item.right.entity !== entity.name) return;
  (item.right.attributes || []).forEach((name, at) => {
    foreign.set(name, [
      ...(foreign.get(name) || []),
      { entity: item.left.entity, attribute: (item.left.attributes || [])[at] },
    ]);
  });
}

const pill = (kind, words, title) => make("span", { class: `pill ${kind}`, title }, words);

function makeAttribute(attribute, targets) {
  const facts = [];
  const fact = (words, ...value) =>
    facts.push(make("p", { class: "more" }, make("span", { class: "key" }, `${words} `), ...value));
  if (attribute.description)
    facts.push(make("p", { class: "more", dir: "auto" }, attribute.description));
  for (const target of targets) {
    const reference =
      attribute.references && attribute.references.entity === target.entity
        ? attribute.references
        : {};
    const actions = ["on_delete", "on_update"]
      .filter((key) => reference[key])
      .map((key) => `, ${key.replace("_", " ")} ${reference[key]}`);
    fact(
      "references",
      linkTo(target.entity),
      target.attribute ? make("bdi", {}, `.${target.attribute}`) : null,
      actions.join(""),
    );
  }
  if (attribute.default !== undefined)
    fact("default", make("code", {}, attribute.default === "" ? '""' : attribute.default));
  if (attribute.check) fact("check", make("code", {}, attribute.check));
  if (attribute.validation) fact("must be", make("bdi", {}, attribute.validation));
  if (attribute.source) fact("from", make("bdi", {}, attribute.source));
  const named = enums.get(attribute.enum) || enums.get(attribute.type);
  const values = attribute.values || (named && named.values);
  if (values) facts.push(makeValues(values, named));
  const types = attribute.type || attribute.enum;
  return make(
    "li",
    { class: attribute.pk ? "primary" : null, "data-attribute": attribute.name },
    make(
      "div",
      { class: "line" },
      attribute.pk && pill("pk", "PK", "Primary key"),
      targets.length || attribute.references ? pill("fk", "FK", "Foreign key") : null,
      attribute.unique && pill("u", "U", "Unique"),
      make("bdi", { class: "name" }, attribute.name),
      attribute.index && pill("other", "index"),
      attribute.generated && pill("other", "generated"),
      attribute.sensitive &&
        pill(
          "warn",
          attribute.sensitive === "yes" ? "sensitive" : attribute.sensitive,
          "Sensitive data",
        ),
      (types || !attribute.required) &&
        make(
          "span",
          { class: "type", title: attribute.required ? null : "Optional" },
          types || "",
          attribute.required ? null : make("span", { "aria-label": "optional" }, "?"),
        ),
    ),
    facts,
  );
}

function makeValues(values, named) {
  return make(
    "div",
    {},
    make(
      "ul",
      { class: "values", "aria-label": "Values" },
      values.map((value) => make("li", { dir: "auto" }, value)),
    ),
    named && named.description && make("p", { class: "more", dir: "auto" }, named.description),
  );
}

function makeConstraints(entity) {
  const rows = [];
  const row = (words, value) =>
    rows.push(
      make(
        "li",
        {},
        make(
          "div",
          { class: "line" },
          make("span", {}, words),
          make("span", { class: "names" }, value),
        ),
      ),
    );
  const primary = (entity.attributes || []).filter((attribute) => attribute.pk);
  if (primary.length > 1) row("Primary key", primary.map((attribute) => attribute.name).join(", "));
  for (const names of entity.unique || []) row("Unique together", names.join(", "));
  for (const names of entity.indexes || []) row("Index", names.join(", "));
  for (const check of entity.checks || []) row("Check", check);
  return rows.length
    ? section("Constraints", rows.length, make("ul", { class: "rows" }, rows))
    : null;
}

// --- relationships ---------------------------------------------------------------------------

function makeTies(number) {
  const own = tiesOf[number].map((tie) => makeTie(tie.item, entities[number].name, tie));
  const away = outsideOf[number].map((item) => makeTie(item, entities[number].name, null));
  if (!own.length && !away.length) return null;
  return section(
    "Relationships",
    own.length + away.length,
    make("ul", { class: "rows ties" }, own, away),
  );
}

/** Return a relationship as it is seen from one of its ends. */
function makeTie(item, name, tie) {
  const here = item.left.entity === name ? item.left : item.right;
  const there = here === item.left ? item.right : item.left;
  const verb = here === item.left ? item.label || item.label_back : item.label_back || item.label;
  const back = here === item.left ? !item.label && item.label_back : !item.label_back && item.label;
  const key =
    item.key &&
    `${item.right.entity}.${(item.right.attributes || []).join(", ")} → ${item.left.entity}.${(item.left.attributes || []).join(", ")}`;
  const itself = item.left.entity === item.right.entity;
  const facts = [
    item.identifying && "identifying",
    item.on_delete && `on delete ${item.on_delete}`,
    item.on_update && `on update ${item.on_update}`,
    !tie && "not in this picture",
  ].filter(Boolean);
  return make(
    "li",
    { "data-tie": tie ? tie.number : null },
    makeFeet(here, there, item.key),
    make(
      "div",
      {},
      make("div", { class: "to" }, linkTo(there.entity), itself ? " (itself)" : ""),
      make("p", { class: "more" }, ...inSentence(here, there, itself)),
      verb &&
        make(
          "p",
          { class: "more", dir: "auto" },
          back ? `“${verb}” (read the other way)` : `“${verb}”`,
        ),
      key && make("p", { class: "more" }, make("bdi", {}, key)),
      item.through && make("p", { class: "more" }, "through ", linkTo(item.through)),
      facts.length ? make("p", { class: "more" }, facts.join(", ")) : null,
      item.description && make("p", { class: "more", dir: "auto" }, item.description),
    ),
  );
}

/** Return how many of each meet, as a sentence. */
function inSentence(here, there, itself) {
  if (itself) return [`${inWords(here)} to ${inWords(there)}`];
  const each = (from, to) => ["each ", nameOf(from), `: ${inWords(to)}`];
  return [...each(here, there), make("br"), ...each(there, here)];
}

/** Return a small drawing of both ends; the cardinalities stand beside it in words. */
function makeFeet(here, there, key) {
  const foot = (end, x, side) => {
    const far = x + side * 8;
    const many = end.maximum === null || end.maximum > 1;
    const marks = many ? `M${x} 5L${far} 10L${x} 15` : `M${x + side * 4} 5.5v9`;
    const at = x + side * (many ? 11 : 8);
    return [
      makeSvg("path", { d: marks }),
      end.minimum === 0
        ? makeSvg("circle", { cx: at, cy: 10, r: 2.8 })
        : makeSvg("path", { d: `M${at} 5.5v9` }),
    ];
  };
  return makeSvg(
    "svg",
    { viewBox: "0 0 40 20", "aria-hidden": "true" },
    makeSvg("path", { d: "M1 10h38", class: key ? null : "dashed" }),
    foot(here, 1, 1),
    foot(there, 39, -1),
  );
}

// --- the rest --------------------------------------------------------------------------------

function makeStates(entity) {
  const states = entity.states;
  if (!states) return null;
  const changes = states.transitions.map((change) =>
    make(
      "li",
      {},
      make(
        "div",
        { class: "line" },
        make("bdi", {}, `${change.from} → ${change.to}`),
        make("span", { class: "type", dir: "auto" }, change.trigger || ""),
      ),
    ),
  );
  const chip = (name) => {
    const role =
      name === states.initial
        ? " (initial)"
        : (states.final || []).includes(name)
          ? " (final)"
          : "";
    return make("li", { dir: "auto" }, name + role);
  };
  return section(
    "States",
    states.names.length,
    makeMachine(entity.name),
    make("ul", { class: "values" }, states.names.map(chip)),
    changes.length ? make("ul", { class: "rows" }, changes) : null,
  );
}

/** Return a copy of an entity's state diagram, in a box of its own that can be scrolled. */
function makeMachine(name) {
  const drawn = [...byId("machines").children].find((item) => item.dataset.entity === name);
  if (!drawn) return null;
  const svg = drawn.querySelector("svg").cloneNode(true);
  const least = Math.round(svg.width.baseVal.value * 0.7);
  svg.style.minWidth = `${least}px`;
  return make("div", { class: "machine", tabindex: "0", role: "group", "aria-label": "State diagram" }, svg);
}

function makeDocumentation(entity) {
  const parts = Object.entries(entity.documentation || {});
  return parts.map(([key, value]) => section(inTitle(key), 0, makeValue(value)));
}

const inTitle = (key) => key.charAt(0).toUpperCase() + key.slice(1).replaceAll("_", " ");

/** Return a documentation key's value: a text, a list or a mapping, as it stood in the model. */
function makeValue(value) {
  if (Array.isArray(value))
    return make(
      "ul",
      { class: "text" },
      value.map((item) => make("li", { dir: "auto" }, makeValue(item))),
    );
  if (value && typeof value === "object") {
    return make(
      "dl",
      {},
      Object.entries(value).flatMap(([key, item]) => [
        make("dt", { dir: "auto" }, key),
        make("dd", { dir: "auto" }, makeValue(item)),
      ]),
    );
  }
  return make("span", { dir: "auto" }, String(value));
}
