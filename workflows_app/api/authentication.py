"""Logging in and out, and who one is.  Refuses to tell a wrong name from a wrong password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.debug import sensitive_post_parameters
from knox.models import AuthToken
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from workflows_app.api import examples
from workflows_app.api.bodies import BodySerializer
from workflows_app.api.compiling import NoBody
from workflows_app.api.login_limit import count_try, forget_tries
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView
from workflows_app.authoring.errors import WorkflowError

TAG = "Authentication"


class CredentialsRefused(WorkflowError):
    """No active account has this name and this password."""

    code = "auth.invalid"

    def __init__(self) -> None:
        super().__init__("there is no active account with this name and password; try again")


class ForeignPage(WorkflowError):
    """A page of another site sent the request."""

    code = "request.csrf"

    def __init__(self) -> None:
        super().__init__("log in from a page of this site")


class CredentialsBody(BodySerializer):
    """A name and a password."""

    username = serializers.CharField(max_length=150, trim_whitespace=False)
    password = serializers.CharField(
        max_length=4_096, trim_whitespace=False, style={"input_type": "password"}
    )


class UserSerializer(serializers.Serializer[Any]):
    """Who is logged in."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    is_staff = serializers.BooleanField()
    is_superuser = serializers.BooleanField()


@method_decorator(sensitive_post_parameters(), name="dispatch")
@method_decorator(ensure_csrf_cookie, name="dispatch")
class LogIn(ApiView):
    authentication_classes = []
    permission_classes = [AllowAny]

    @operation(
        "auth_login",
        summary="Log in",
        description="Sets the session cookie, and the csrftoken cookie whose value later "
        "requests send as X-CSRFToken.",
        takes=(CredentialsBody, {"username": "ada", "password": "correct horse battery"}),
        answers={200: (UserSerializer, examples.USER)},
        errors=[401, 429, 503],
        tag=TAG,
        anonymous=True,
    )
    def post(self, request: Request) -> Response:
        _refuse_foreign_page(request)
        body = self.body(CredentialsBody)
        who = {"address": request.META.get("REMOTE_ADDR", ""), "username": body["username"]}
        count_try(**who)
        user = authenticate(request._request, username=body["username"], password=body["password"])
        if user is None:
            raise CredentialsRefused
        forget_tries(**who)
        login(request._request, user)
        return Response(UserSerializer(user).data)


class LogOut(ApiView):
    @operation(
        "auth_logout",
        summary="Log out",
        description="Ends the session, or revokes the token that the request was sent with.",
        takes=(NoBody, {}),
        answers={204: (None, None)},
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        self.body(NoBody)
        if isinstance(request.auth, AuthToken):
            request.auth.delete()
        else:
            logout(request._request)
        return Response(status=204)


@method_decorator(ensure_csrf_cookie, name="dispatch")
class WhoAmI(ApiView):
    @operation(
        "auth_me",
        summary="Ask who you are",
        answers={200: (UserSerializer, examples.USER)},
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        return Response(UserSerializer(request.user).data)


def _refuse_foreign_page(request: Request) -> None:
    """Refuse a login that another site's page sends, which would make its visitor act as another.

    There is no session yet, so there is no token to ask for.  The body has to be JSON, which a
    browser sends to another site only after asking, and we never say yes; this is the second lock.
    """
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise ForeignPage
    origin = request.headers.get("Origin")
    if origin is None or origin in settings.CSRF_TRUSTED_ORIGINS:
        return
    host = request.get_host()
    # Compared as text: what another reader makes of a strange origin is not our concern.
    if origin not in (f"https://{host}", f"http://{host}"):
        raise ForeignPage
