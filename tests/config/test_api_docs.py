"""The API's description is for people with an account, and needs no network."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(User.objects.create(username="reader"))
    return client


@pytest.mark.parametrize("path", ["/api/schema/", "/api/docs/"])
def test_without_an_account_there_is_no_description(client: Client, path: str) -> None:
    assert client.get(path).status_code == 401


def test_the_schema_describes_the_api(signed_in: Client) -> None:
    answer = signed_in.get("/api/schema/", headers={"accept": "application/vnd.oai.openapi+json"})

    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.")


def test_the_page_loads_nothing_from_elsewhere_and_has_no_script_of_its_own(
    signed_in: Client,
) -> None:
    page = signed_in.get("/api/docs/")

    sources = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert [source for source in sources if source.startswith(("http", "//"))] == []
    assert len(sources) >= 3
    assert re.findall(r"<script(?![^>]*\bsrc=)", page.text) == []
    assert "script-src" not in page["Content-Security-Policy"]
