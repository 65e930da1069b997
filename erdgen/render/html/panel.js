// The panel: the search, the list of entities and what of them was found, or an entity's page.

const panel = byId("panel");
const search = byId("search");
const list = byId("list");
let options = [];
let active = -1;

// --- finding ---------------------------------------------------------------------------------

const wordsOf = (query) =>
  query
    .toLowerCase()
    .split(/[\s.]+/)
    .filter(Boolean);

/** Return what fits the words of a query: entities with the attributes that were meant.
 *
 * An attribute is meant where all words are in its name, or where they are in what is said about
 * it and its entity and one at least is about the attribute itself (`order.customer`).
 */
function find(query) {
  const words = wordsOf(query);
  const holds = (texts, word) => texts.some((text) => (text || "").toLowerCase().includes(word));
  const fits = (...texts) => words.every((word) => holds(texts, word));
  const found = [];
  entities.forEach((entity, number) => {
    const named = fits(entity.name, entity.table);
    const isMeant = ({ name, type, description }) => {
      const said = [name, type, description];
      if (named) return fits(name);
      return fits(...said, entity.name) && words.some((word) => holds(said, word));
    };
    const attributes = (entity.attributes || []).filter(isMeant);
    if (named || attributes.length || fits(entity.name, entity.table, entity.description)) {
      const name = entity.name.toLowerCase();
      const rank = !named ? 3 : name === words[0] ? 0 : name.startsWith(words[0]) ? 1 : 2;
      found.push({ number, attributes, rank });
    }
  });
  return found.sort((one, other) => one.rank - other.rank || one.number - other.number);
}

/** Return a text with the words of the query marked. */
function marked(text, query) {
  const words = wordsOf(query);
  const lower = text.toLowerCase();
  const parts = [];
  // letters whose small form has another length would shift the places
  const at =
    lower.length === text.length
      ? words.map((word) => [lower.indexOf(word), word.length]).filter(([start]) => start >= 0)
      : [];
  let done = 0;
  for (const [start, length] of at.sort((one, other) => one[0] - other[0])) {
    if (start < done) continue;
    parts.push(text.slice(done, start), make("mark", {}, text.slice(start, start + length)));
    done = start + length;
  }
  return [...parts, text.slice(done)];
}

// --- the list --------------------------------------------------------------------------------

/** Fill the list: all entities by group, or what was found. */
function fillList() {
  const query = search.value.trim();
  options = [];
  active = -1;
  const parts = query ? listFound(query) : listGroups();
  list.replaceChildren(...parts);
  search.removeAttribute("aria-activedescendant");
  list.removeAttribute("aria-activedescendant");
  markSelected();
}

function listGroups() {
  const numbers = [...entities.keys()];
  const membersOf = (group) => numbers.filter((number) => entities[number].group === group.name);
  const parts = groups.map((group) => ({ group, members: membersOf(group) }));
  const grouped = new Set(parts.flatMap(({ members }) => members));
  const without = numbers.filter((number) => !grouped.has(number));
  const shown = parts.filter(({ members }) => members.length);
  byId("found").textContent = "";
  if (!shown.length) return without.map((number) => makeOption(number));
  if (without.length)
    shown.push({ group: { name: "", title: "Without a group" }, members: without });
  return shown.map(({ group, members }) =>
    make(
      "div",
      { role: "group", "aria-label": group.title || group.name },
      make(
        "h2",
        { role: "presentation", title: group.description || null },
        makeDot(members[0]),
        make("bdi", {}, group.title || group.name),
      ),
      members.map((number) => makeOption(number)),
    ),
  );
}

function listFound(query) {
  const found = find(query);
  const attributes = found.reduce((sum, item) => sum + item.attributes.length, 0);
  byId("found").textContent = found.length
    ? `${plural(found.length, "entity", "entities")}${attributes ? `, ${plural(attributes, "attribute", "attributes")}` : ""} found`
    : "Nothing found";
  return found.flatMap(({ number, attributes: inner }) => [
    makeOption(number, "", query),
    ...inner.map((attribute) => makeOption(number, attribute, query)),
  ]);
}

function makeOption(number, attribute = null, query = "") {
  const id = `option-${options.length}`;
  const target = { number, attribute: attribute ? attribute.name : "" };
  const node = make(
    "div",
    {
      role: "option",
      id,
      class: attribute ? "option inner" : "option",
      "aria-selected": "false",
      "data-entity": number,
      onclick: () => choose(target),
    },
    make(
      "bdi",
      {},
      query ? marked(target.attribute || entities[number].name, query) : entities[number].name,
    ),
    attribute
      ? attribute.type && make("span", { class: "type" }, attribute.type)
      : make(
          "span",
          { class: "of", "aria-hidden": "true" },
          String((entities[number].attributes || []).length || ""),
        ),
  );
  options.push({ node, ...target });
  return node;
}

/** Make an option the active one. */
function activate(at) {
  if (!options.length) return;
  if (options[active]) options[active].node.setAttribute("aria-selected", "false");
  active = (at + options.length) % options.length;
  const { node, number } = options[active];
  node.setAttribute("aria-selected", "true");
  node.scrollIntoView({ block: "nearest" });
  search.setAttribute("aria-activedescendant", node.id);
  list.setAttribute("aria-activedescendant", node.id);
  light(neighbourhood(number));
}

function markSelected() {
  const at = options.findIndex((option) => option.number === state.entity && !option.attribute);
  if (at >= 0 && !search.value) {
    options[at].node.setAttribute("aria-selected", "true");
    active = at;
  }
}

function choose({ number, attribute }) {
  search.value = "";
  go({ entity: number }, { attribute, show: true, enter: true });
}

function onListKey(event) {
  const moves = { ArrowDown: active + 1, ArrowUp: active < 0 ? -1 : active - 1 };
  if (event.target === list) Object.assign(moves, { Home: 0, End: -1 });
  if (event.key in moves) {
    activate(moves[event.key]);
  } else if (event.key === "Enter" || (event.key === " " && event.target === list)) {
    const option = options[active] || (search.value ? options[0] : null);
    if (!option) return;
    choose(option);
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

search.addEventListener("keydown", onListKey);
list.addEventListener("keydown", onListKey);
search.addEventListener("input", () => showPanel());
list.addEventListener("focus", () => {
  if (active < 0 && list.matches(":focus-visible")) activate(0);
});
list.addEventListener("blur", () => light(resting()));

/** Return what is lit while nothing is pointed at: what was found. */
function resting() {
  const query = search.value.trim();
  if (!query) return null;
  const found = find(query);
  if (!found.length) return null;
  const rows = found.flatMap(({ number, attributes }) =>
    attributes.map((attribute) => [number, attribute.name]),
  );
  return { entities: new Set(found.map(({ number }) => number)), found: rows };
}

// --- list or page ----------------------------------------------------------------------------

/** Show what the panel has to show now. */
function showPanel({ attribute = "", enter = false } = {}) {
  const listed = state.entity < 0 || search.value.trim() !== "";
  const place = byId("entity");
  list.hidden = !listed;
  place.hidden = listed;
  search.setAttribute("aria-expanded", String(listed));
  if (listed) {
    fillList();
  } else {
    byId("found").textContent = "";
    const back = make(
      "button",
      {
        type: "button",
        class: "plain quiet",
        id: "back",
        onclick: () => go({ entity: -1, depth: 0 }, { back: true }),
      },
      makeIcon("M12 5l-5 5 5 5"),
      "All entities",
    );
    const near = make(
      "button",
      {
        type: "button",
        class: "plain",
        id: "focus-here",
        onclick: () => go({ depth: state.depth ? 0 : 1 }),
      },
      state.depth ? "Leave focus" : "Focus",
    );
    place.replaceChildren(make("div", { class: "way" }, back, near), makePage(state.entity));
    place.setAttribute("aria-label", entities[state.entity].name);
    place.scrollTop = 0;
    const row =
      attribute &&
      [...place.querySelectorAll("[data-attribute]")].find(
        (node) => node.dataset.attribute === attribute,
      );
    if (row) {
      row.classList.add("target");
      row.scrollIntoView({ block: "center" });
    }
    if (enter) place.focus({ preventScroll: true });
  }
  light(resting());
}

// what the panel names is lit in the picture
panel.addEventListener("pointerover", (event) => {
  const node = event.target.closest("[data-tie], [data-entity]");
  if (!node) light(resting());
  else if (node.dataset.tie) light(bothEnds(ties[Number(node.dataset.tie)]));
  else light(neighbourhood(Number(node.dataset.entity)));
});
panel.addEventListener("pointerleave", () => light(resting()));
