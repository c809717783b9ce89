# syntax=docker/dockerfile:1

# The wheel, with the front end built by the Node of a Python package, and everything it needs at the locked versions.
FROM python:3.11-slim AS build
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
RUN ["pip", "install", "--no-cache-dir", "uv==0.13.8"]
WORKDIR /src
COPY requirements-image.lock ./
RUN ["uv", "venv", "--python", "/usr/local/bin/python3", "/opt/labelspace"]
RUN ["uv", "pip", "sync", "--python", "/opt/labelspace/bin/python", "--require-hashes", "requirements-image.lock"]
COPY . .
RUN ["uv", "build", "--wheel", "--out-dir", "/wheel"]
RUN uv pip install --python /opt/labelspace/bin/python --no-deps /wheel/*.whl

# What runs: Python and that environment. No Node, no compiler, no package manager of Node or uv.
FROM python:3.11-slim
RUN useradd --uid 1000 --gid 0 --create-home labelspace \
 && install --directory --owner=1000 --group=0 --mode=0775 /label-studio /label-studio/data /label-studio/files
COPY --from=build /opt/labelspace /opt/labelspace
ENV PATH="/opt/labelspace/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    LABEL_STUDIO_BASE_DATA_DIR=/label-studio/data
WORKDIR /label-studio
USER 1000
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["labelspace", "health"]
CMD ["labelspace", "start"]
