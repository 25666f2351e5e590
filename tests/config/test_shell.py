"""The page that carries all others: where it is served, what it may do, and without a bundle."""

from __future__ import annotations

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.test import Client, override_settings

from config.browser import bundle, shell


@pytest.fixture
def bundle_file(tmp_path, monkeypatch):
    """A bundle with one script and one style sheet."""
    manifest = tmp_path / "manifest.json"
    manifest.write_text(
        '{"src/main.tsx": {"file": "assets/main-1.js", "css": ["assets/main-1.css"],'
        ' "imports": ["_part.js"]}, "_part.js": {"file": "assets/part-2.js"}}'
    )
    monkeypatch.setattr(bundle, "MANIFEST", manifest)
    return manifest


@pytest.mark.parametrize("path", ["/", "/login", "/workflows/abc/versions", "/executions/x.y:z"])
def test_every_page_of_the_ui_is_the_same_shell(path, bundle_file):
    answer = Client().get(path)

    assert answer.status_code == 200
    assert b"/static/editor/assets/main-1.js" in answer.content
    assert b"/static/editor/assets/part-2.js" in answer.content
    assert "csrftoken" in answer.cookies


@pytest.mark.parametrize("path", ["/wp-login.php", "/workflowsx", "/api/nothing/", "/static/no.js"])
def test_other_addresses_are_not_found(path, bundle_file):
    assert Client().get(path).status_code == 404


def test_the_policy_allows_no_inline_script_and_only_styles_with_this_answers_nonce(bundle_file):
    first, second = (Client().get("/").headers["Content-Security-Policy"] for _ in range(2))

    assert "script-src 'self';" in first
    assert "unsafe" not in first
    assert "'nonce-" in first
    assert first != second


def test_a_chosen_theme_is_written_into_the_page_and_nothing_else_is(bundle_file):
    client = Client()
    client.cookies["theme"] = "dark"
    assert b'data-theme="dark"' in client.get("/").content

    client.cookies["theme"] = '"><script>'
    assert b"data-theme" not in client.get("/").content
    assert b"<script>" not in client.get("/").content


def test_without_a_bundle_the_page_names_the_command_that_makes_it(tmp_path, monkeypatch):
    monkeypatch.setattr(bundle, "MANIFEST", tmp_path / "none.json")

    answer = Client().get("/workflows")

    assert answer.status_code == 503
    assert b"manage.py build_editor" in answer.content


def test_a_page_is_not_kept_by_caches_but_its_files_are(bundle_file):
    assert Client().get("/").headers["Cache-Control"] == "no-cache, private"
    assert shell.PAGES[0] == "login"


class _Hashing(StaticFilesStorage):
    """A storage that gives files other names, as that of production does."""

    def url(self, name: str) -> str:
        return f"/static/hashed-{name}"


def test_parts_are_named_as_they_name_each_other_whatever_the_storage(bundle_file, settings):
    hashing = {"BACKEND": f"{__name__}._Hashing"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": hashing}

    content = Client().get("/").content

    assert b'"/static/hashed-workflows_app/icon.svg"' in content
    assert b'src="/static/editor/assets/main-1.js"' in content
    assert b'href="/static/editor/assets/part-2.js"' in content


@override_settings(DEBUG=False)
def test_posting_to_a_page_is_refused(bundle_file):
    assert Client().post("/workflows").status_code == 405
