# The gateway in production: API (`gateway serve`) or worker (`gateway worker`), without the embedded Postgres.

# By version, not by digest: one has to be taken from a registry that you trust. docs/deploy.md says how to pin it.
ARG PYTHON_IMAGE=docker.io/library/python:3.11.14-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
RUN python -m pip install --no-cache-dir --root-user-action=ignore uv==0.13.9
WORKDIR /src
ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    UV_PROJECT_ENVIRONMENT=/app \
    UV_PYTHON_DOWNLOADS=never
# The locked dependencies first: this layer stays as long as the lock does.
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --no-install-project --extra cloud --extra tracing
COPY README.md LICENSE ./
COPY flags flags
COPY pipelines pipelines
COPY gateway gateway
# A pipeline that cannot be imported, or a module that is missing, ends the build here.
RUN uv sync --frozen --no-dev --no-editable --extra cloud --extra tracing \
    && /app/bin/gateway check

FROM ${PYTHON_IMAGE}
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin gateway \
    && install --directory --owner=gateway --group=gateway /data
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    HOST=0.0.0.0 \
    PORT=10000
USER 10001:10001
WORKDIR /data
EXPOSE 10000
STOPSIGNAL SIGTERM
# A container that runs `gateway worker` answers on METRICS_PORT: give that to the probe there.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["python", "-m", "gateway.server.healthcheck"]
CMD ["gateway", "serve"]
