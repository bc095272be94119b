# Two images of docker-compose.yml: `platform` (Airflow with this project) and `partners` (their SFTP server).
FROM python:3.12-slim-bookworm AS platform
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 UV_PYTHON_PREFERENCE=only-system HOME=/tmp USER=tfi LOGNAME=tfi
WORKDIR /opt/tf-integration
COPY requirements-bootstrap.txt requirements.lock requirements-celery.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements-bootstrap.txt \
    && uv pip install --system --no-cache --require-hashes -r requirements.lock \
    && uv pip install --system --no-cache --no-deps --require-hashes -r requirements-celery.txt
COPY . .
# Whoever runs the containers (TFI_UID) is in group 0, which may write below /srv/tfi.
RUN uv pip install --system --no-cache --offline --no-deps --no-build-isolation --editable . \
    && mkdir -p /srv/tfi && chmod 0770 /srv/tfi
USER 10001:0

FROM debian:12-slim AS partners
RUN apt-get update \
    && apt-get install -y --no-install-recommends openssh-server openssh-client \
    && rm -rf /var/lib/apt/lists/* /etc/ssh/ssh_host_*
COPY tf_integration/serve/container/sshd_config /etc/ssh/partners_config
COPY tf_integration/serve/container/partners /usr/local/bin/partners
ENTRYPOINT ["/usr/local/bin/partners"]
