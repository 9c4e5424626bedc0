# Image of the mock server: `SAFELIGHT_MOCK_CONTROL_TOKEN=secret docker compose up`, or
#   docker build -t safelight-mock . && docker run --rm -p 127.0.0.1:4010:4010 \
#     -e SAFELIGHT_MOCK_CONTROL_TOKEN=secret safelight-mock
# Other machines can reach it in a container, so requests to /_safelight/ need that token.

FROM python:3.12-slim AS build
WORKDIR /src
COPY . .
# Dependencies are installed by hash, from any index; the project's wheel is built offline.
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
# The health check needs no token.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --start-interval=1s CMD ["python", "-c", "\
import http.client, os, sys; \
connection = http.client.HTTPConnection('127.0.0.1', int(os.environ['SAFELIGHT_MOCK_PORT']), timeout=2); \
connection.request('GET', '/_safelight/health'); \
sys.exit(connection.getresponse().status != 200)"]
ENTRYPOINT ["safelight-mock"]
CMD ["serve"]
