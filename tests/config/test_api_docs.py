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


def test_without_an_account_there_is_no_description(client: Client) -> None:
    assert client.get("/api/schema/").status_code == 401


def test_whoever_opens_the_page_without_an_account_is_shown_where_to_log_in(
    client: Client,
) -> None:
    answer = client.get("/api/docs/")

    assert answer.status_code == 302
    assert answer["Location"] == "/admin/login/?next=/api/docs/"


def test_an_api_address_without_its_slash_is_not_found_and_not_redirected(client: Client) -> None:
    answer = client.post("/api/workflows", {}, content_type="application/json")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


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
