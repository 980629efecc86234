"""`python -m flows.deploy_command`: deployments with schedules from sources.toml, and the automations
that tell a person; what `dateline deploy` hands over to. Running it again changes what changed.
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from pathlib import Path

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound

from dateline import settings
from dateline.journal.frontier import in_shard, parse_shard
from dateline.sources import catalogue
from dateline.sources.catalogue import CatalogueError, Source
from tasks import automations

CODE = Path(__file__).resolve().parents[1]
SOONEST = 60.0  # seconds between two runs of one deployment


def main() -> int:
    """Deploy; 0 where the server took all of it."""
    parser = argparse.ArgumentParser(prog="dateline deploy")
    parser.add_argument("--pool", default="local")
    parser.add_argument("--shards", type=int, default=1)
    parser.add_argument("--notify")
    parser.add_argument("--sources")
    parser.add_argument("--paused", action="store_true")
    given = parser.parse_args()
    if not os.environ.get("PREFECT_API_URL"):
        print("dateline: name the Prefect server: PREFECT_API_URL=http://127.0.0.1:4200/api", file=sys.stderr)
        return 2
    path = catalogue.path_of(settings.load(), given.sources)
    try:
        sources = [source for source in catalogue.load(path) if source.enabled]
    except CatalogueError as error:
        print(f"dateline: {error}", file=sys.stderr)
        return 2
    if not sources:
        print(f"dateline: {path} names no source: dateline sources add URL", file=sys.stderr)
        return 2
    if given.shards > 1 and settings.load().store == "embedded":
        print("dateline: the embedded store has one writer: several shards need OpenSearch", file=sys.stderr)
        return 2
    _pool(given.pool)
    for number in range(1, given.shards + 1):
        _deploy(f"{number}/{given.shards}", sources, given.pool, given.sources, given.paused)
    for name in automations.install(given.notify):
        print(f"automation  {name}")
    return 0


def _pool(name: str) -> None:
    with get_client(sync_client=True) as client:
        try:
            client.read_work_pool(name)
        except ObjectNotFound:
            with suppress(ObjectAlreadyExists):  # a worker that starts at this moment makes it, too
                client.create_work_pool(WorkPoolCreate(name=name, type="process"))
                print(f"work pool   {name} (process)")


def _deploy(shard: str, sources: list[Source], pool: str, file: str | None, paused: bool) -> None:
    mine = [source for source in sources if in_shard(source.host or source.name, parse_shard(shard))]
    # pages found by other shards' sources may be on these hosts: an empty shard has work, too
    every = max(SOONEST, min(source.floor.total_seconds() for source in mine or sources))
    name = f"crawl-{shard.replace('/', '-of-')}"
    flow.from_source(source=str(CODE), entrypoint="flows/crawl.py:crawl").deploy(
        name=name,
        work_pool_name=pool,
        job_variables={"env": automations.HEARTBEAT},
        interval=every,
        parameters={"shard": shard, "sources_file": str(Path(file).absolute()) if file else None},
        tags=["dateline", "crawl", *sorted({label for source in mine for label in source.labels})],
        description=f"{len(mine)} sources: {', '.join(source.name for source in mine)}"[:2000],
        # a run that takes longer than the interval is not joined by a second one
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy="CANCEL_NEW"),
        paused=paused,
        build=False,
        push=False,
        print_next_steps=False,
    )
    print(f"deployment  crawl/{name}, every {every:.0f} s, {len(mine)} sources")


if __name__ == "__main__":
    sys.exit(main())
