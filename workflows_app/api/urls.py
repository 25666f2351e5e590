"""Routes under ``/api/`` that are about definitions."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
