"""Phase 2: an acyclic graph in, a layer for each node out (network simplex)."""

from __future__ import annotations

from collections.abc import Sequence

Edge = tuple[int, int, int]
"""From, to, weight."""


def assign_layers(count: int, edges: Sequence[Edge], rounds: int | None = None) -> list[int]:
    """Return a layer for each node such that the weighted length of the edges is least.

    Gansner, Koutsofios, North, Vo: A technique for drawing directed graphs (1993), section 2.
    Nodes that may stand in several layers at no cost go to the one with the fewest nodes.

    Args:
        count: Number of nodes, 0..count-1.
        edges: Triples (from, to, weight) of an acyclic graph without self-loops.
        rounds: Most exchanges of tree edges; by default enough for the optimum of usual graphs.

    Postcondition: layer[to] >= layer[from] + 1 for each edge; each connected part begins at 0.
    """
    merged: dict[tuple[int, int], int] = {}
    for a, b, weight in edges:
        merged[a, b] = merged.get((a, b), 0) + weight
    tails = [a for a, _ in merged]
    heads = [b for _, b in merged]
    weights = list(merged.values())
    incident: list[list[int]] = [[] for _ in range(count)]
    for edge, (a, b) in enumerate(merged):
        incident[a].append(edge)
        incident[b].append(edge)
    layer = _longest_path(count, tails, heads)
    part = [-1] * count
    for root in range(count):
        if part[root] < 0 and incident[root]:
            nodes = _reach(root, incident, tails, heads, part)
            tree = _tight_tree(nodes, layer, incident, tails, heads)
            _Simplex(nodes, layer, incident, tails, heads, weights=weights, tree=tree).run(
                8 * len(nodes) + 50 if rounds is None else rounds
            )
            least = min(layer[node] for node in nodes)
            for node in nodes:
                layer[node] -= least
    _balance(layer, incident, tails, heads, weights)
    return layer


def _longest_path(count: int, tails: list[int], heads: list[int]) -> list[int]:
    layer = [0] * count
    waiting = [0] * count
    after: list[list[int]] = [[] for _ in range(count)]
    for a, b in zip(tails, heads, strict=True):
        after[a].append(b)
        waiting[b] += 1
    ready = [node for node in range(count) if waiting[node] == 0]
    while ready:
        node = ready.pop()
        for other in after[node]:
            layer[other] = max(layer[other], layer[node] + 1)
            waiting[other] -= 1
            if waiting[other] == 0:
                ready.append(other)
    return layer


def _reach(
    root: int, incident: list[list[int]], tails: list[int], heads: list[int], part: list[int]
) -> list[int]:
    part[root] = root
    nodes = [root]
    for node in nodes:
        for edge in incident[node]:
            other = heads[edge] if tails[edge] == node else tails[edge]
            if part[other] < 0:
                part[other] = root
                nodes.append(other)
    return nodes


def _tight_tree(
    nodes: list[int],
    layer: list[int],
    incident: list[list[int]],
    tails: list[int],
    heads: list[int],
) -> set[int]:
    """Shift nodes until a spanning tree of tight edges exists; return its edges."""
    inside = {nodes[0]}
    tree: set[int] = set()
    stack = [nodes[0]]
    while True:
        while stack:
            node = stack.pop()
            for edge in incident[node]:
                other = heads[edge] if tails[edge] == node else tails[edge]
                if other not in inside and layer[heads[edge]] - layer[tails[edge]] == 1:
                    inside.add(other)
                    tree.add(edge)
                    stack.append(other)
        if len(inside) == len(nodes):
            return tree
        best, least = -1, 0
        for node in nodes:
            if node not in inside:
                continue
            for edge in incident[node]:
                if (tails[edge] in inside) != (heads[edge] in inside):
                    slack = layer[heads[edge]] - layer[tails[edge]] - 1
                    if best < 0 or slack < least:
                        best, least = edge, slack
        shift = least if heads[best] not in inside else -least
        for node in inside:
            layer[node] += shift
        stack = [tails[best] if tails[best] in inside else heads[best]]


class _Simplex:
    """The spanning tree of tight edges with its cut values, and the exchange of its edges."""

    def __init__(
        self,
        nodes: list[int],
        layer: list[int],
        incident: list[list[int]],
        tails: list[int],
        heads: list[int],
        *,
        weights: list[int],
        tree: set[int],
    ) -> None:
        self.nodes = nodes
        self.layer = layer
        self.incident = incident
        self.tails = tails
        self.heads = heads
        self.weights = weights
        self.tree = tree
        self.edges = sorted({edge for node in nodes for edge in incident[node]})
        self.low: dict[int, int] = {}
        self.lim: dict[int, int] = {}
        self.up: dict[int, int] = {}
        self.cut: dict[int, int] = {}
        self._number()
        self._cut_values()

    def _number(self) -> None:
        """Number the tree in postorder: a subtree is the range low..lim of its root."""
        low, lim, up = self.low, self.lim, self.up
        tree, tails, heads = self.tree, self.tails, self.heads
        low.clear()
        lim.clear()
        up.clear()
        root = self.nodes[0]
        up[root] = -1
        order: list[int] = []
        stack = [root]
        while stack:
            node = stack.pop()
            if node < 0:
                node = -1 - node
                order.append(node)
                lim[node] = len(order)
                continue
            low[node] = len(order) + 1
            stack.append(-1 - node)
            for edge in self.incident[node]:
                if edge in tree and edge != up[node]:
                    other = heads[edge] if tails[edge] == node else tails[edge]
                    up[other] = edge
                    stack.append(other)
        self.order = order

    def _cut_values(self) -> None:
        tails, weights, tree = self.tails, self.weights, self.tree
        cut = self.cut
        cut.clear()
        for node in self.order:
            edge = self.up[node]
            if edge < 0:
                continue
            sign = 1 if tails[edge] == node else -1
            total = 0
            for other in self.incident[node]:
                out = tails[other] == node
                if other == edge:
                    total += weights[other]
                    continue
                way = 1 if out == (sign == 1) else -1
                total += way * weights[other]
                if other in tree:
                    child_in = (tails[other] == node) == (sign == 1)
                    total += -cut[other] if child_in else cut[other]
            cut[edge] = total

    def _inside(self, node: int, root: int) -> bool:
        return self.low[root] <= self.lim[node] <= self.lim[root]

    def _entering(self, edge: int) -> int:
        tails, heads, layer = self.tails, self.heads, self.layer
        a, b = tails[edge], heads[edge]
        child = a if self.lim[a] < self.lim[b] else b
        low, high = self.low[child], self.lim[child]
        outward = child == a
        lim = self.lim
        best, least = -1, 0
        for other in self.edges:
            tail_in = low <= lim[tails[other]] <= high
            head_in = low <= lim[heads[other]] <= high
            # the tail side of the removed edge must be entered
            crosses = (head_in and not tail_in) if outward else (tail_in and not head_in)
            if crosses:
                slack = layer[heads[other]] - layer[tails[other]] - 1
                if best < 0 or slack < least:
                    best, least = other, slack
                    if slack == 0:
                        break
        return best

    def run(self, rounds: int) -> None:
        """Exchange tree edges with negative cut values until there is none, or no rounds left."""
        start = 0
        for _ in range(rounds):
            tree_edges = sorted(self.tree)
            leaving = -1
            for step in range(len(tree_edges)):
                edge = tree_edges[(start + step) % len(tree_edges)]
                if self.cut[edge] < 0:
                    leaving = edge
                    start = (start + step) % len(tree_edges)
                    break
            if leaving < 0:
                return
            entering = self._entering(leaving)
            if entering < 0:
                return
            a, b = self.tails[leaving], self.heads[leaving]
            child = a if self.lim[a] < self.lim[b] else b
            slack = self.layer[self.heads[entering]] - self.layer[self.tails[entering]] - 1
            shift = -slack if child == a else slack
            if slack:  # the child's side moves until the entering edge is tight
                for node in self.nodes:
                    if self._inside(node, child):
                        self.layer[node] += shift
            self.tree.remove(leaving)
            self.tree.add(entering)
            self._number()
            self._cut_values()


def _balance(
    layer: list[int],
    incident: list[list[int]],
    tails: list[int],
    heads: list[int],
    weights: list[int],
) -> None:
    """Move nodes with as much weight before as after them to the emptiest layer they may have."""
    total: dict[int, int] = {}
    for place in layer:
        total[place] = total.get(place, 0) + 1
    for node, edges in enumerate(incident):
        if not edges:
            continue
        low, high, balance = -1, 1 << 30, 0
        for edge in edges:
            if heads[edge] == node:
                low = max(low, layer[tails[edge]])
                balance += weights[edge]
            else:
                high = min(high, layer[heads[edge]])
                balance -= weights[edge]
        if balance == 0 and high < 1 << 30 and low >= 0:
            best = min(range(low + 1, high), key=lambda one: (total.get(one, 0), one))
            if total.get(best, 0) + 1 < total[layer[node]]:
                total[layer[node]] -= 1
                total[best] = total.get(best, 0) + 1
                layer[node] = best
