# The service as one image; compose and clusters start it as web, worker or beat.
FROM node:22-slim AS browser-packages
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM python:3.11-slim AS build
WORKDIR /app
RUN python -m venv /venv
ENV PATH="/venv/bin:$PATH" PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/runtime.txt requirements/
RUN pip install --require-hashes -r requirements/runtime.txt
COPY . .
COPY --from=browser-packages /build/node_modules node_modules
RUN pip install --no-deps --no-build-isolation ./verifier/python \
 && find talentcard cards services demo -name '*.po' -exec sh -c 'pybabel --quiet compile -i "$1" -o "${1%.po}.mo"' _ {} \; \
 # collectstatic reads the settings, which insist on secrets: these are thrown away with this command
 && python -m talentcard.core.keys > /tmp/build.env \
 && (set -a && . /tmp/build.env && set +a && VAR_DIR=/tmp/var python manage.py collectstatic --noinput --ignore 'pico.[!m]*') \
 && rm -rf /tmp/build.env /tmp/var node_modules tests benchmarks

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /app talentcard && install -d -o talentcard /var/lib/talentcard
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH="/venv/bin:$PATH" PYTHONUNBUFFERED=1 VAR_DIR=/var/lib/talentcard DJANGO_SETTINGS_MODULE=talentcard.settings
USER talentcard
VOLUME /var/lib/talentcard
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "talentcard.wsgi:application"]
