import pytest

pytest.register_assert_rewrite("tests.live.running", "tests.live.workers")
