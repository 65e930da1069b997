// Focus: an entity's neighbourhood alone, in columns by distance, drawn from the picture's own
// cards and end marks: what the entity points at stands to its left, what points at it to its right.

const APART = { x: 130, y: 34 };
const STUB = 24;
let focused = null;

/** Return where a card stands now. */
function placeOf(number) {
  const card = picture.cards[number];
  const moved = focused && focused.places.get(number);
  return moved ? { ...card, x: moved.x, y: moved.y } : card;
}

/** Show only what is up to `depth` relationships away from an entity. */
function enterFocus(root, depth) {
  leaveFocus();
  const columns = reach(root, depth);
  const slots = standInSlots(root, columns);
  focused = { places: new Map(), moved: [], middle: 0 };
  slots.forEach((slot) =>
    slot.cards.forEach((at) => focused.places.set(at.number, { ...at, slot: slot.index })),
  );
  focused.middle = focused.places.get(root).slot;
  for (const card of picture.cards) {
    const at = focused.places.get(card.number);
    card.node.classList.toggle("away", !at);
    if (at) move(card.node, `translate(${at.x - card.x} ${at.y - card.y})`);
  }
  for (const { node, number } of picture.references) {
    const [card, at] = [picture.cards[number], focused.places.get(number)];
    node.classList.toggle("away", !at);
    if (at) move(node, `translate(${at.x - card.x} ${at.y - card.y})`);
  }
  for (const node of picture.svg.querySelectorAll(".group, .legend, .headline"))
    node.classList.add("away");
  const within = picture.lines.filter(
    ({ tie }) => tie && focused.places.has(tie.left) && focused.places.has(tie.right),
  );
  for (const line of picture.lines) line.node.classList.add("away");
  // once to learn how many trunks share a gap, once to draw them
  for (const line of within) routeLine(line, slots);
  for (const line of within) {
    line.node.classList.remove("away");
    bendLine(line, routeLine(line, slots));
  }
  picture.svg.classList.add("focused");
  picture.bounds = boundsOf(slots);
}

/** Show the whole picture as it was laid out. */
function leaveFocus() {
  if (!focused) return;
  for (const { node, name, value } of focused.moved.reverse()) {
    if (value === null) node.removeAttribute(name);
    else node.setAttribute(name, value);
  }
  for (const node of picture.svg.querySelectorAll(".away")) node.classList.remove("away");
  picture.svg.classList.remove("focused");
  picture.bounds = { x: 0, y: 0, width: picture.width, height: picture.height };
  focused = null;
}

function move(node, value, name = "transform") {
  focused.moved.push({ node, name, value: node.getAttribute(name) });
  node.setAttribute(name, value);
}

// --- places ----------------------------------------------------------------------------------

/** Return the columns from left to right with the cards' places.
 *
 * Long columns are folded as often as lets the whole be shown largest; unfolded is best read.
 */
function standInSlots(root, columns) {
  let best = null;
  for (let folds = 1; folds <= 8; folds += 1) {
    const slots = standFolded(root, columns, folds);
    const scale = fitScale(boundsOf(slots));
    if (!best || scale > best.scale * 1.15) best = { slots, scale };
    if (scale === 1) break;
  }
  return best.slots;
}

/** Return the columns with none higher than a part of the highest. */
function standFolded(root, columns, folds) {
  const members = new Map();
  for (const [number, column] of columns)
    members.set(column, [...(members.get(column) || []), number]);
  const most = Math.max(...[...members.values()].map(heightOf)) / folds;
  const last = Math.max(...[...columns.values()].map(Math.abs));
  const apart = APART.x + widestLabel(columns);
  const middles = new Map();
  const middle = stack([root], middles);
  const sides = { [-1]: [], 1: [] };
  for (let distance = 1; distance <= last; distance += 1) {
    for (const side of [-1, 1]) {
      const part = members.get(side * distance) || [];
      const wanted = new Map(
        part.map((number) => [number, wantedHeight(number, columns, middles)]),
      );
      const old = (number) => picture.cards[number].y;
      part.sort(
        (one, other) => wanted.get(one) - wanted.get(other) || old(one) - old(other) || one - other,
      );
      for (const fold of foldColumn(part, most)) sides[side].push(stack(fold, middles));
    }
  }
  const slots = [...sides[-1].reverse(), middle, ...sides[1]];
  let x = 0;
  slots.forEach((slot, index) => {
    slot.index = index;
    x += Math.max(...slot.cards.map((card) => card.wings.left));
    slot.x = x;
    const isLeft = index < slots.indexOf(middle);
    for (const at of slot.cards) at.x = isLeft ? x + slot.width - at.width : x;
    x += slot.width + Math.max(...slot.cards.map((card) => card.wings.right)) + apart;
  });
  return slots;
}

/** Return the room that the words beside the lines between these entities need. */
function widestLabel(columns) {
  const shown = picture.lines.filter(
    ({ tie }) => tie && columns.has(tie.left) && columns.has(tie.right),
  );
  const labels = shown.flatMap(({ node }) => [...node.querySelectorAll("text.label")]);
  return Math.max(0, ...labels.map((node) => Number(node.getAttribute("textLength")) || 0));
}

const heightOf = (members) =>
  members.reduce((sum, number) => sum + picture.cards[number].height + APART.y, 0);

/** Return the height at which a card would like to stand: that of what it is tied to further in. */
function wantedHeight(number, columns, middles) {
  const near = Math.abs(columns.get(number)) - 1;
  const heights = [];
  for (const tie of tiesOf[number]) {
    const inner = otherEnd(tie, number);
    if (Math.abs(columns.get(inner) ?? 99) !== near || !middles.has(inner)) continue;
    heights.push(middles.get(inner) + rowHeight(tie, inner));
  }
  return heights.length ? heights.reduce((sum, height) => sum + height, 0) / heights.length : 0;
}

/** Return how far from a card's middle a relationship meets it. */
function rowHeight(tie, number) {
  const [line] = picture.linesOf.get(tie.number) || [];
  if (!line || tie.left === tie.right) return 0;
  const { first, final } = endsOf(line);
  const card = picture.cards[number];
  return levelOf(tie.left === number ? first : final, card) - card.height / 2;
}

function foldColumn(members, most) {
  const whole = heightOf(members);
  const count = Math.ceil(whole / most - 0.01);
  const parts = [];
  let used = 0;
  for (const number of members) {
    const high = heightOf([number]);
    if (!parts.length || (used + high / 2 > whole / count && parts.length < count)) {
      parts.push([]);
      used = 0;
    }
    parts[parts.length - 1].push(number);
    used += high;
  }
  return parts;
}

function stack(members, middles) {
  const cards = members.map((number) => ({ ...picture.cards[number], number }));
  const high = cards.reduce((sum, card) => sum + card.height + APART.y, -APART.y);
  let y = -high / 2;
  for (const card of cards) {
    card.y = y;
    middles.set(card.number, y + card.height / 2);
    y += card.height + APART.y;
  }
  // lines that pass a column take the gaps between its cards
  const heights = [
    -high / 2 - APART.y / 2,
    ...cards.map((card) => card.y + card.height + APART.y / 2),
  ];
  const gaps = heights.map((at, index) => ({
    y: at,
    edge: index === 0 ? -1 : index === cards.length ? 1 : 0,
    trunks: new Map(),
  }));
  const width = Math.max(...cards.map((card) => card.width));
  return { cards, gaps, tracks: new Map(), width };
}

function boundsOf(slots) {
  const cards = slots.flatMap((slot) => slot.cards);
  const left = Math.min(...cards.map((card) => card.x - card.wings.left)) - 80;
  // lines run above and below the columns too
  const [above, below] = [0, -1].map(
    (at) => Math.max(...slots.map((slot) => slot.gaps.at(at).trunks.size)) * 5,
  );
  const top = Math.min(...cards.map((card) => card.y)) - 40 - above;
  const right = Math.max(...cards.map((card) => card.x + card.width + card.wings.right)) + 80;
  const bottom = Math.max(...cards.map((card) => card.y + card.height)) + 40 + below;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

// --- lines -----------------------------------------------------------------------------------

/** Return where a line of the picture begins and ends, and to which sides it leaves.
 *
 * Bare cards' lines may leave at the top (`down` is -1) or the bottom (1).
 */
function endsOf(line) {
  if (!line.ends) {
    const drawn = line.node.querySelector(".line");
    const numbers = (drawn.getAttribute("d").match(/-?[\d.]+/g) || []).map(Number);
    const point = (at) => ({ x: numbers[at], y: numbers[at + 1] });
    const [first, second] = [point(0), point(2)];
    const [before, final] = [point(numbers.length - 4), point(numbers.length - 2)];
    const end = (at, next) => ({
      ...at,
      side: Math.sign(next.x - at.x) || 1,
      down: next.x === at.x ? Math.sign(next.y - at.y) : 0,
    });
    line.ends = { first: end(first, second), final: end(final, before) };
  }
  return line.ends;
}

/** Return where a line runs between the places where its cards stand now; null for a loop. */
function routeLine(line, slots) {
  const { tie } = line;
  if (tie.left === tie.right) return null;
  const [left, right] = [focused.places.get(tie.left), focused.places.get(tie.right)];
  const outward = left.slot < focused.middle ? -1 : 1;
  const way = Math.sign(right.slot - left.slot);
  const ends = endsOf(line);
  const first = endAt(ends.first, left, way || outward);
  const final = endAt(ends.final, right, -way || outward);
  const path = way
    ? passColumns(first, final, left.slot, right.slot, slots, `${trunkOf(tie)}\n${first.y}`)
    : turnBack(first, final, outward, slots[left.slot]);
  return { first, final, path };
}

/** Draw a line anew; a loop goes with its card. */
function bendLine(line, route) {
  if (!route) {
    const [card, at] = [picture.cards[line.tie.left], focused.places.get(line.tie.left)];
    move(line.node, `translate(${at.x - card.x} ${at.y - card.y})`);
    return;
  }
  const { first, final, path } = route;
  const ends = endsOf(line);
  for (const node of line.node.querySelectorAll(".line, .inner, .hit")) move(node, path, "d");
  for (const node of line.node.querySelectorAll(".mark")) {
    const [x, y] = (node.getAttribute("d").match(/-?[\d.]+/g) || [0, 0]).map(Number);
    const [old, now] = nearer({ x, y }, ends) ? [ends.first, first] : [ends.final, final];
    const mirrored = old.side === now.side ? "" : " scale(-1 1)";
    const turn = old.down ? ` rotate(${-90 * old.down * now.side})` : mirrored;
    move(node, `translate(${now.x} ${now.y})${turn} translate(${-old.x} ${-old.y})`);
  }
  for (const node of line.node.querySelectorAll("text")) moveWords(node, ends, first, final, line);
}

/** Return what the lines that may share a trunk have in common: the key that they point at. */
const trunkOf = ({ item, number, left }) =>
  item.key ? [left, ...(item.left.attributes || [])].join("\n") : `tie ${number}`;

/** Return how far below a card's top a line meets its side. */
function levelOf(end, card) {
  if (!end.down) return end.y - card.y;
  // what stood beside one another stands above one another
  const room = card.height / 2 - 5;
  const beside = end.x - card.x - card.width / 2;
  return card.height / 2 + Math.max(-room, Math.min(room, beside));
}

const nearer = ({ x, y }, { first, final }) =>
  Math.hypot(x - first.x, y - first.y) <= Math.hypot(x - final.x, y - final.y);

function endAt(end, place, side) {
  const card = picture.cards[place.number];
  return { x: side > 0 ? place.x + card.width : place.x, y: place.y + levelOf(end, card), side };
}

function moveWords(node, ends, first, final, line) {
  const at = { x: Number(node.getAttribute("x")), y: Number(node.getAttribute("y")) };
  if (!node.classList.contains("end")) {
    const path = line.node.querySelector(".line");
    const middle = path.getPointAtLength(path.getTotalLength() / 2);
    move(node, `translate(${middle.x - at.x} ${middle.y + 4 - at.y})`);
    move(node, "middle", "text-anchor");
    return;
  }
  const [old, now] = nearer(at, ends) ? [ends.first, first] : [ends.final, final];
  const away = Math.abs(at.x - old.x) * now.side;
  move(node, `translate(${now.x + away - at.x} ${now.y - old.y})`);
  move(node, now.side > 0 ? "start" : "end", "text-anchor");
}

/** Return how far from a gap's middle a trunk runs: lines of one key together, others beside it. */
function besides(gap, trunk) {
  const order = gap.trunks.get(trunk) ?? gap.trunks.size;
  gap.trunks.set(trunk, order);
  // above and below a column there is room without end
  if (gap.edge) return gap.edge * order * 5;
  const step = Math.min(5, (APART.y - 10) / gap.trunks.size);
  return (order % 2 ? 1 : -1) * Math.ceil(order / 2) * step;
}

/** Return the path between two columns, through the gaps of those that stand between them. */
function passColumns(first, final, from, to, slots, trunk) {
  const way = Math.sign(to - from);
  // straight past the wider cards of the own column
  const edge = (index, side) =>
    (side > 0 ? slots[index].x + slots[index].width : slots[index].x) + side * STUB;
  let at = { x: edge(from, way), y: first.y };
  const steps = [`M${first.x} ${first.y}L${at.x} ${at.y}`];
  const step = (x, y, index) => {
    steps.push(turnAt(at, trackOf(trunk, at, { x, y }, slots, index), { x, y }));
    at = { x, y };
  };
  for (let index = from + way; index !== to; index += way) {
    const slot = slots[index];
    const [near, far] = way > 0 ? [slot.x, slot.x + slot.width] : [slot.x + slot.width, slot.x];
    const share = (near - first.x) / (final.x - first.x);
    const y = first.y + (final.y - first.y) * share;
    const gap = slot.gaps.reduce((best, item) =>
      Math.abs(item.y - y) < Math.abs(best.y - y) ? item : best,
    );
    step(near - way * 12, gap.y + besides(gap, trunk), way > 0 ? index - 1 : index);
    steps.push(`L${far + way * 12} ${at.y}`);
    at.x = far + way * 12;
  }
  step(edge(to, -way), final.y, way > 0 ? to - 1 : to);
  steps.push(`L${final.x} ${final.y}`);
  return steps.join("");
}

/** Return the path between two cards of one column, round the outer side of those between. */
function turnBack(first, final, side, slot) {
  const [top, bottom] = [Math.min(first.y, final.y), Math.max(first.y, final.y)];
  const between = slot.cards.filter((card) => card.y < bottom && card.y + card.height > top);
  const edges = between.map((card) => (side > 0 ? card.x + card.width : -card.x));
  const out = Math.max(...edges) * side + side * STUB;
  const x = out + side * (10 + Math.min(40, (bottom - top) * 0.08));
  return `M${first.x} ${first.y}${turnAt(first, x, final)}`;
}

/** Return where lines of a key run upright between a column and the next one to its right.
 *
 * Those that go up are ordered by where they come from, and so are, the other way round, those that
 * go down: neither cross one another.
 */
function trackOf(trunk, one, other, slots, index) {
  const slot = slots[index];
  const [left, right] = one.x < other.x ? [one, other] : [other, one];
  if (!slot.tracks.has(trunk)) {
    const up = right.y < left.y;
    slot.tracks.set(trunk, up ? [0, left.y, right.y] : [1, -left.y, -right.y]);
  }
  const order = [...slot.tracks].sort(([, a], [, b]) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  const [from, to] = [slot.x + slot.width, slots[index + 1].x];
  const step = Math.min(10, (to - from - 2 * STUB) / order.length);
  const at = order.findIndex(([name]) => name === trunk);
  return (from + to) / 2 + (at - (order.length - 1) / 2) * step;
}

/** Return the path from one point level to an x, upright, and level to the other. */
function turnAt(one, x, other) {
  const high = other.y - one.y;
  if (Math.abs(high) < 1) return `L${other.x} ${other.y}`;
  const [before, after] = [Math.sign(x - one.x), Math.sign(other.x - x)];
  const round = Math.min(8, Math.abs(high) / 2, Math.abs(x - one.x), Math.abs(other.x - x));
  const way = Math.sign(high) * round;
  return (
    `L${x - before * round} ${one.y}Q${x} ${one.y} ${x} ${one.y + way}` +
    `L${x} ${other.y - way}Q${x} ${other.y} ${x + after * round} ${other.y}L${other.x} ${other.y}`
  );
}
