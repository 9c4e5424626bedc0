// The same with a library: `npm install @octokit/webhooks`.
import { Webhooks } from "@octokit/webhooks";
import { text } from "node:stream/consumers";

const [secret, signature] = process.argv.slice(2);
const webhooks = new Webhooks({ secret });
console.log(await webhooks.verify(await text(process.stdin), signature));
