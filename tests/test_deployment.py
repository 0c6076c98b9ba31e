"""What starts the bot fits it: Compose, Kubernetes and systemd, in settings, ports, paths, user and times; alerts."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.process.signals import ExitCode
from bot.settings.settings import Settings
from bot.web.probes import Probes

ROOT = Path(__file__).parent.parent
COMPOSE = (ROOT / "compose.cluster.yaml").read_text("utf-8")
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


def test_compose_without_more_is_one_container_with_its_data_and_a_place_for_backups() -> None:
    """Both ways of Docker keep the data in the volume of the same name, so one can follow the other."""
    text = (ROOT / "compose.yaml").read_text("utf-8")
    whole = yaml.safe_load(text)
    ((name, bot),) = whole["services"].items()
    assert (name, bot["container_name"]) == ("bot", "pentimento")
    settings = Settings.model_validate({key.lower(): value for key, value in bot["environment"].items()})
    assert not settings.shares
    assert bot["volumes"] == [f"data:{settings.data_dir}", "${BACKUPS:-./backups}:/backup"]
    assert whole["volumes"] == {"data": {"name": "pentimento"}}
    assert "-v pentimento:/data" in (ROOT / "docs/operating.md").read_text("utf-8")
    port = settings.listen.port
    assert bot["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert int(bot["stop_grace_period"].removesuffix("s")) > GRACE_S
    assert f"uid {re.findall(r'--uid ([0-9]+)', DOCKERFILE)[0]}" in text
    # Its containers are others than those of a cluster that runs on the same machine.
    assert whole["name"] != yaml.safe_load(COMPOSE)["name"]


UNITS = ROOT / "docs/systemd"


def _unit(name: str) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(UNITS / name, "utf-8")
    return unit


def test_systemd_starts_the_bot_again_unless_only_a_person_can_mend_it() -> None:
    service = _unit("pentimento.service")["Service"]
    assert service["Restart"] == "on-failure"
    assert int(service["RestartPreventExitStatus"]) == ExitCode.MISCONFIGURED
    assert int(service["SuccessExitStatus"]) == ExitCode.CUT_SHORT
    assert int(service["TimeoutStopSec"]) > GRACE_S
    assert service["ExecStart"].endswith("pentimento run")


def test_the_timer_backs_up_what_the_bot_of_systemd_stores() -> None:
    bot, backup = _unit("pentimento.service")["Service"], _unit("pentimento-backup.service")["Service"]
    for name in ("User", "WorkingDirectory", "Environment", "StateDirectory"):
        assert backup[name] == bot[name]
    command = backup["ExecStart"].split()
    assert command[:2] == [bot["ExecStart"].split()[0], "backup"]
    assert command[2].startswith(backup["ReadWritePaths"])
    assert _unit("pentimento-backup.timer")["Timer"]["Persistent"] == "true"


def test_commands_that_are_typed_find_the_store_of_the_service() -> None:
    """They read `.env`, and not the unit. Else a backup before an update would be one of an empty folder."""
    page = (ROOT / "docs/operating.md").read_text("utf-8")
    bot = _unit("pentimento.service")["Service"]
    assert f"echo {bot['Environment']} | sudo tee -a .env" in page
    assert f"sudo -u {bot['User']} .venv/bin/pentimento check" in page


def test_make_sets_up_without_starting_a_bot_beside_the_service() -> None:
    said = subprocess.run(["make", "--dry-run", "setup"], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert "-m bot" not in said


def test_who_chooses_another_python_for_the_service_is_told_to_remove_the_environment_first() -> None:
    """`make setup` keeps an environment that is there, and with it the Python that the service cannot see."""
    page = (ROOT / "docs/operating.md").read_text("utf-8")
    before, found, _ = page.partition("`make PYTHON=/usr/bin/python3 setup`")
    assert found
    assert before.rstrip().endswith("`make clean`, then")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_itself_understands_the_units(tmp_path: Path) -> None:
    program = tmp_path / "pentimento"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for path in UNITS.iterdir():
        text = path.read_text("utf-8").replace("/opt/pentimento/.venv/bin/pentimento", str(program))
        (tmp_path / path.name).write_text(text.replace("/opt/pentimento", str(tmp_path)), "utf-8")
    units = [str(tmp_path / name) for name in ("pentimento.service", "pentimento-backup.timer")]
    said = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True)
    assert [line for line in said.stderr.splitlines() if "pentimento" in line] == []


DURATION = r"(?:\d+(?:ms|[smhdwy]))+"


def test_the_alert_rules_have_the_form_that_prometheus_reads() -> None:
    """Keys and forms as in Prometheus' documentation, "Defining recording rules" and "Alerting rules"."""
    whole = yaml.safe_load((ROOT / "docs/prometheus/alerts.yml").read_text("utf-8"))
    assert set(whole) == {"groups"}
    names = []
    for group in whole["groups"]:
        assert set(group) <= {"name", "interval", "limit", "query_offset", "labels", "rules"}
        for rule in group["rules"]:
            assert set(rule) <= {"alert", "expr", "for", "keep_firing_for", "labels", "annotations"}
            assert re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]*", rule["alert"])
            assert re.fullmatch(DURATION, rule.get("for", "0s"))
            texts = [*rule["labels"].values(), *rule["annotations"].values()]
            assert all(isinstance(text, str) and text for text in texts)
            assert all(found in ("$labels.kind", "$value") for text in texts for found in re.findall(r"\$[\w.]+", text))
            for opening, closing in ("()", "[]", "{}"):
                assert rule["expr"].count(opening) == rule["expr"].count(closing)
            assert all(re.fullmatch(DURATION, range_) for range_ in re.findall(r"\[(.*?)\]", rule["expr"]))
            names.append(rule["alert"])
    assert len(names) == len(set(names)) >= 6


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
