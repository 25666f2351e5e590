# One image for web, worker, beat, Flower and migrations; docker-compose.yml says which is which.
FROM python:3.12-slim AS build

WORKDIR /build
COPY requirements.lock .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

FROM node:24-slim AS editor

WORKDIR /build/editor
COPY editor/package.json editor/package-lock.json editor/.npmrc ./
RUN npm ci
COPY editor/tsconfig.json editor/vite.config.ts ./
COPY editor/src src
RUN npx vite build

FROM python:3.12-slim

# Without a home of its own: nothing may depend on one.
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent celeriac \
    && install -d -o celeriac -g celeriac /var/lib/celeriac

ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    STATE_DIR=/var/lib/celeriac

WORKDIR /app
COPY --from=build /venv /venv
COPY manage.py pyproject.toml ./
COPY config config
COPY workflows_app workflows_app
COPY --from=editor /build/workflows_app/static/editor workflows_app/static/editor
COPY executions_app executions_app
# Collecting needs settings that may start; these are thrown away with the command.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
    ALLOWED_HOSTS=localhost FLOWER_PORT=0 python manage.py collectstatic --no-input

USER celeriac
VOLUME /var/lib/celeriac
EXPOSE 8000
CMD ["uvicorn", "config.asgi:application", "--host", "0.0.0.0", "--port", "8000", \
     "--timeout-graceful-shutdown", "5", "--lifespan", "off", "--no-server-header"]
