"""Logging in to the admin: as often as over the API, and counted with it."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from rest_framework.exceptions import Throttled

from workflows_app.api.login_limit import LoginUnavailable, count_try, forget_tries


class LimitedLoginForm(AdminAuthenticationForm):
    """Refuses a try too many before the password is looked at."""

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data.

        Raises:
            ValidationError: if the password is wrong, or there were too many tries.
        """
        who = {
            "address": str(self.request.META.get("REMOTE_ADDR", "")) if self.request else "",
            "username": str(self.cleaned_data.get("username") or ""),
        }
        try:
            count_try(**who)
        except Throttled as error:
            raise ValidationError(
                "Too many tries. Wait %(minutes)s minutes and try again.",
                code="throttled",
                params={"minutes": int(error.wait or 0) // 60},
            ) from None
        except LoginUnavailable as error:
            raise ValidationError(str(error), code=error.code) from None
        cleaned = super().clean()
        forget_tries(**who)
        return cleaned
