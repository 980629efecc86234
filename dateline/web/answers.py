"""Answers for programs."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import Response


def json_response(value: Any, status: int = 200) -> Response:
    """Any of our types as JSON, without a detour through pydantic."""
    return Response(msgspec.json.encode(value), status, media_type="application/json")
