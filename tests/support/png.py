"""A PNG in, its rows out: enough of the format for what draws our pictures."""

from __future__ import annotations

import struct
import zlib

CHANNELS = {2: 3, 6: 4}


def read_png(data: bytes) -> tuple[int, list[bytes]]:
    """Return the number of channels of an RGB or RGBA picture, and its rows."""
    width, height, depth, kind = struct.unpack(">IIBB", data[16:26])
    assert depth == 8
    channels = CHANNELS[kind]
    packed, at = b"", 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        if data[at + 4 : at + 8] == b"IDAT":
            packed += data[at + 8 : at + 8 + length]
        at += 12 + length
    raw, stride = zlib.decompress(packed), width * channels
    rows: list[bytes] = []
    above = bytearray(stride)
    for number in range(height):
        start = number * (stride + 1)
        row = bytearray(raw[start + 1 : start + 1 + stride])
        if raw[start]:
            _unfilter(raw[start], channels, row, above)
        rows.append(bytes(row))
        above = row
    return channels, rows


def _unfilter(kind: int, step: int, row: bytearray, above: bytearray) -> None:
    for at in range(len(row)):
        left = row[at - step] if at >= step else 0
        corner = above[at - step] if at >= step else 0
        guess = left + above[at] - corner
        nearest = min((left, above[at], corner), key=lambda value: abs(guess - value))
        add = (0, left, above[at], (left + above[at]) // 2, nearest)[kind]
        row[at] = (row[at] + add) & 255
