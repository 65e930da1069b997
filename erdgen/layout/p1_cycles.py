"""Phase 1: a directed graph in, an order of its nodes out along which few edges run backwards."""

from __future__ import annotations

from collections.abc import Sequence


def order_nodes(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """Return the position of each node in an order with few backward edges.

    Eades, Lin, Smyth: A fast and effective heuristic for the feedback arc set problem (1993):
    sinks go to the end, sources to the front, then the node with the most surplus of outgoing
    edges; the node with the smallest number wins a tie.

    Args:
        count: Number of nodes, 0..count-1.
        edges: Pairs (from, to); self-loops are ignored.

    Postcondition: the result is a permutation of 0..count-1; an acyclic graph has no backward
    edge.

    >>> order_nodes(3, [(2, 1), (1, 0)])
    [2, 1, 0]
    """
    after: list[list[int]] = [[] for _ in range(count)]
    before: list[list[int]] = [[] for _ in range(count)]
    for a, b in edges:
        if a != b:
            after[a].append(b)
            before[b].append(a)
    outs = [len(nodes) for nodes in after]
    ins = [len(nodes) for nodes in before]
    alive = [True] * count
    front: list[int] = []
    back: list[int] = []
    left = list(range(count))
    sinks = [node for node in range(count) if outs[node] == 0 and ins[node] > 0]
    sources = [node for node in range(count) if ins[node] == 0]

    def remove(node: int) -> None:
        alive[node] = False
        for other in after[node]:
            ins[other] -= 1
            if alive[other] and ins[other] == 0:
                sources.append(other)
        for other in before[node]:
            outs[other] -= 1
            if alive[other] and outs[other] == 0:
                sinks.append(other)

    while True:
        if sinks:
            node = sinks.pop()
            if alive[node]:
                back.append(node)
                remove(node)
            continue
        if sources:
            node = sources.pop()
            if alive[node]:
                front.append(node)
                remove(node)
            continue
        left = [node for node in left if alive[node]]
        if not left:
            break
        node = max(left, key=lambda one: (outs[one] - ins[one], -one))
        front.append(node)
        remove(node)
    position = [0] * count
    for place, node in enumerate(front + back[::-1]):
        position[node] = place
    return position
