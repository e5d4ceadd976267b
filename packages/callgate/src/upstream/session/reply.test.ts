import { expect, it } from "vitest";
import { knownSecrets } from "../../secrets/known-secrets.ts";
import { readReply } from "./reply.ts";

it("[G7] leaves no part of a secret where it cuts the words of an error (SECURITY 5)", () => {
  knownSecrets.add("q8-this-is-what-nobody-says");
  const message = `${"n".repeat(990)} q8-this-is-what-nobody-says`;
  const words = `${"n".repeat(990)} [masked]`;
  expect(readReply("crm", { error: { code: -32603, message } })).toMatchObject({
    fault: { kind: "refused", words },
    message: `crm says no (-32603): ${words}`,
  });
});
