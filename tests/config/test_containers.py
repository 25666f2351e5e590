"""The compose file asks for every secret and opens nothing to the network."""

from __future__ import annotations

import re
from typing import Any

import yaml
from django.conf import settings

from config.settings.environment import VARIABLES

TEXT = (settings.BASE_DIR / "docker-compose.yml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]


def test_all_processes_are_there() -> None:
    assert set(SERVICES) == {"postgres", "valkey", "migrate", "web", "worker", "beat", "flower"}


def test_ports_are_open_on_this_machine_only() -> None:
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert set(ports) == {"web", "flower"}
    assert [port for opened in ports.values() for port in opened if "127.0.0.1:" not in port] == []


def test_no_secret_has_a_default() -> None:
    secrets = set(re.findall(r"\$\{(\w*(?:PASSWORD|SECRET_KEY))([^}]*)\}", TEXT))

    assert {name for name, _ in secrets} == {
        *("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "FLOWER_PASSWORD")
    }
    assert [name for name, rest in secrets if not rest.startswith(":?")] == []


def test_every_variable_handed_on_is_one_the_settings_read() -> None:
    assert set(SERVICES["web"]["environment"]) <= set(VARIABLES)


def test_every_long_running_process_is_watched() -> None:
    assert [name for name, service in SERVICES.items() if "healthcheck" not in service] == [
        "migrate"
    ]
