# One recipe for every process; the room is chosen by the command: python -m services.payments.app
FROM python:3.11-slim-bookworm AS built
COPY requirements.lock /build/
RUN python -m venv /opt/doudi \
 && /opt/doudi/bin/pip install --no-cache-dir --require-hashes -r /build/requirements.lock

FROM python:3.11-slim-bookworm
ARG SERVICE=gateway
ENV PATH=/opt/doudi/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 ROOM=$SERVICE
COPY --from=built /opt/doudi /opt/doudi
WORKDIR /app
COPY shared shared
COPY policies policies
COPY services services
COPY gateway gateway
USER 10001:10001
CMD ["sh", "-c", "case $ROOM in gateway) exec python -m gateway.app;; *) exec python -m services.$ROOM.app;; esac"]
