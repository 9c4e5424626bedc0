// Verify the signature of a Claid webhook: `node verify.mjs SECRET SIGNATURE < body`.
import { createHmac, timingSafeEqual } from "node:crypto";
import { buffer } from "node:stream/consumers";

function isGenuine(body, secret, signature) {
  const made = Buffer.from("sha256=" + createHmac("sha256", secret).update(body).digest("hex"));
  const sent = Buffer.from(signature);
  return made.length === sent.length && timingSafeEqual(made, sent);
}

const [secret, signature] = process.argv.slice(2);
console.log(isGenuine(await buffer(process.stdin), secret, signature));
