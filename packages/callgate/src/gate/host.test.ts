import { expect, test } from "vitest";
import { issueKey } from "../callers/api-key.ts";
import { presenting } from "../callers/testing/open-keys.ts";
import { apiKeys } from "../define/gate-config.ts";
import type { Presented } from "../wire/exchange.ts";
import { openTestGate } from "./testing/open-test-gate.ts";
import { workshop } from "./testing/workshop.ts";

const desk = { mode: "desk" };

test("a host names the same subject for whatever proves it, and nobody for strangers", async () => {
  const config = {
    callers: {
      authenticate: [
        apiKeys(),
        (presented: { cookie(name: string): string | undefined }) => {
          const user = presented.cookie("user");
          return user === undefined ? undefined : { kind: "person" as const, user };
        },
      ],
      anonymous: desk,
      clients: { ...desk, accountOf: () => Promise.resolve("7") },
    },
  };
  await using test = await openTestGate([workshop(() => ({}))], { config });
  const issue = async (kind: "person" | "channel", name: string): Promise<{ secret: string; id: string }> => {
    const issued = issueKey({ kind, name, ...(kind === "person" && { user: name }), scopes: ["*"] }, Date.now());
    await test.gate.store.keys.insert(issued.row);
    return { secret: issued.secret, id: issued.row.id };
  };
  const [first, second, channel] = [
    await issue("person", "ann"),
    await issue("person", "ann"),
    await issue("channel", "bot"),
  ];
  const identify = (presented: Presented): unknown =>
    test.gate.host.identify({ ...test.as(undefined).exchange("GET", {}), presented });
  const ann = { kind: "caller", subject: "person:ann" };
  expect(await identify(presenting(`Bearer ${first.secret}`))).toEqual(ann);
  expect(await identify(presenting(undefined, { headers: { "x-api-key": second.secret } }))).toEqual(ann);
  expect(await identify(presenting(undefined, { headers: { cookie: "user=ann" } }))).toEqual(ann);
  expect(await identify(presenting(`Bearer ${channel.secret}`))).toEqual({ kind: "caller", subject: channel.id });
  expect(await identify(presenting(undefined))).toEqual({ kind: "caller", subject: undefined });
  expect(await identify(presenting(`Bearer ${first.secret}x`))).toMatchObject({ kind: "error", httpStatus: 401 });

  await test.gate.store.keys.revoke(first.id, Date.now());
  expect(await identify(presenting(`Bearer ${first.secret}`))).toMatchObject({ kind: "error", httpStatus: 401 });
});
