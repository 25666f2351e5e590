"""The engine on real workers, a real broker and both databases."""

import pytest

pytest.register_assert_rewrite("tests.live.running", "tests.live.workers")
