"""The Kubernetes manifests: held against Kubernetes' own schema. They were not run on a cluster here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

REPO = Path(__file__).resolve().parents[1]
FILES = sorted((REPO / "infra" / "kubernetes").glob("*.yaml"))
OBJECTS = [
    (f"{file.name}:{one['kind']}", one) for file in FILES for one in yaml.safe_load_all(file.read_text())
]


def pods() -> list[tuple[str, dict[str, Any]]]:
    """Name and pod of everything that runs."""
    return [
        (name, one["spec"]["template"]["spec"]) for name, one in OBJECTS if "template" in one.get("spec", {})
    ]


@pytest.mark.parametrize(("name", "manifest"), OBJECTS, ids=[name for name, _ in OBJECTS])
def test_each_manifest_fits_the_schema(name: str, manifest: dict[str, Any]) -> None:
    """A misspelt key is passed over by the server, and the guard that it should set is not there."""
    kubernetes_validate.validate(manifest, "1.30", strict=True)
    assert manifest["metadata"]["namespace"] == "dateline"


def test_a_wrong_manifest_is_told() -> None:
    """The validator itself would else be believed whatever it says."""
    wrong = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}, "spec": {"prots": []}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, "1.30", strict=True)


@pytest.mark.parametrize(("name", "pod"), pods(), ids=[name for name, _ in pods()])
def test_each_pod_is_locked_down_and_finds_what_it_mounts(name: str, pod: dict[str, Any]) -> None:
    """Strangers' pages are parsed in there: no root, nothing to write but its own folders."""
    assert pod["securityContext"]["runAsNonRoot"] and not pod["automountServiceAccountToken"]
    volumes = {volume["name"] for volume in pod["volumes"]} | {"data"}
    for container in pod["containers"]:
        guard = container["securityContext"]
        assert guard["readOnlyRootFilesystem"] and not guard["allowPrivilegeEscalation"]
        assert guard["capabilities"] == {"drop": ["ALL"]} and "memory" in container["resources"]["limits"]
        assert {mount["name"] for mount in container["volumeMounts"]} <= volumes


def test_settings_are_those_of_compose() -> None:
    """Two ways to run it must not drift apart."""
    compose = yaml.safe_load((REPO / "docker-compose.yml").read_text())
    ours = next(one["data"] for _, one in OBJECTS if one["kind"] == "ConfigMap")
    assert set(compose["x-environment"]) <= set(ours)
    server = next(pod for name, pod in pods() if name == "prefect.yaml:Deployment")
    names = {one["name"] for one in server["containers"][0]["env"]}
    assert set(compose["services"]["prefect"]["environment"]) - {"PREFECT_UI_API_URL"} == names


def test_each_name_is_one_that_is_read_and_each_command_is_the_compose_file_s() -> None:
    """A setting that was renamed is passed over without a word, and the pod runs on its default."""
    from prefect.settings import Settings

    folders = [REPO / name for name in ("dateline", "flows", "tasks")]
    read = [file.read_text() for folder in folders for file in folder.rglob("*.py")]
    read.append((REPO / "prefect.yaml").read_text())
    prefects = Settings().to_environment_variables(exclude_unset=False)
    given = {name for _, one in OBJECTS if one["kind"] == "ConfigMap" for name in one["data"]}
    for _, pod in pods():
        given |= {one["name"] for container in pod["containers"] for one in container.get("env", [])}
    for name in {re.sub("_(FILE|PREFIX|SUFFIX)$", "", name) for name in given} - {"DO_NOT_TRACK"}:
        assert name in prefects or any(re.search(rf"\b{name}\b", text) for text in read), name
    compose = yaml.safe_load((REPO / "docker-compose.yml").read_text())["services"]
    for _, pod in pods():
        (container,) = pod["containers"]
        ours, theirs = container["args"], compose[container["name"]]["command"]
        # a worker there takes two runs, a pod one
        assert ours[:6] == theirs[:6] and ours[7:] == theirs[7:], container["name"]


def test_the_image_has_what_the_manifests_ask_of_it() -> None:
    """An archive on S3 and a journal in PostgreSQL need packages that a bare installation lacks."""
    locked = {line.partition("==")[0] for line in (REPO / "requirements.lock").read_text().splitlines()}
    assert {"s3fs", "psycopg", "asyncpg"} <= locked
