import { expect, it } from "vitest";
import { knownSecrets } from "./known-secrets.ts";

const secret = `k/7+x&y<z>'q"=-${process.pid}-never-to-be-seen`;
const json = JSON.stringify(secret).slice(1, -1);

it.each([
  ["as it is", secret],
  ["in JSON", json],
  ["in JSON of PHP", json.replaceAll("/", "\\/")],
  ["in JSON of Go", json.replaceAll("&", "\\u0026").replaceAll("<", "\\u003c").replaceAll(">", "\\u003e")],
  ["in JSON of PHP that is a text in JSON", JSON.stringify(json.replaceAll("/", "\\/")).slice(1, -1)],
  ["in an address", encodeURIComponent(secret)],
  ["in an address with small letters", encodeURIComponent(secret).replaceAll(/%../g, (byte) => byte.toLowerCase())],
  ["in HTML", "k/7+x&amp;y&lt;z&gt;'q&quot;" + secret.slice(secret.indexOf("=-"))],
  ["in HTML, its apostrophes too", "k/7+x&amp;y&lt;z&gt;&#39;q&quot;" + secret.slice(secret.indexOf("=-"))],
  ["in base64", Buffer.from(secret).toString("base64")],
  ["in base64 for addresses", Buffer.from(secret).toString("base64url")],
])("knows a secret %s (SECURITY 5)", (_how, written) => {
  knownSecrets.add(secret);
  expect(knownSecrets.mask(`before ${written} behind`, "[masked]")).toBe("before [masked] behind");
});

it("forgets what is older than the last 64", () => {
  knownSecrets.add(secret);
  for (let each = 0; each < 64; each += 1) knownSecrets.add(`another one, number ${each}`);
  expect(knownSecrets.isIn(secret)).toBe(false);
});
