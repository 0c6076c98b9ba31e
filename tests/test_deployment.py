"""`compose.yaml` and the manifests in `docs/scaling.md` fit the bot: settings, ports, paths, user, times."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings.settings import Settings
from bot.web.probes import Probes

ROOT = Path(__file__).parent.parent
COMPOSE = (ROOT / "compose.yaml").read_text("utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
NAMES = {name.upper() for name in Settings.model_fields}
GRACE_S = Settings.model_fields["stop_grace_s"].default
GIVEN = {"POSTGRES_PASSWORD": "secret1", "AWS_ACCESS_KEY_ID": "A" * 20, "AWS_SECRET_ACCESS_KEY": "b" * 40}
"""The values that the head of the file asks for."""


def filled(words: str) -> str:
    """Return words with the variables that Compose fills in."""
    return re.sub(r"\$\{(\w+)[^}]*\}", lambda found: GIVEN[found[1]], words)


@pytest.fixture
def services() -> dict[str, Any]:
    """Give Compose's services."""
    return dict(yaml.safe_load(COMPOSE)["services"])


@pytest.fixture
def kubernetes() -> dict[str, Any]:
    """Return the objects of `docs/scaling.md` by their kind."""
    text = (ROOT / "docs/scaling.md").read_text("utf-8")
    found = re.search(r"```yaml\n(apiVersion: apps/v1\n.*?)```", text, re.DOTALL)
    assert found is not None
    return {one["kind"]: one for one in yaml.safe_load_all(found[1])}


@pytest.mark.parametrize("name", ["receive", "worker"])
def test_compose_gives_a_bot_settings_that_hold(services: dict[str, Any], name: str) -> None:
    bot = services[name]
    assert set(bot["environment"]) <= NAMES
    settings = Settings.model_validate({key.lower(): filled(value) for key, value in bot["environment"].items()})
    database = services["database"]["environment"]
    assert settings.database_url == (
        f"postgresql+psycopg://{database['POSTGRES_USER']}:{GIVEN['POSTGRES_PASSWORD']}@database/{database['POSTGRES_DB']}"
    )
    assert f"-bucket={settings.media_url.removeprefix('s3://').split('/')[0]}" in services["objects"]["command"]
    assert f"receive {settings.listen.port}" in COMPOSE
    assert bot["command"] == {"receive": ["run", "--receive"], "worker": ["worker"]}[name]
    assert int(bot["stop_grace_period"].removesuffix("s")) > GRACE_S
    user = re.search(r"--uid (\d+)", DOCKERFILE)
    assert user is not None
    assert bot["tmpfs"] == f"{settings.data_dir}:uid={user[1]},gid={user[1]},mode=0700"


def test_compose_names_all_that_it_needs() -> None:
    """The volumes that are used are declared, and each variable is explained at the top or a setting."""
    whole = yaml.safe_load(COMPOSE)
    used = {volume.split(":")[0] for one in whole["services"].values() for volume in one.get("volumes", [])}
    assert used == set(whole["volumes"])
    head = COMPOSE.split("\nname:")[0]
    assert {name for name in re.findall(r"\$\{(\w+)", COMPOSE) if name not in head} == set()
    # Two of them are for the other services.
    assert set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", head)) - {"POSTGRES_PASSWORD", "WEBHOOK_HOST"} <= NAMES


def test_kubernetes_asks_the_bot_what_it_answers(kubernetes: dict[str, Any]) -> None:
    deployment, service = kubernetes["Deployment"]["spec"], kubernetes["Service"]["spec"]
    pod = deployment["template"]["spec"]
    (bot,) = pod["containers"]
    environment = {one["name"].lower(): one["value"] for one in bot["env"]}
    assert {name.upper() for name in environment} <= NAMES
    settings = Settings.model_validate(environment)
    (port,) = bot["ports"]
    assert port["containerPort"] == settings.listen.port
    assert service["ports"][0]["targetPort"] == port["name"]
    paths = {route.path for route in Probes([], {}, lambda: False).routes()}
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert bot[probe]["httpGet"]["path"] in paths
        assert bot[probe]["httpGet"]["port"] == port["name"]
    assert bot["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert pod["terminationGracePeriodSeconds"] > GRACE_S
    assert str(pod["securityContext"]["runAsUser"]) in DOCKERFILE
    (mount,) = bot["volumeMounts"]
    assert mount["mountPath"] == str(settings.data_dir)
    assert [volume["name"] for volume in pod["volumes"]] == [mount["name"]]
    assert deployment["selector"]["matchLabels"] == deployment["template"]["metadata"]["labels"]
    assert service["selector"] == deployment["selector"]["matchLabels"] | {"part": "receive"}
