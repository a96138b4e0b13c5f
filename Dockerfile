# syntax=docker/dockerfile:1
FROM python:3.11-slim AS build
WORKDIR /build
RUN python -m venv /opt/ingest
COPY requirements.lock ./
RUN /opt/ingest/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
COPY pyproject.toml README.md ./
COPY src ./src
COPY flows ./flows
# The build backend came with the lock, hence no isolation.
RUN /opt/ingest/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --uid 10001 --user-group --create-home --home-dir /data ingest
COPY --from=build /opt/ingest /opt/ingest
ENV PATH=/opt/ingest/bin:$PATH DO_NOT_TRACK=1 PREFECT_SERVER_ANALYTICS_ENABLED=false
USER ingest
WORKDIR /data
ENTRYPOINT ["ingest"]
CMD ["--help"]
