"""What is installed and deployed, without the network: the lock files fit ``pyproject.toml``, agree with each other and
can be used on any machine; ``compose.cluster.yaml`` and ``docs/scaling.md`` name commands, settings and paths that are
there.
"""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.settings.settings import Settings
from bot.web.probes import PROBE_S

ROOT = Path(__file__).parent.parent
RUN_LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "tests" / "requirements.lock"

# Which files may import the libraries of an extra, by the start of their path; the last row is everything else.
EXTRA_OF: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("bot/process/cluster", "storage/cluster/sessions", "storage/cluster/heartbeat", "bot/dispatch/cluster/"),
        ("cluster",),
    ),
    "bot/pictures/boards/film": ("video",),
    "bot/pictures/convert/frames": ("video",),
    "bot/pictures/convert/pdf_page": ("pdf",),
    "": (),
}


def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project


def _pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", lock.read_text("utf-8"), re.MULTILINE))


def _wanted(*extras: str) -> list[Requirement]:
    project = _project()
    texts = list(project["dependencies"])
    for extra in extras:
        texts += project["optional-dependencies"][extra]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize(
    ("lock", "extras"),
    [(RUN_LOCK, ("cluster", "video", "pdf")), (TEST_LOCK, ("cluster", "video", "pdf", "dev"))],
    ids=["run", "test"],
)
def test_each_requirement_is_pinned_to_a_version_that_it_accepts(lock: Path, extras: tuple[str, ...]) -> None:
    pins = _pins(lock)
    stale = [
        str(wanted)
        for wanted in _wanted(*extras)
        if not wanted.specifier.contains(pins.get(canonicalize_name(wanted.name), "0"))
    ]
    assert stale == [], "run `make lock`"


def test_what_runs_is_what_was_tested() -> None:
    assert _pins(RUN_LOCK).items() <= _pins(TEST_LOCK).items()


@pytest.mark.parametrize("lock", [RUN_LOCK, TEST_LOCK], ids=["run", "test"])
def test_a_lock_pins_every_file_by_its_hash_and_names_no_place(lock: Path) -> None:
    text = lock.read_text("utf-8")
    for entry in re.split(r"\n(?=\S)", re.sub(r"(?m)^#.*\n?", "", text)):
        assert re.match(r"[a-z0-9._-]+==\S+( ; .*)? \\\n    --hash=sha256:[0-9a-f]{64}", entry), entry[:80]
    assert not re.search(r"://|^\s*-(?!-hash)|(?<![\w.])/\w", text, re.MULTILINE)


def test_what_a_module_imports_is_required_by_its_part() -> None:
    distributions = importlib.metadata.packages_distributions()
    required = {extra: {canonicalize_name(wanted.name) for wanted in _wanted(*extra)} for extra in EXTRA_OF.values()}
    missing = []
    for path in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "storage").rglob("*.py")]:
        name = path.relative_to(ROOT).as_posix()
        allowed = required[next((extra for start, extra in EXTRA_OF.items() if name.startswith(start)), ())]
        for top in _imported(path) - sys.stdlib_module_names - {"bot", "storage"}:
            if not allowed & {canonicalize_name(found) for found in distributions.get(top, [top])}:
                missing.append(f"{name}: {top}")
    assert missing == []


def _imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 0]
    return {name.split(".")[0] for name in names}


def test_every_file_that_is_not_python_is_part_of_the_package() -> None:
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]["*"]
    files = (path.relative_to(ROOT) for top in ("bot", "storage") for path in (ROOT / top).rglob("*") if path.is_file())
    left_out = [
        str(path)
        for path in files
        if not any(part.startswith(".") for part in path.parts)
        and path.suffix not in {".py", ".pyc"}
        and not any(map(path.match, patterns))
    ]
    assert left_out == []


def _compose() -> dict[str, Any]:
    composed: dict[str, Any] = yaml.safe_load((ROOT / "compose.cluster.yaml").read_text("utf-8"))
    return composed


def _kubernetes() -> list[dict[str, Any]]:
    block = (ROOT / "docs/scaling.md").read_text("utf-8").partition("```yaml\n")[2].partition("```")[0]
    return list(yaml.safe_load_all(block))


GRACE_S = Settings.model_fields["stop_grace_s"].default


def test_compose_runs_receivers_and_workers_with_settings_that_exist() -> None:
    services = _compose()["services"]
    assert [(services[name]["command"], services[name]["deploy"]["replicas"]) for name in ("receive", "worker")] == [
        (["run", "--receive"], 2),
        (["worker"], 3),
    ]
    for name in ("receive", "worker"):
        assert {setting.lower() for setting in services[name]["environment"]} <= set(Settings.model_fields)
        assert int(services[name]["stop_grace_period"].removesuffix("s")) > GRACE_S
        assert all(services[other]["healthcheck"] for other in services[name]["depends_on"])


def test_compose_holds_no_secret_and_keeps_all_that_is_stored() -> None:
    composed = _compose()
    for service in composed["services"].values():
        environment = service.get("environment", {})
        secrets = [value for name, value in environment.items() if re.search("PASSWORD|KEY|DATABASE_URL", name)]
        assert all(re.search(r"\$\{\w+:\?", value) for value in secrets)
        assert ":" in service["image"] or service.get("build")
    kept = {volume.split(":")[0] for service in composed["services"].values() for volume in service.get("volumes", [])}
    assert kept == set(composed["volumes"])
    published = [name for name, service in composed["services"].items() if service.get("ports")]
    assert published == ["proxy"]


def test_the_deployment_for_kubernetes_fits_the_image_and_the_settings() -> None:
    deployment, service = _kubernetes()
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["terminationGracePeriodSeconds"] > GRACE_S
    user = re.search(r"--uid (\d+)", (ROOT / "Dockerfile").read_text("utf-8"))
    assert user is not None
    assert pod["securityContext"]["runAsUser"] == int(user[1])
    assert {variable["name"].lower() for variable in container["env"]} <= set(Settings.model_fields)
    probes = {name: probe["httpGet"]["path"] for name, probe in container.items() if name.endswith("Probe")}
    assert probes == {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}
    assert container["livenessProbe"]["timeoutSeconds"] > PROBE_S
    assert deployment["spec"]["selector"]["matchLabels"] == deployment["spec"]["template"]["metadata"]["labels"]
    assert service["spec"]["ports"][0]["targetPort"] == container["ports"][0]["name"]


def test_the_image_holds_what_postgresql_and_a_bucket_need() -> None:
    pins = _pins(RUN_LOCK)
    assert {canonicalize_name(wanted.name) for wanted in _wanted("cluster")} <= pins.keys()
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    copied = [words for line in re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", dockerfile) for words in line.split()]
    assert copied
    assert all(f"!{path}" in ignored for path in copied)
