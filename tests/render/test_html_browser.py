"""The page in a real browser: mouse, fingers, keyboard, dark mode, search, focus, print, size."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from erdgen.model.selection import select
from erdgen.read import read_text
from erdgen.render import render
from erdgen.render.options import Options
from tests.render.test_html import WORST
from tests.support import browser
from tests.support.models import make_model
from tests.support.paths import SAMPLES

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

SHOP = (SAMPLES / "webshop.yaml").read_text("utf-8")
LARGE = make_model(3, 300, groups=6)
KEYS = {
    "Tab": "\ue004",
    "Enter": "\ue007",
    "Escape": "\ue00c",
    "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
}


@pytest.fixture(scope="module")
def chrome() -> Iterator[Chrome]:
    started = browser.start()
    if started is None:
        pytest.skip("Chromium, chromedriver or selenium is not installed")
    yield started
    started.quit()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    folder = tmp_path_factory.mktemp("pages")
    written: dict[tuple[str, Options], Path] = {}

    def write(model: str, options: Options | None = None) -> Path:
        options = options or Options()
        key = (model, options)
        if key not in written:
            written[key] = folder / f"page{len(written)}.html"
            written[key].write_bytes(render(read_text(model).graph, "html", options).data)
        return written[key]

    return write


class Visit:
    """A page that is open in the browser, and what a reader does with it."""

    def __init__(self, chrome: Chrome) -> None:
        self.chrome = chrome

    def run(self, script: str, *arguments: Any) -> Any:
        return self.chrome.execute_script(script, *arguments)

    def settle(self) -> None:
        """Wait until what was asked for is shown."""
        wait = "const done = arguments[0];"
        wait += "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 30)));"
        self.chrome.execute_async_script(wait)

    def press(self, *keys: str) -> None:
        from selenium.webdriver import ActionChains

        for key in keys:
            ActionChains(self.chrome).send_keys(KEYS.get(key, key)).perform()
        self.settle()

    def mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        browser.command(self.chrome, "Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def hover(self, x: float, y: float) -> None:
        self.mouse("mouseMoved", x, y)
        self.settle()

    def click(self, x: float, y: float, count: int = 1) -> None:
        self.mouse("mouseMoved", x, y)
        for number in range(1, count + 1):
            for kind in ("mousePressed", "mouseReleased"):
                self.mouse(kind, x, y, button="left", clickCount=number)
        self.settle()

    def drag(self, x: float, y: float, dx: float, dy: float) -> None:
        self.mouse("mouseMoved", x, y)
        self.mouse("mousePressed", x, y, button="left", clickCount=1)
        for step in range(1, 6):
            self.mouse("mouseMoved", x + dx * step / 5, y + dy * step / 5, button="left", buttons=1)
        self.mouse("mouseReleased", x + dx, y + dy, button="left", clickCount=1)
        self.settle()

    def push(self, selector: str) -> None:
        """Click on an element of the page around the picture."""
        self.click(*self.middle(selector))

    def middle(self, selector: str) -> tuple[float, float]:
        box = self.box(selector)
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def box(self, selector: str) -> dict[str, float]:
        script = "return document.querySelector(arguments[0]).getBoundingClientRect().toJSON()"
        found: dict[str, float] = self.run(script, selector)
        return found

    def header(self, name: str) -> tuple[float, float]:
        """Return a point on an entity's header in the picture that is shown."""
        x, y, width = self.run(
            "const g = [...document.querySelectorAll('.picture:not([hidden]) .entity')]"
            ".find(node => node.dataset.name === arguments[0]);"
            "const b = g.querySelector('.header').getBoundingClientRect();"
            "return [b.x, b.y + b.height / 2, b.width]",
            name,
        )
        return x + width / 2, y

    def names(self, selector: str) -> set[str]:
        """Return the names of the entities of the shown picture that a selector fits."""
        script = (
            "return [...document.querySelectorAll(`.picture:not([hidden]) .entity${arguments[0]}`)]"
            ".map(node => node.dataset.name)"
        )
        return set(self.run(script, selector))

    def text(self, selector: str) -> str:
        return str(self.run("return document.querySelector(arguments[0]).innerText", selector))

    def texts(self, selector: str) -> list[str]:
        script = "return [...document.querySelectorAll(arguments[0])].map(node => node.innerText)"
        found: list[str] = self.run(script, selector)
        return found

    def hash(self) -> str:
        return str(self.run("return location.hash"))

    def picture(self) -> dict[str, float]:
        return self.box(".picture:not([hidden]) > svg")

    def scale(self) -> float:
        width = "return document.querySelector('.picture:not([hidden]) > svg').clientWidth"
        return self.picture()["width"] / float(self.run(width))


@pytest.fixture
def visit(chrome: Chrome, pages: Callable[..., Path]) -> Iterator[Callable[..., Visit]]:
    def open_page(
        model: str = SHOP,
        address: str = "",
        *,
        dark: bool = False,
        size: tuple[int, int] = (1600, 1000),
        **options: Any,
    ) -> Visit:
        browser.set_size(chrome, *size)
        look = "dark" if dark else "light"
        browser.set_media(chrome, prefers_color_scheme=look, prefers_reduced_motion="reduce")
        browser.visit(chrome, pages(model, Options(**options)), address)
        opened = Visit(chrome)
        opened.run("try { localStorage.clear() } catch {}")
        opened.mouse("mouseMoved", 1, 1)
        opened.settle()
        return opened

    yield open_page
    # whatever a test does: the page is at peace with its policy and its console
    assert browser.complaints(chrome) == []


# --- at peace ------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [SHOP, WORST, make_model(5, 40, nasty=True, groups=3)])
def test_nothing_is_asked_for_and_nothing_complained_about(
    visit: Callable[..., Visit], pages: Callable[..., Path], chrome: Chrome, model: str
) -> None:
    shown = visit(model)
    for key in ("1", "2", "3", "/", "Escape", "t", "t"):
        shown.press(key)
    assert set(browser.requests(chrome)) == {pages(model).as_uri()}
    assert browser.complaints(chrome) == []


def test_the_policy_stops_whatever_is_not_the_pages_own(
    visit: Callable[..., Visit], chrome: Chrome
) -> None:
    shown = visit()
    pwned, broken = shown.chrome.execute_async_script(
        """
        const [done] = arguments;
        const broken = [];
        const attempt = (what, act) => { try { act() } catch { broken.push(what) } };
        window.pwned = 0;
        document.addEventListener('securitypolicyviolation',
          (event) => broken.push(event.effectiveDirective));
        const image = new Image();
        image.src = 'https://example.com/x.png';
        document.body.setAttribute('style', 'color: red');
        attempt('handler', () => document.body.setAttribute('on' + 'click', 'pwned = 1'));
        attempt('markup', () => { document.body.innerHTML += '<b>x</b>' });
        attempt('script', () => {
          const script = document.createElement('script');
          script.text = 'pwned = 1';
          document.body.append(script);
        });
        document.body.click();
        setTimeout(() => done([window.pwned, broken]), 200);
        """
    )
    assert pwned == 0
    assert {"img-src", "style-src-attr", "handler", "markup", "script"} <= set(broken)
    # all of that was complained about, as it should be
    assert browser.complaints(chrome)


def test_the_worst_names_are_shown_as_they_are(visit: Callable[..., Visit]) -> None:
    shown = visit(WORST)
    names = [entity.name for entity in read_text(WORST).graph.model.entities]
    assert shown.texts("#list .option bdi") == names
    assert shown.names("") == set(names)
    for number, name in enumerate(names):
        shown.run("document.querySelectorAll('#list .option')[arguments[0]].click()", number)
        shown.settle()
        assert shown.text("#entity h2") == name
        assert shown.names(".selected") == {name}
        address = shown.hash()
        again = visit(WORST, address)
        assert again.text("#entity h2") == name
        again.push("#back")
        shown = again


# --- moving about --------------------------------------------------------------------------------


def test_all_of_the_picture_is_in_the_window_at_first(visit: Callable[..., Visit]) -> None:
    for model in (SHOP, LARGE):
        shown = visit(model)
        canvas, picture = shown.box("#canvas"), shown.picture()
        assert canvas["left"] <= picture["left"]
        assert picture["right"] <= canvas["right"]
        assert canvas["top"] <= picture["top"]
        assert picture["bottom"] <= canvas["bottom"]


def test_no_card_lies_under_the_buttons_at_first(
    visit: Callable[..., Visit], chrome: Chrome
) -> None:
    alone = "".join(f"  Alone{n}: {{attributes: {{id: int pk, a: text}}}}\n" for n in range(80))
    shown = visit(f"entities:\n{alone}")
    near = 0
    for height in range(500, 1000, 50):
        browser.set_size(chrome, 1600, height)
        # the page follows a new size a frame later
        shown.settle()
        shown.run("document.querySelector('#zoom-fit').click()")
        shown.settle()
        buttons = shown.box(".zoom")
        bottoms = shown.run(
            "return [...document.querySelectorAll('.picture:not([hidden]) .entity')]"
            ".map(node => node.getBoundingClientRect())"
            ".filter(box => box.right > arguments[0]).map(box => box.bottom)",
            buttons["x"],
        )
        near += len(bottoms)
        assert all(bottom <= buttons["y"] + 0.5 for bottom in bottoms)
    assert near


def test_the_wheel_zooms_around_the_pointer(visit: Callable[..., Visit]) -> None:
    shown = visit()
    x, y = shown.header("Order")
    before = shown.scale()
    shown.mouse("mouseWheel", x, y, deltaX=0, deltaY=-240)
    shown.settle()
    assert shown.scale() > before * 1.2
    assert shown.header("Order") == pytest.approx((x, y), abs=1)
    shown.mouse("mouseWheel", x, y, deltaX=0, deltaY=240)
    shown.settle()
    assert shown.scale() == pytest.approx(before, rel=0.01)


def test_two_fingers_pinch_and_one_moves(visit: Callable[..., Visit], chrome: Chrome) -> None:
    shown = visit()
    x, y = shown.header("Order")
    before = shown.scale()

    def touch(kind: str, *points: tuple[float, float]) -> None:
        fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        browser.command(chrome, "Input.dispatchTouchEvent", type=kind, touchPoints=fingers)

    touch("touchStart", (x - 40, y), (x + 40, y))
    for step in (10, 20, 30, 40):
        touch("touchMove", (x - 40 - step, y), (x + 40 + step, y))
    touch("touchEnd")
    shown.settle()
    assert shown.scale() == pytest.approx(before * 2, rel=0.1)
    assert shown.header("Order") == pytest.approx((x, y), abs=4)
    touch("touchStart", (x, y))
    for step in (15, 30, 45, 60):
        touch("touchMove", (x + step, y + step))
    touch("touchEnd")
    shown.settle()
    now = shown.header("Order")
    assert now[0] - x == pytest.approx(60, abs=20)
    assert now[1] - y == pytest.approx(60, abs=20)


def test_dragging_moves_and_chooses_nothing(visit: Callable[..., Visit]) -> None:
    shown = visit()
    x, y = shown.header("Order")
    shown.drag(x, y, 120, -70)
    assert shown.header("Order") == pytest.approx((x + 120, y - 70), abs=1)
    assert shown.names(".selected") == set()
    assert shown.hash() == ""


def test_keys_zoom_move_and_fit(visit: Callable[..., Visit]) -> None:
    shown = visit()
    first, scale = shown.picture(), shown.scale()
    shown.press("+")
    assert shown.scale() > scale * 1.1
    shown.press("-", "-")
    assert shown.scale() < scale * 0.9
    shown.press("0")
    assert shown.picture() == pytest.approx(first, abs=0.5)
    for key, dx, dy in (
        ("ArrowLeft", 80, 0),
        ("ArrowRight", -80, 0),
        ("ArrowUp", 0, 80),
        ("ArrowDown", 0, -80),
    ):
        before = shown.picture()
        shown.press(key)
        now = shown.picture()
        assert (now["x"] - before["x"], now["y"] - before["y"]) == pytest.approx((dx, dy), abs=0.5)


def test_buttons_zoom(visit: Callable[..., Visit]) -> None:
    shown = visit()
    fitted = shown.scale()
    shown.push("#zoom-in")
    assert shown.scale() > fitted
    shown.push("#zoom-one")
    assert shown.scale() == pytest.approx(1)
    assert shown.text("#percent") == "100%"
    shown.push("#zoom-out")
    assert shown.scale() == pytest.approx(0.8)
    shown.push("#zoom-fit")
    assert shown.scale() == pytest.approx(fitted)


def test_the_small_map_shows_the_view_and_moves_it(visit: Callable[..., Visit]) -> None:
    shown = visit()
    assert shown.run("return document.querySelector('#map').hidden")
    shown.press(*"+++++")
    assert not shown.run("return document.querySelector('#map').hidden")
    box = shown.box("#map")
    shown.click(box["x"] + 6, box["y"] + 6)
    middle = shown.middle("#canvas")
    picture = shown.picture()
    assert picture["x"] == pytest.approx(middle[0], abs=picture["width"] * 0.06)
    assert picture["y"] == pytest.approx(middle[1], abs=picture["height"] * 0.1)


def test_the_middle_stays_when_the_panel_goes(visit: Callable[..., Visit]) -> None:
    shown = visit()
    x, y = shown.header("Order")
    shown.press("p")
    assert shown.box("#canvas")["x"] == 0
    assert shown.header("Order") == pytest.approx((x - 170, y), abs=1)
    shown.press("p")
    assert shown.header("Order") == pytest.approx((x, y), abs=1)


# --- light ---------------------------------------------------------------------------------------


def test_pointing_lights_up_an_entity_with_its_neighbours(visit: Callable[..., Visit]) -> None:
    shown = visit()
    shown.hover(*shown.header("Order"))
    assert shown.names(".lit") == {"Order", "Customer", "OrderLine", "Payment"}
    lines = shown.run(
        "return [...document.querySelectorAll('.relationship.lit')]"
        ".map(node => [node.dataset.left, node.dataset.right])"
    )
    assert sorted(lines) == [["Customer", "Order"], ["Order", "OrderLine"], ["Order", "Payment"]]
    opacity = (
        "return [...document.querySelectorAll("
        "'.picture:not([hidden]) .entity, .picture:not([hidden]) .relationship')]"
        ".filter(node => node.classList.contains('lit') === arguments[0])"
        ".map(node => Number(getComputedStyle(node).opacity))"
    )
    assert set(shown.run(opacity, True)) == {1}
    assert max(shown.run(opacity, False)) < 0.4
    shown.hover(*shown.middle("h1"))
    assert shown.names(".lit") == set()
    assert set(shown.run(opacity, False)) == {1}


def test_pointing_at_a_line_lights_up_its_ends(visit: Callable[..., Visit]) -> None:
    shown = visit()
    x, y = shown.run(
        "const node = [...document.querySelectorAll('#picture-full .relationship')]"
        ".find(item => item.dataset.left === 'Customer').querySelector('.line');"
        "const at = node.getPointAtLength(node.getTotalLength() / 2);"
        "const to = new DOMPoint(at.x, at.y).matrixTransform(node.getScreenCTM());"
        "return [to.x, to.y + 3]"
    )
    shown.hover(x, y)
    assert shown.names(".lit") == {"Customer", "Order"}
    assert shown.run("return document.querySelectorAll('.relationship.lit').length") == 1


def test_pointing_at_the_panel_lights_up_the_picture(visit: Callable[..., Visit]) -> None:
    shown = visit(address="#entity=Order")
    shown.hover(*shown.middle("#entity [data-tie] a"))
    assert shown.names(".lit") == {"Customer", "Order"}


# --- detail, search, pages -----------------------------------------------------------------------


def test_detail_is_a_switch_with_a_picture_each(visit: Callable[..., Visit]) -> None:
    shown = visit()
    visible = "return [...document.querySelectorAll('.picture')].filter(p => p.offsetWidth)"
    assert shown.run(visible + ".map(p => p.dataset.level)") == ["full"]
    shown.push("#detail [data-value=keys]")
    assert shown.run(visible + ".map(p => p.dataset.level)") == ["keys"]
    assert shown.hash() == "#detail=keys"
    shown.press("3")
    assert shown.run(visible + ".map(p => p.dataset.level)") == ["names"]
    assert shown.hash() == "#detail=names"
    checked = "return [...document.querySelectorAll('#detail [aria-checked=true]')]"
    assert shown.run(checked + ".map(b => b.dataset.value)") == ["names"]
    shown.run("document.querySelector('#detail [aria-checked=true]').focus()")
    shown.press("ArrowLeft")
    assert shown.hash() == "#detail=keys"


def test_search_finds_entities_and_attributes(visit: Callable[..., Visit]) -> None:
    shown = visit()
    shown.press("/", *"price")
    assert shown.texts("#list .option bdi") == ["Product", "price", "OrderLine", "price"]
    assert shown.names(".lit") == {"Product", "OrderLine"}
    assert shown.text("#found") == "2 entities, 2 attributes found"
    shown.press("ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "Enter")
    assert shown.text("#entity h2") == "OrderLine"
    assert shown.run("return document.querySelector('.target').dataset.attribute") == "price"
    assert shown.run("return document.activeElement.id") == "entity"
    assert shown.hash() == "#entity=OrderLine"


def test_search_puts_the_best_first_and_says_when_nothing_fits(
    visit: Callable[..., Visit],
) -> None:
    shown = visit()
    shown.press("/", *"order.customer")
    assert shown.texts("#list .option bdi") == ["Order", "customer_id"]
    shown.run("document.querySelector('#search').select()")
    shown.press(*"order")
    names = shown.texts("#list .option:not(.inner) bdi")
    assert names[:3] == ["Order", "OrderLine", "Shipment"]
    bare = "entities: {Reorder: , OrderLine: , Cart: {purpose: An order to be}, Order: }\n"
    shown = visit(bare)
    shown.press("/", *"order")
    assert shown.texts("#list .option bdi") == ["Order", "OrderLine", "Reorder", "Cart"]
    shown.press(*"xyz")
    assert shown.text("#found") == "Nothing found"
    shown.press("Escape")
    assert len(shown.texts("#list .option")) == 4
    assert shown.run("return document.querySelector('#search').value") == ""


def test_an_entitys_page_says_all_that_the_model_says(visit: Callable[..., Visit]) -> None:
    shown = visit("""
enums: {Mood: {values: [calm, wild], description: How it is}}
groups: {sales: {title: Sales department}}
entities:
  Customer: {attributes: {id: uuid pk}}
  Order:
    purpose: A customer's purchase
    table: orders
    group: sales
    attributes:
      id: uuid pk = gen()
      customer_id: uuid -> Customer on delete cascade
      mood: {type: Mood, index: true, nullable: true}
      total:
        type: decimal(10, 2)
        check: total >= 0
        description: In the shop's currency
        validation: never negative
        source: the till
        sensitive: PII
    unique: [[customer_id, mood]]
    checks: ["total < 1000"]
    states: {initial: new, final: [done], transitions: [{new -> done: paid}]}
    rules: [Never deleted, {after: [one, two]}]
    access_patterns: By customer
relationships: [{from: Customer, to: Order, type: one-to-many, label: places}]
""")
    shown.run("document.querySelectorAll('#list .option')[0].click()")
    shown.settle()
    text = shown.text("#entity")
    for words in (
        "Order", "table orders", "Sales department", "A customer's purchase", "default gen()",
        "references Customer.id, on delete cascade", "calm", "wild", "How it is", "index",
        "total >= 0", "In the shop's currency", "never negative", "the till", "PII",
        "decimal(10, 2)", "Unique together", "customer_id, mood", "total < 1000", "new (initial)",
        "done (final)", "new → done", "paid", "Rules", "Never deleted", "after", "two",
        "Access patterns", "By customer", "each Order: exactly one", "each Customer: zero or more",
        "“places” (read the other way)", "Order.customer_id → Customer.id",
    ):  # fmt: skip
        assert words in text, words
    drawn = "return [...document.querySelectorAll('#entity .machine text')].map(t => t.textContent)"
    assert shown.run(drawn) == ["paid", "new", "done"]
    pills = "return [...document.querySelectorAll('#entity [data-attribute]')].map(row => [row"
    pills += ".dataset.attribute, [...row.querySelectorAll('.pill')].map(p => p.innerText)])"
    assert shown.run(pills) == [
        ["id", ["PK"]],
        ["customer_id", ["FK"]],
        ["mood", ["index"]],
        ["total", ["PII"]],
    ]


def test_links_lead_both_ways_and_the_way_back_is_kept(visit: Callable[..., Visit]) -> None:
    shown = visit()
    shown.click(*shown.header("Order"))
    assert shown.text("#entity h2") == "Order"
    assert shown.hash() == "#entity=Order"
    shown.push("#entity .ties a")
    assert shown.text("#entity h2") == "Customer"
    shown.push("#entity .ties a")
    assert shown.text("#entity h2") == "Order"
    shown.chrome.back()
    shown.settle()
    assert shown.text("#entity h2") == "Customer"
    assert shown.names(".selected") == {"Customer"}


@pytest.mark.parametrize(
    ("address", "entity", "level", "seen"),
    [
        ("#entity=Order&detail=keys", "Order", "keys", 9),
        ("#entity=Tag&detail=names&focus=1", "Tag", "names", 2),
        ("#OrderLine", "OrderLine", "full", 9),
        ("#entity=orderline", "OrderLine", "full", 9),
        ("#entity=Nobody&detail=none&focus=x", "", "full", 9),
    ],
)
def test_an_address_opens_the_page_at_its_place(
    visit: Callable[..., Visit], address: str, entity: str, level: str, seen: int
) -> None:
    shown = visit(address=address)
    assert shown.names(".selected") == ({entity} if entity else set())
    assert (
        shown.run("return document.querySelector('.picture:not([hidden])').dataset.level") == level
    )
    assert len(shown.names(":not(.away)")) == seen


# --- focus ---------------------------------------------------------------------------------------

ENDS = """
const boxes = new Map([...document.querySelectorAll('.picture:not([hidden]) .entity:not(.away)')]
  .map(node => [node.dataset.name, node.querySelector('.card').getBoundingClientRect()]));
const wrong = [];
let count = 0;
for (const node of document.querySelectorAll('.picture:not([hidden]) .relationship:not(.away)')) {
  const line = node.querySelector('.line');
  const matrix = line.getScreenCTM();
  const end = (at) => new DOMPoint(at.x, at.y).matrixTransform(matrix);
  const length = line.getTotalLength();
  for (const [at, name] of [[0, node.dataset.left], [length, node.dataset.right]]) {
    const point = end(line.getPointAtLength(at));
    const box = boxes.get(name);
    const onEdge = Math.min(Math.abs(point.x - box.left), Math.abs(point.x - box.right)) < 1;
    if (!onEdge || point.y < box.top || point.y > box.bottom) wrong.push([name, point.x, point.y]);
  }
  for (let at = 0; at < length; at += 8) {
    const point = end(line.getPointAtLength(at));
    for (const [name, box] of boxes) {
      const across = point.x > box.left + 1 && point.x < box.right - 1;
      if (across && point.y > box.top + 1 && point.y < box.bottom - 1) wrong.push(['over', name]);
    }
  }
  const marks = [...node.querySelectorAll('.mark')].map(mark => mark.getBoundingClientRect());
  const ends = [0, length].map(at => end(line.getPointAtLength(at)));
  for (const mark of marks) {
    const x = mark.x + mark.width / 2, y = mark.y + mark.height / 2;
    const away = Math.min(...ends.map(point => Math.hypot(point.x - x, point.y - y)));
    if (away > 26 * matrix.a) wrong.push(['mark', x, y]);
    for (const box of boxes.values()) {
      const within = x > box.left + 1 && x < box.right - 1 && y > box.top && y < box.bottom;
      if (within) wrong.push(['in', x, y]);
    }
  }
  count += 1;
}
const list = [...boxes.values()];
list.forEach((one, at) => list.slice(at + 1).forEach(other => {
  const across = one.left < other.right && other.left < one.right;
  const down = one.top < other.bottom && other.top < one.bottom;
  if (across && down) wrong.push(['overlap', one.x, one.y]);
}));
return [count, wrong];
"""


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("level", ["full", "keys", "names"])
def test_focus_shows_the_neighbourhood_and_ties_its_lines(
    visit: Callable[..., Visit], depth: int, level: str
) -> None:
    model = make_model(11, 40, groups=3)
    graph = read_text(model).graph
    shown = visit(model)
    for entity in graph.model.entities[:40:9]:
        part = select(graph, around=[entity.name], depth=depth)
        shown = visit(model, f"#entity={entity.name}&detail={level}&focus={depth}")
        assert shown.names(":not(.away)") == {item.name for item in part.model.entities}
        count, wrong = shown.run(ENDS)
        assert wrong == []
        assert count == len(part.relationships)
        canvas = shown.box("#canvas")
        for name in shown.names(":not(.away)"):
            x, y = shown.header(name)
            assert canvas["left"] < x < canvas["right"]
            assert canvas["top"] < y < canvas["bottom"]


def test_focus_has_level_lines_where_the_picture_s_run_down(visit: Callable[..., Visit]) -> None:
    """A chain of bare cards is drawn downwards; its neighbourhoods stand in columns still."""
    names = [f"Link{number}" for number in range(6)]
    model = "entities:\n" + "".join(f"  {name}: {{}}\n" for name in names) + "relationships:\n"
    model += "".join(f"  - {one} 1 -- * {other}\n" for one, other in pairwise(names))
    shown = visit(model, "#detail=names", direction="down")
    ends = "return [...document.querySelectorAll('.picture:not([hidden]) .entity .card')]"
    ends += ".map(card => card.getBoundingClientRect().left)"
    assert len(set(shown.run(ends))) == 1
    shown = visit(model, "#entity=Link2&detail=names&focus=2", direction="down")
    assert shown.run(ENDS) == [4, []]
    paths = "return [...document.querySelectorAll('.relationship:not(.away) .line')]"
    paths += ".map(line => line.getAttribute('d')).join()"
    assert "C" not in shown.run(paths)


def test_focus_leaves_no_mark_of_a_composite_key_behind(visit: Callable[..., Visit]) -> None:
    model = """
entities:
  Line: {attributes: {order: int pk, number: int pk}}
  Parcel: {attributes: {id: int pk, order: int, number: int}}
relationships:
  - Line one-to-many Parcel: {via: [order, number]}
"""
    shown = visit(model, "#entity=Line")
    bars = "return [...document.querySelectorAll('.picture:not([hidden]) .key-bar')]"
    bars += ".filter(bar => bar.checkVisibility()).length"
    assert shown.run(bars) == 4
    shown = visit(model, "#entity=Line&focus=1")
    assert shown.run(bars) == 0


@pytest.mark.parametrize("notation", ["uml", "template", "lines"])
def test_focus_ties_the_lines_of_every_notation_and_words_stay_beside_them(
    visit: Callable[..., Visit], notation: str
) -> None:
    shown = visit(address="#entity=Product&focus=2", notation=notation, labels=True)
    assert shown.run(ENDS) == [7, []]
    apart = shown.run(
        "return [...document.querySelectorAll('#picture-full .relationship:not(.away) .label')]"
        ".map(label => { const words = label.getBoundingClientRect();"
        " const line = label.parentNode.querySelector('.line').getBoundingClientRect();"
        " return [words.left - line.right, line.left - words.right, words.top - line.bottom,"
        " line.top - words.bottom] })"
    )
    assert apart or notation == "uml"
    assert all(max(gaps) < 12 for gaps in apart)


def test_references_in_place_of_a_hubs_lines_go_with_their_entity(
    visit: Callable[..., Visit],
) -> None:
    shown = visit(hub=2)
    references = "return [...document.querySelectorAll('#picture-full g.reference{}')]"
    everybody = shown.run(references.format("") + ".map(node => node.dataset.entity)")
    assert "Order" in everybody
    shown.hover(*shown.header("Order"))
    lit = set(shown.run(references.format(".lit") + ".map(node => node.dataset.entity)"))
    assert lit == set(everybody) & {"Order", "Customer", "OrderLine", "Payment"}
    shown = visit(address="#entity=Tag&focus=1", hub=2)
    seen = set(shown.run(references.format(":not(.away)") + ".map(node => node.dataset.entity)"))
    assert seen <= {"Tag", "ProductTag"}
    beside = shown.run(
        "const nodes = [...document.querySelectorAll('#picture-full g.reference:not(.away)')];"
        "return nodes.map(node => { const card = [...document.querySelectorAll("
        "'#picture-full .entity')].find(at => at.dataset.name === node.dataset.entity)"
        ".querySelector('.card').getBoundingClientRect(); const at = node.getBoundingClientRect();"
        " return at.top > card.top && at.bottom < card.bottom"
        " && (Math.abs(at.left - card.right) < 2 || Math.abs(at.right - card.left) < 2) })"
    )
    assert beside
    assert all(beside)


def test_what_nobody_can_read_is_not_painted(visit: Callable[..., Visit]) -> None:
    shown = visit(LARGE, "#detail=full")
    visibility = "return getComputedStyle(document.querySelector('#picture-full .name')).visibility"
    assert shown.run(visibility) == "hidden"
    shown.push("#zoom-one")
    assert shown.run(visibility) == "visible"


def test_leaving_the_focus_puts_everything_back(visit: Callable[..., Visit]) -> None:
    shown = visit()
    shown.click(*shown.header("Order"))
    svg = "return document.querySelector('#picture-full > svg').outerHTML.replaceAll(' lit', '')"
    shown.hover(*shown.middle("h1"))
    before = shown.run(svg)
    shown.press("f")
    assert shown.hash() == "#entity=Order&focus=1"
    assert shown.run(svg) != before
    shown.press("f", "f")
    assert shown.hash() == "#entity=Order&focus=3"
    shown.press("f")
    assert shown.hash() == "#entity=Order"
    assert shown.run(svg).replace(' class="entity"', "") == before.replace(' class="entity"', "")


def test_a_double_click_focuses_and_escape_goes_back_step_by_step(
    visit: Callable[..., Visit],
) -> None:
    shown = visit()
    x, y = shown.header("Tag")
    shown.click(x, y, count=2)
    assert shown.names(":not(.away)") == {"Tag", "ProductTag"}
    shown.push("#focus [data-value='2']")
    assert shown.names(":not(.away)") == {"Tag", "ProductTag", "Product"}
    shown.press("Escape")
    assert len(shown.names(":not(.away)")) == 9
    assert shown.names(".selected") == {"Tag"}
    shown.press("Escape")
    assert shown.names(".selected") == set()
    assert shown.hash() == ""


# --- keyboard and ears ---------------------------------------------------------------------------


def test_the_tab_key_reaches_everything_once_and_shows_where_it_is(
    visit: Callable[..., Visit],
) -> None:
    shown = visit(address="#entity=Order")
    seen: list[str] = []
    for _ in range(40):
        shown.press("Tab")
        now, ring = shown.run(
            "const at = document.activeElement; if (at === document.body) return ['BODY', true];"
            "const style = getComputedStyle(at);"
            "const border = at.querySelector(':scope > .border');"
            "return [at.id || at.dataset.name || at.dataset.value || at.textContent || at.tagName,"
            " border ? getComputedStyle(border).strokeWidth !== '1px'"
            " : style.outlineStyle !== 'none']"
        )
        if now in {"BODY", "panel-toggle"} and seen:
            break
        assert ring, now
        seen.append(now)
    for wanted in (
        "panel-toggle",
        "0",
        "full",
        "theme",
        "print",
        "help",
        "search",
        "back",
        "canvas",
    ):
        assert wanted in seen
    assert "full-entity-6" in seen
    assert seen.index("canvas") < seen.index("full-entity-6") < seen.index("zoom-out")


def test_arrows_go_from_entity_to_entity_and_enter_opens(visit: Callable[..., Visit]) -> None:
    shown = visit()
    shown.run("document.querySelector('#canvas').focus()")
    shown.press("Tab")
    at = "return document.activeElement.dataset.name || document.activeElement.id"
    assert shown.run(at) == "Category"
    shown.press("ArrowRight")
    assert shown.run(at) == "Product"
    assert "Product" in shown.names(".lit")
    shown.press("Enter")
    assert shown.text("#entity h2") == "Product"
    assert shown.run("return document.activeElement.getAttribute('aria-label')") == (
        "Product, 4 attributes, 3 relationships"
    )
    shown.press("Escape", "Escape")
    assert shown.run(at) == "canvas"


def test_what_the_keyboard_reaches_is_brought_into_view(visit: Callable[..., Visit]) -> None:
    shown = visit(LARGE)
    shown.press(*"++++++++++++")
    shown.run("document.querySelector('#canvas').focus()")
    shown.press("Tab")
    canvas = shown.box("#canvas")
    box = shown.run("return document.activeElement.getBoundingClientRect().toJSON()")
    assert canvas["left"] <= box["left"]
    assert box["right"] <= canvas["right"]
    assert shown.run("return [canvas.scrollLeft, canvas.scrollTop]") == [0, 0]


def test_the_help_is_a_dialog_that_escape_closes(visit: Callable[..., Visit]) -> None:
    shown = visit(address="#entity=Order")
    shown.press("?")
    assert shown.run("return document.querySelector('#keys').open")
    shown.press("Escape")
    assert not shown.run("return document.querySelector('#keys').open")
    assert shown.names(".selected") == {"Order"}


def test_everything_that_can_be_used_has_a_name(
    visit: Callable[..., Visit], chrome: Chrome
) -> None:
    visit(address="#entity=Order")
    browser.command(chrome, "Accessibility.enable")
    nodes = browser.command(chrome, "Accessibility.getFullAXTree")["nodes"]
    browser.command(chrome, "Accessibility.disable")
    named: dict[str, list[str]] = {}
    for node in nodes:
        if not node.get("ignored"):
            role = node["role"]["value"]
            named.setdefault(role, []).append(node.get("name", {}).get("value", ""))
    for role in ("button", "radio", "radiogroup", "link", "searchbox", "combobox", "heading"):
        assert all(name.strip() for name in named.get(role, [])), role
    assert "Order, 4 attributes, 3 relationships" in named["button"]
    assert len(named["radiogroup"]) == 2


# --- looks ---------------------------------------------------------------------------------------

CONTRAST = """
const [kept] = arguments;
const channel = (value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const paper = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const rgb = (text) => {
  paper.clearRect(0, 0, 1, 1); paper.fillStyle = text; paper.fillRect(0, 0, 1, 1);
  return [...paper.getImageData(0, 0, 1, 1).data];
};
const over = (top, under) => {
  const a = top[3] / 255;
  return [0, 1, 2].map(i => top[i] * a + under[i] * (1 - a)).concat(255);
};
const background = (node) => {
  const above = node.parentElement ? background(node.parentElement) : [255, 255, 255, 255];
  return over(rgb(getComputedStyle(node).backgroundColor), above);
};
const bright = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map(v => channel(v / 255));
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const low = [];
for (const node of document.querySelectorAll('.bar *, #panel *, .zoom *')) {
  const own = [...node.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
  if (!own || !node.offsetWidth || node.closest('[aria-disabled=true]')) continue;
  const under = background(node);
  const [one, other] = [bright(over(rgb(getComputedStyle(node).color), under)), bright(under)];
  const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  if (ratio < kept) low.push([node.className, node.textContent.slice(0, 20), ratio]);
}
return low;
"""


@pytest.mark.parametrize("dark", [False, True])
def test_the_systems_preference_and_the_switch_choose_the_colours(
    visit: Callable[..., Visit], dark: bool
) -> None:
    shown = visit(dark=dark, address="#entity=Order")
    colors = (
        "const of = (selector, what) => getComputedStyle(document.querySelector(selector))[what];"
        "return [of('body', 'backgroundColor'), of('#picture-full .card', 'fill'),"
        " of('#picture-full .name', 'fill')]"
    )
    looks = {
        False: ["rgb(255, 255, 255)", "rgb(255, 255, 255)", "rgb(31, 41, 55)"],
        True: ["rgb(15, 23, 42)", "rgb(27, 37, 56)", "rgb(230, 235, 244)"],
    }
    assert shown.run(colors) == looks[dark]
    assert shown.run(CONTRAST, 4.5) == []
    shown.push("#theme")
    assert shown.run(colors) == looks[not dark]
    assert shown.run("return document.querySelector('#theme').ariaPressed") == str(not dark).lower()
    shown.chrome.refresh()
    shown.settle()
    assert shown.run(colors) == looks[not dark]
    # back at what the system has, the page follows the system again
    shown.push("#theme")
    assert shown.run(colors) == looks[dark]
    look = "light" if dark else "dark"
    browser.set_media(shown.chrome, prefers_color_scheme=look, prefers_reduced_motion="reduce")
    shown.settle()
    assert shown.run(colors) == looks[not dark]
    assert shown.run("return localStorage.length") == 0


@pytest.mark.parametrize(
    "size", [(1600, 1000), (1280, 720), (900, 700), (600, 900), (390, 760), (320, 568)]
)
def test_nothing_hangs_over_the_window(
    visit: Callable[..., Visit], chrome: Chrome, size: tuple[int, int]
) -> None:
    shown = visit()
    browser.set_size(chrome, *size)
    shown.settle()
    shown.click(*shown.middle("#list .option"))
    assert shown.run("return document.documentElement.scrollWidth") <= size[0]
    assert shown.run("return document.documentElement.scrollHeight") <= size[1]
    for selector in ("h1", "#search", "#detail", "#theme", "#entity h2", "#zoom-fit", "#canvas"):
        box = shown.box(selector)
        assert 0 <= box["left"] < box["right"] <= size[0], selector
        assert 0 <= box["top"] < box["bottom"] <= size[1], selector


def test_a_phone_shows_the_picture_first_and_the_panel_for_an_entity(
    visit: Callable[..., Visit],
) -> None:
    shown = visit(size=(390, 760))
    visible = "return document.querySelector('#panel').checkVisibility()"
    assert not shown.run(visible)
    assert shown.box("#canvas")["bottom"] == 760
    # what there is to push stands in one row
    assert abs(shown.box("#theme")["y"] - shown.box("#detail")["y"]) < 10
    shown.click(*shown.middle(".picture:not([hidden]) .entity .header"))
    shown.settle()
    assert shown.run(visible)
    # who closes it himself has it closed
    shown.push("#panel-toggle")
    shown.press("Escape")
    shown.settle()
    assert not shown.run(visible)
    assert visit(address="#entity=Order", size=(390, 760)).run(visible)


def test_print_has_the_picture_and_every_entity_and_no_controls(
    visit: Callable[..., Visit], chrome: Chrome
) -> None:
    shown = visit(dark=True)
    shown.run("window.dispatchEvent(new Event('beforeprint'))")
    browser.command(chrome, "Emulation.setEmulatedMedia", media="print")
    shown.settle()
    assert len(shown.texts("#book h2")) == 9
    visible = "return document.querySelector(arguments[0]).checkVisibility()"
    for selector in (".tools", "#panel", ".zoom"):
        assert not shown.run(visible, selector), selector
    for selector in ("h1", "#picture-full", "#book"):
        assert shown.run(visible, selector), selector
    card = "return getComputedStyle(document.querySelector('#picture-full .card')).fill"
    assert shown.run(card) == "rgb(255, 255, 255)"
    browser.command(chrome, "Emulation.setEmulatedMedia", media="")
    shown.run("window.dispatchEvent(new Event('afterprint'))")
    assert shown.texts("#book h2") == []
    pdf = base64.b64decode(browser.command(chrome, "Page.printToPDF")["data"])
    assert pdf.startswith(b"%PDF-")


# --- size ----------------------------------------------------------------------------------------


def measure(shown: Visit, name: str) -> float:
    metrics = browser.command(shown.chrome, "Performance.getMetrics")["metrics"]
    return float(next(item["value"] for item in metrics if item["name"] == name))


def test_three_hundred_entities_move_without_being_laid_out_again(
    visit: Callable[..., Visit], chrome: Chrome
) -> None:
    shown = visit(LARGE, "#detail=full")
    shown.press("+", "+")
    browser.command(chrome, "Performance.enable")
    x, y = shown.middle("#canvas")
    shown.drag(x, y, 10, 10)
    before = measure(shown, "LayoutCount"), measure(shown, "LayoutDuration")
    for step in range(10):
        shown.drag(x, y, 60 - step * 12, 40)
    after = measure(shown, "LayoutCount"), measure(shown, "LayoutDuration")
    browser.command(chrome, "Performance.disable")
    # nothing of the picture: at most a few small elements around it
    assert after[1] - before[1] < 0.1
    assert after[0] - before[0] <= 60


def test_three_hundred_entities_are_pointed_at_in_the_blink_of_an_eye(
    visit: Callable[..., Visit],
) -> None:
    shown = visit(LARGE, "#detail=full")
    took = shown.run(
        "const cards = [...document.querySelectorAll('#picture-full .entity')].slice(0, 40);"
        "const start = performance.now();"
        "for (const card of cards) {"
        " card.dispatchEvent(new PointerEvent('pointerover', {bubbles: true}));"
        " document.querySelector('#picture-full').getBoundingClientRect(); }"
        "return (performance.now() - start) / cards.length"
    )
    assert took < 50


def test_large_models_start_with_what_can_be_read(visit: Callable[..., Visit]) -> None:
    shown = visit(LARGE)
    assert (
        shown.run("return document.querySelector('.picture:not([hidden])').dataset.level")
        == "names"
    )
    assert shown.hash() == ""
