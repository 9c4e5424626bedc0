# The twin as an image: `SAFELIGHT_MOCK_CONTROL_TOKEN=secret docker compose up`, or
#   docker build -t safelight-mock . && docker run --rm -p 127.0.0.1:4010:4010 \
#     -e SAFELIGHT_MOCK_CONTROL_TOKEN=secret safelight-mock
# It listens to everybody who reaches the container, so calls to /_safelight/ have to bear that token.

FROM python:3.12-slim AS build
WORKDIR /src
COPY . .
# What it needs comes by its hash, from whichever index; our own wheel is made of that, without an index.
RUN python -m pip install --no-cache-dir --require-hashes --requirement locks/build.txt \
 && python -m pip wheel --no-deps --no-build-isolation --no-index --wheel-dir /tmp/dist . \
 && python -m venv /opt/safelight \
 && /opt/safelight/bin/pip install --no-cache-dir --require-hashes --requirement locks/mock.txt \
 && /opt/safelight/bin/pip install --no-deps --no-index /tmp/dist/*.whl

FROM python:3.12-slim
RUN useradd --system --uid 10001 safelight
COPY --from=build /opt/safelight /opt/safelight
COPY LICENSE NOTICE /usr/share/doc/safelight/
ENV PATH=/opt/safelight/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    SAFELIGHT_MOCK_HOST=0.0.0.0 \
    SAFELIGHT_MOCK_PORT=4010
USER 10001
EXPOSE 4010
# The one question about it that is answered without the token.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --start-interval=1s CMD ["python", "-c", "\
import http.client, os, sys; \
asked = http.client.HTTPConnection('127.0.0.1', int(os.environ['SAFELIGHT_MOCK_PORT']), timeout=2); \
asked.request('GET', '/_safelight/health'); \
sys.exit(asked.getresponse().status != 200)"]
ENTRYPOINT ["safelight-mock"]
CMD ["serve"]
