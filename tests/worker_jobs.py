"""Jobs for the worker tests: what pages of strangers make a parser do."""

from __future__ import annotations

import os
import signal
import time

warmed = False


def warm(mark: str = "") -> None:
    global warmed
    if mark == "broken":
        raise FileNotFoundError("no model here")
    warmed = True


def square(number: int) -> int:
    return number * number


def pid(_: object) -> int:
    return os.getpid()


def is_warm(_: object) -> bool:
    return warmed


class Unreadable:
    """Can be sent, and is nothing that the other side can make sense of."""

    def __reduce__(self) -> tuple[object, ...]:
        return int, ("no number",)


def act(what: object) -> object:
    match what:
        case "hang":
            time.sleep(1000)
        case "spin":
            while True:
                pass
        case "exit":
            os._exit(7)
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "raise":
            raise ValueError("a bad page\nwith lines")
        case "memory":
            return len([bytes(10_000_000) for _ in range(1000)])
        case "unsendable":
            return lambda: None
        case "unreadable":
            return Unreadable()
        case "print":
            print("noise")
    return what


def batch(items: list[object]) -> list[object]:
    """As NER does: all items at once."""
    return [act(item) for item in items]


def short(items: list[object]) -> list[object]:
    return [item for item in items if item != "dropped"]


def slow(number: int) -> int:
    time.sleep(0.02)
    return number


def nap(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def big(number: int) -> bytes:
    return bytes([number % 256]) * 300_000


def sizes(items: list[object]) -> list[int]:
    time.sleep(0.02)
    return [len(items)] * len(items)
