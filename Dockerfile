# syntax=docker/dockerfile:1
FROM python:3.11.14-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /opt/ingest
COPY requirements.lock ./
RUN /opt/ingest/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
COPY pyproject.toml README.md ./
COPY src ./src
COPY flows ./flows
# The build backend came with the lock, hence no isolation. Byte code is compiled here: the file system is read-only later.
RUN /opt/ingest/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation . \
    && /opt/ingest/bin/python -m compileall -q /opt/ingest/lib

# Only for docker-compose.replicas.yml: the same with what Prefect's replicas ask of Redis, in versions that Prefect allows.
FROM build AS build-replicas
RUN /opt/ingest/bin/pip install --no-cache-dir --disable-pip-version-check "prefect-redis>=0.3,<0.4" "redis>=8,<9"

FROM python:3.11.14-slim-bookworm AS base
RUN useradd --uid 10001 --user-group --create-home --home-dir /data ingest \
    && install --directory --owner ingest --group ingest /backups
COPY deploy/with-secrets /usr/local/bin/with-secrets
COPY prefect.yaml /opt/prefect.yaml
ENV PATH=/opt/ingest/bin:$PATH DO_NOT_TRACK=1 PREFECT_SERVER_ANALYTICS_ENABLED=false PREFECT_HOME=/data/prefect
WORKDIR /data
ENTRYPOINT ["with-secrets"]
CMD ["ingest", "--help"]

FROM base AS replicas
COPY --from=build-replicas /opt/ingest /opt/ingest
USER 10001:10001

FROM base AS ingest
COPY --from=build /opt/ingest /opt/ingest
USER 10001:10001
