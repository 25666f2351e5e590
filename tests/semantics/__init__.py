"""The numbered scenarios, each told twice: in memory by a virtual clock, and on real workers."""

import pytest

pytest.register_assert_rewrite("tests.semantics.stage", "tests.live.workers")
