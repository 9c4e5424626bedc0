// openapi-backend as a mock server: `node server.cjs DOCUMENT --port PORT`. It routes by the document and answers
// with the example that it makes of it. Forms are read to their end with busboy; nothing is checked or kept.
"use strict";

const { createServer } = require("node:http");
const { readFileSync } = require("node:fs");
const busboy = require("busboy");
const { OpenAPIBackend } = require("openapi-backend");

const [document, , port] = process.argv.slice(2);

const api = new OpenAPIBackend({
  definition: JSON.parse(readFileSync(document, "utf8")),
  quick: true,
  validate: false,
  handlers: {
    notFound: () => ({ status: 404, mock: { message: "not found" } }),
    notImplemented: (context) => context.api.mockResponseForOperation(context.operation.operationId),
  },
});

function readForm(request) {
  return new Promise((resolve, reject) => {
    const form = busboy({ headers: request.headers });
    form.on("file", (_name, file) => file.resume());
    form.on("close", resolve);
    form.on("error", reject);
    request.pipe(form);
  });
}

async function respond(request, response) {
  if (request.method === "POST") await readForm(request);
  const [path, query] = request.url.split("?");
  const { status, mock } = await api.handleRequest({
    method: request.method,
    path,
    query: query ?? "",
    headers: request.headers,
  });
  send(response, status, mock);
}

function send(response, status, value) {
  response.statusCode = status;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(value)); // all at once: Node.js adds the length
}

api.init().then(() => {
  createServer((request, response) => {
    respond(request, response).catch((error) => send(response, 500, { message: error.message }));
  }).listen(Number(port), "127.0.0.1");
});
