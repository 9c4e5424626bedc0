// autocannon, with a number in each upload that no other upload has; takes autocannon's own options.
//
// The form's picture has a place for it: the word below, and ten digits. They are overwritten before each request.
"use strict";

const autocannon = require("autocannon");

const WORD = "safelight-bench-";
const DIGITS = 10;
let sent = 0;

function setupRequest(request) {
  const at = request.body.indexOf(WORD);
  if (at >= 0) request.body.write(String(sent++).padStart(DIGITS, "0"), at + WORD.length, "latin1");
  return request;
}

autocannon.start({ ...autocannon.parseArguments(process.argv.slice(2)), requests: [{ setupRequest }] });
