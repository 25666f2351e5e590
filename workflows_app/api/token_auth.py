"""``Authorization: Token ...``.  Refuses a token that cannot be one before anything is looked up:
the library decodes what it is given and breaks on bytes that are no text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AbstractBaseUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox import auth
from rest_framework.exceptions import AuthenticationFailed

if TYPE_CHECKING:
    # It imports the API's settings, which name this module.
    from drf_spectacular.openapi import AutoSchema

_TOKEN = re.compile(rb"[0-9A-Za-z_\-]{16,200}")


class TokenAuthentication(auth.TokenAuthentication):  # type: ignore[misc]
    """Whoever sends one of our tokens acts as its user; cookies are then not looked at."""

    def authenticate_credentials(self, token: bytes) -> tuple[AbstractBaseUser, Any]:
        """Return the user and the token.

        Raises:
            AuthenticationFailed: if it is none of ours, has expired or its user is inactive.
        """
        if not _TOKEN.fullmatch(token):
            raise AuthenticationFailed("Invalid token.")
        found: tuple[AbstractBaseUser, Any] = super().authenticate_credentials(token)
        return found


class TokenScheme(OpenApiAuthenticationExtension):
    """How OpenAPI describes it."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token ` and a token made by `manage.py create_token USER`.",
        }
