# Two stages: what installs stays behind, what runs has neither compilers nor caches nor root.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.lock .
RUN /opt/venv/bin/pip install --quiet --no-deps --require-hashes -r requirements.lock
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY storage storage
RUN /opt/venv/bin/pip install --quiet --no-deps --no-build-isolation . && /opt/venv/bin/pip check

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin bot \
    && install --directory --owner=bot --group=bot --mode=0700 /data
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
USER bot
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["pentimento", "health"]
ENTRYPOINT ["pentimento"]
CMD ["run"]
