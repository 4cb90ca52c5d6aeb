# docker-compose.yml shows it with all that it needs. By itself:
#   docker run --stop-timeout 60 -e SECRET_KEY=… -e SITE_URL=… -e DATABASE_URL=… -e REDIS_URL=… -p 8000:8000 liveblog
# On SIGTERM it takes DRAIN_NOTICE + DRAIN_SECONDS and 20 s at most: the stop timeout must be longer.
ARG PYTHON=3.11
FROM python:${PYTHON}-slim

RUN useradd --system --uid 10001 --no-create-home liveblog \
    && install -d -o liveblog /srv/liveblog/static /srv/liveblog/removals /srv/liveblog/media
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.txt
COPY . .
RUN python -m compileall -q liveblog events

USER liveblog
ENV HOST=0.0.0.0 PORT=8000 STATIC_ROOT=/srv/liveblog/static PYTHONUNBUFFERED=1
# For a container by itself. Where several releases share a volume, each is collected into that before it serves.
RUN SECRET_KEY=for-this-step-alone python manage.py collectstatic --noinput --verbosity 0

EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=2)"]
CMD ["python", "manage.py", "serve"]
