"""The API as its own description tells it, asked by schemathesis: no request that the description
allows, and none that it forbids, may end in a 500 or in an answer of an undescribed kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
import web_samples
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance

from dateline.stores.embedded import EmbeddedStore
from dateline.web.app import create_app


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    chosen = web_samples.settings(tmp_path_factory.mktemp("home"))
    web_samples.fill_journal(chosen.journal_url)
    store = EmbeddedStore(chosen.index_folder)
    store.write([*web_samples.articles(), *web_samples.hostile()])
    with web_samples.serving(create_app(chosen, store)) as url:
        described = httpx.get(f"{url}/api/openapi.json", timeout=30).json()
        schema = schemathesis.openapi.from_dict(described)
        schema.config.update(base_url=url)
        yield schema
    store.close()


def test_every_answer_is_shown_by_an_example(api: Any) -> None:
    """A programmer who reads the description sees what comes back, and no 422 that never comes."""
    for path, methods in api.raw_schema["paths"].items():
        for method, operation in methods.items():
            responses = operation["responses"]
            answer = next((responses[status] for status in ("200", "201") if status in responses), {})
            shown = [
                "example" in media or "examples" in media for media in answer.get("content", {}).values()
            ]
            assert (shown and all(shown)) or "204" in responses, f"{method} {path}"
            assert "422" not in responses
            assert "application/problem+json" in responses["400"]["content"]


def test_every_operation_keeps_to_its_description(api: Any) -> None:
    """Driven by hypothesis itself: schemathesis' own runner does not know this pytest."""
    operations = [result.ok() for result in api.get_all_operations()]
    assert len(operations) >= 9
    for operation in operations:

        @settings(
            max_examples=8,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def holds(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=[not_a_server_error, content_type_conformance])

        holds()
