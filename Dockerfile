FROM python:3.11-slim AS builder
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src

# The final image gets its packages without pip, which it never needs.
RUN python -m venv --without-pip /opt/mockingbird
COPY requirements ./requirements
RUN pip --python /opt/mockingbird install --no-deps --require-hashes --only-binary :all: -r requirements/runtime.txt
# setuptools is the only development package that builds the wheel, and stays behind in this stage.
RUN sed -n '/^setuptools==/,/[^\\]$/p' requirements/dev.txt > /tmp/build.txt \
    && pip install --no-deps --require-hashes --only-binary :all: -r /tmp/build.txt

COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
COPY cogs ./cogs
COPY data ./data
RUN pip wheel --no-deps --no-build-isolation --no-index --wheel-dir /tmp/wheel . \
    && pip --python /opt/mockingbird install --no-deps --no-index /tmp/wheel/*.whl


FROM python:3.11-slim
# The number is fixed so that a volume keeps its owner from image to image.
RUN groupadd --gid 10001 mockingbird \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin mockingbird \
    && install -d -o mockingbird -g mockingbird /app/var
COPY --from=builder /opt/mockingbird /opt/mockingbird
ENV PATH=/opt/mockingbird/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MOCKINGBIRD_DATABASE_URL=sqlite+aiosqlite:////app/var/mockingbird.db \
    MOCKINGBIRD_HTTP_HOST=0.0.0.0 \
    MOCKINGBIRD_HTTP_PORT=8080
WORKDIR /app
USER mockingbird
VOLUME /app/var
STOPSIGNAL SIGTERM
# Past any http_proxy of the operator: the question is for this container.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-c", \
    "import sys, urllib.request as r; sys.exit(r.build_opener(r.ProxyHandler({})).open('http://127.0.0.1:8080/healthz', timeout=4).status != 200)"]
ENTRYPOINT ["mockingbird"]
CMD ["run"]
