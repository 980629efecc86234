"""Content-Encoding undone under a cap: 203 bytes of brotli inflate to 268 MB if one lets them.

httpx's own `aiter_bytes` inflates each chunk whole before anyone can count it, so bodies are read
raw and inflated here, a bounded piece at a time. Never is more than the cap and one step in memory.
"""

from __future__ import annotations

import zlib
from typing import Protocol

import brotli  # type: ignore[import-untyped]
import zstandard

from dateline.fetch.errors import BadAnswer, TooLarge, Truncated

_STEP = 1 << 18  # bytes of output asked for at a time
# A zstd block is at most 128 KiB and at least 4 bytes: 256 bytes of input make at most 8 MiB.
_ZSTD_SLICE = 256
_ZSTD_WINDOW = 1 << 23  # RFC 9659: what a server may ask of a client


class Decoder(Protocol):
    """Takes raw bytes, gives plain ones; counts both against its cap."""

    body: bytearray

    def feed(self, data: bytes) -> None:
        """Take the next raw bytes. Raises TooLarge, BadAnswer."""

    def finish(self) -> bytes:
        """The whole body. Raises Truncated where the stream had not ended."""


def decoder(content_encoding: str, cap: int) -> Decoder:
    """The decoder for a Content-Encoding header; `cap` is the most plain bytes.

    A name that nobody knows ("utf-8", "none") is taken for no encoding, as browsers do.

    Raises:
        BadAnswer: several encodings, one on the other, or one that we do not undo.
    """
    names = [name.strip().lower() for name in content_encoding.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if len(names) > 1:
        raise BadAnswer(f"stacked encodings: {', '.join(names)[:80]}", "encoding")
    match names[0] if names else "":
        case "gzip" | "x-gzip":
            return _Zlib(cap, gzip=True)
        case "deflate":
            return _Zlib(cap, gzip=False)
        case "br":
            return _Brotli(cap)
        case "zstd":
            return _Zstd(cap)
        case "compress" | "x-compress" | "dcb" | "dcz" as name:
            raise BadAnswer(f"encoding {name!r}", "encoding")
        case _:
            return _Plain(cap)


class _Plain:
    def __init__(self, cap: int) -> None:
        self.body = bytearray()
        self._cap = cap

    def _add(self, plain: bytes) -> None:
        left = self._cap - len(self.body)
        self.body += plain[:left]
        if len(plain) > left:
            raise TooLarge(f"body over {self._cap:,} bytes")

    def feed(self, data: bytes) -> None:
        self._add(data)

    def finish(self) -> bytes:
        return bytes(self.body)


class _Zlib(_Plain):
    """gzip (several members in a row too) and deflate, in its zlib form or bare."""

    def __init__(self, cap: int, *, gzip: bool) -> None:
        super().__init__(cap)
        self._gzip = gzip
        self._head = b""
        self._inflate: zlib._Decompress | None = None
        self._plain = False

    def feed(self, data: bytes) -> None:
        if self._inflate is None and not self._plain:
            self._head += data
            if len(self._head) < 2:
                return
            data, self._head = self._head, b""
            self._begin(data)
        if self._plain:
            self._add(data)
            return
        try:
            self._pump(data)
        except zlib.error as error:
            raise BadAnswer(f"broken compression: {error}", "encoding") from error

    def _begin(self, head: bytes) -> None:
        if self._gzip:
            # servers do say gzip of a body that is none
            self._plain = head[:2] != b"\x1f\x8b"
            self._inflate = None if self._plain else zlib.decompressobj(31)
        else:
            wrapped = head[0] & 0x0F == 8 and (head[0] << 8 | head[1]) % 31 == 0
            self._inflate = zlib.decompressobj(15 if wrapped else -15)

    def _pump(self, data: bytes) -> None:
        assert self._inflate is not None
        while True:
            if self._inflate.eof:
                data, self._head = self._head + data, b""
                if len(data) < 2:
                    self._head = data  # perhaps the first byte of another member
                    return
                if not (self._gzip and data[:2] == b"\x1f\x8b"):
                    return  # what follows the end is padding
                self._inflate = zlib.decompressobj(31)
            plain = self._inflate.decompress(data, _STEP)
            self._add(plain)
            data = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
            if not data and len(plain) < _STEP:
                return

    def finish(self) -> bytes:
        if self._inflate is not None and not self._inflate.eof:
            raise Truncated("the compressed body has no end")
        return bytes(self.body) if self._inflate is not None or self._plain else self._head


class _Brotli(_Plain):
    def __init__(self, cap: int) -> None:
        super().__init__(cap)
        self._inflate = brotli.Decompressor()
        self._begun = False

    def feed(self, data: bytes) -> None:
        self._begun = True
        try:
            while not self._inflate.is_finished():
                plain = self._inflate.process(data, output_buffer_limit=_STEP)
                self._add(plain)
                data = b""
                if self._inflate.can_accept_more_data():
                    return
        except brotli.error as error:
            raise BadAnswer("broken compression", "encoding") from error

    def finish(self) -> bytes:
        if self._begun and not self._inflate.is_finished():
            raise Truncated("the compressed body has no end")
        return bytes(self.body)


class _Zstd(_Plain):
    def __init__(self, cap: int) -> None:
        super().__init__(cap)
        self._inflate = self._new()
        self._begun = False

    @staticmethod
    def _new() -> zstandard.ZstdDecompressionObj:
        return zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()

    def feed(self, data: bytes) -> None:
        self._begun = True
        try:
            for start in range(0, len(data), _ZSTD_SLICE):
                piece = data[start : start + _ZSTD_SLICE]
                while piece:
                    if self._inflate.eof:
                        self._inflate = self._new()
                    self._add(self._inflate.decompress(piece))
                    piece = self._inflate.unused_data if self._inflate.eof else b""
        except zstandard.ZstdError as error:
            raise BadAnswer(f"broken compression: {error}", "encoding") from error

    def finish(self) -> bytes:
        if self._begun and not self._inflate.eof:
            raise Truncated("the compressed body has no end")
        return bytes(self.body)
