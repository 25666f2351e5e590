"""The journal on a real database: laws after random histories, delivery, costs."""

import pytest

pytest.register_assert_rewrite("tests.journal.histories")
