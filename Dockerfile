# One image for web, worker, beat and migrations; docker-compose.yml says which is which.
FROM debian:12

RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 python3-venv fonts-noto-core \
 && rm -rf /var/lib/apt/lists/*

# The process may write its files and nothing else: the code belongs to root.
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin ceasefire \
 && install -d -o ceasefire -g ceasefire -m 700 /var/lib/ceasefire/files /var/lib/ceasefire/releases

WORKDIR /srv/ceasefire
COPY requirements/runtime.txt requirements/
RUN python3 -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/runtime.txt

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    FILES_ROOT=/var/lib/ceasefire/files \
    STATIC_ROOT=/srv/ceasefire/static

COPY . .
# Settings refuse to load without secrets; these stand in for one command and are not kept.
RUN SECRET_KEY=none SEALING_KEYS=none SEALING_TAG_KEY=none python manage.py collectstatic --noinput

USER ceasefire
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--config", "deploy/web.py", "--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
