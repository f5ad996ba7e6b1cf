"""What travels to the sandbox and back: frames, and an answer as plain data, both bounded.

A frame is two lengths, a header in JSON and the raw bytes of arrays.

Inside, `described` says what an answer is, in what JSON can carry. Outside, `restored` makes a
plain value of it: no object of the student's ever arrives, only texts, numbers and lists of them;
for all else something of a type of the same name, which is enough to say what came.
"""

from __future__ import annotations

import json
import re
import struct
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

LENGTHS = struct.Struct(">II")  # of header and body
MAX_BODY = 1 << 20  # bytes
MAX_TEXT = 100_000  # characters
MOST, DEEPEST, MOST_DIGITS = 1000, 4, 400


def frame(header: dict[str, Any], body: bytes = b"") -> bytes:
    """Return the bytes of a frame.

    >>> frame({"do": "run"}, b"..")
    b'\\x00\\x00\\x00\\r\\x00\\x00\\x00\\x02{"do": "run"}..'
    """
    text = json.dumps(header).encode()
    return LENGTHS.pack(len(text), len(body)) + text + body


def described(value: object, depth: int = 0) -> list[Any]:
    """Say what a value is, as [kind, data].

    >>> described(np.float32(0.25)), described(("D", [1]))
    (['float', '0x1.0000000000000p-2'], ['tuple', [['str', 'D'], ['list', [['int', '1']]]]])
    """
    if value is None or value is ...:
        return ["None", 0]
    if isinstance(value, str):
        return ["str", str.__getitem__(value, slice(0, MAX_TEXT + 1))]
    if isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype.kind != "O":
        return described(value[()], depth)
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        number = int(value)
        small = number.bit_length() < 3 * MOST_DIGITS
        return ["int", f"{number}"] if small else ["float", "inf" if number > 0 else "-inf"]
    if isinstance(value, float | np.floating):
        return ["float", float.hex(float(value))]
    if isinstance(value, Fraction):
        small = max(value.numerator, value.denominator).bit_length() < MOST_DIGITS
        return ["Fraction", f"{value.numerator}/{value.denominator}"] if small else ["None", 0]
    if type(value) is bool:
        return ["bool", value]
    if isinstance(value, Decimal):
        return ["Decimal", str(value)[: MOST_DIGITS + 1]]
    plain: Any = value if type(value) in (list, tuple, dict) else None
    if depth < DEEPEST and plain is not None and len(plain) <= MOST:
        rows = plain.items() if type(value) is dict else plain
        return [type(value).__name__, [described(row, depth + 1) for row in rows]]
    if depth < DEEPEST and type(value) is np.ndarray and value.size <= MOST:
        return ["ndarray", described(value.tolist(), depth)]
    return ["other", type(value).__name__[:60]]


def is_blank(value: object) -> bool:
    """Does an answer say nothing: no text but comments and dots, nothing that is there?

    >>> is_blank("# see above\\n..."), is_blank("1")
    (True, False)
    """
    if isinstance(value, str):
        return not re.sub(r"(?m)^[ \t]*#.*$", "", value).strip(" \n\t.…")
    return value is None or type(value).__name__ == "Absent"


def restored(found: Any, depth: int = 0) -> object:
    """Return the plain value of a description; for one that is none, something unknown.

    >>> restored(described((0.1, "D", 10**30))), restored(["int", "1e999"])
    ((0.1, 'D', 1000000000000000000000000000000), None)
    >>> kind = type(restored(["other", "Absent"]))
    >>> kind.__name__
    'Absent'
    """
    try:
        kind, data = found
        if kind in ("list", "tuple", "dict"):
            if depth >= DEEPEST or not isinstance(data, list) or len(data) > MOST:
                return None
            parts = [restored(part, depth + 1) for part in data]
            return parts if kind == "list" else tuple(parts) if kind == "tuple" else _dict(parts)
        if kind == "ndarray":
            return np.array(restored(data, depth), float)
        return _restored(kind, data)
    except (ValueError, TypeError, KeyError, ArithmeticError):
        return None


def _dict(pairs: list[Any]) -> dict[Any, Any]:
    return {key: value for key, value in pairs}


def _restored(kind: str, data: Any) -> object:
    match kind, data:
        case "str", str():
            return data
        case "int", str() if len(data) <= MOST_DIGITS:
            return int(data)
        case "float", str() if len(data) <= 40:
            return float.fromhex(data)
        case "Fraction", str() if len(data) <= MOST_DIGITS:
            return Fraction(data)
        case "bool", bool():
            return data
        case "Decimal", str() if len(data) <= MOST_DIGITS:
            return Decimal(data)
        case "other", str():
            return type(data if data.isidentifier() else "unknown", (), {})()
    return None
