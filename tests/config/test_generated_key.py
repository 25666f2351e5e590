"""A generated secret is made once, for its owner only."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from config.settings.generated_key import generated_key


def test_a_secret_is_kept_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "key"

    first = generated_key(path)

    assert generated_key(path) == first
    assert len(first) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_all_who_ask_at_once_get_the_same_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        got = set(pool.map(lambda _: generated_key(tmp_path / "key"), range(64)))

    assert len(got) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
