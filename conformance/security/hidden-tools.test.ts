import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileFlags } from "callgate";
import config from "rentals/src/callgate.config.ts";
import { call, connectWithin } from "rentals/src/demo/connect.ts";
import { rentalsBooks } from "rentals/src/tools/rentals-backend.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Received } from "../../packages/callgate/src/transports/testing/modern-request.ts";
import { type RentalsUnderAttack, type Sent, startRentals } from "./rentals-under-attack.ts";

const kinds = [
  "frontdesk",
  "frontdesk without flags",
  "owner",
  "reader",
  "operator",
  "channel",
  "known client",
  "stranger",
] as const;
const points: string[] = [];
let rentals: RentalsUnderAttack;
let all: readonly string[];
let folder: string;
let newcomer: string;
let clientPhone: string;

/** Both domains are rolled out to everybody but the newcomer at the front desk. */
const flag = {
  state: "ENABLED",
  variants: { on: true, off: false },
  defaultVariant: "on",
  targeting: { if: [{ "==": [{ var: "user" }, "newcomer"] }, "off", "on"] },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "callgate-flags-"));
  const path = join(folder, "flags.json");
  await writeFile(path, JSON.stringify({ flags: { rentals: flag } }));
  const domains = config.domains.map((each) => ({ ...each, options: { ...each.options, rollout: "rentals" } }));
  rentals = await startRentals({
    at: (point) => void points.push(point),
    config: { domains, rollout: fileFlags(path) },
  });
  const operator = await connectWithin(rentals.gate);
  const person = { kind: "person", name: "newcomer", user: "newcomer", role: "frontdesk" };
  const made = await call<{ secret: string }>(operator, "create_key", { ...person, idempotency_key: "newcomer" });
  newcomer = made.secret;
  clientPhone = (await (await rentalsBooks()).getGuest("guest_00042")).phone;
  await operator.close();
  const seen = await Promise.all((["frontdesk", "operator"] as const).map((kind) => rentals.tools(as(kind))));
  all = [...new Set(seen.flat())];
});
afterAll(async () => {
  await rentals.close();
  await rm(folder, { recursive: true });
});

function as(kind: (typeof kinds)[number]): Sent {
  if (kind === "stranger") return {};
  if (kind === "frontdesk without flags") return { key: newcomer };
  if (kind !== "known client") return { key: rentals.keys[kind] };
  return { key: rentals.keys.channel, meta: { "io.callgate/identity": { phone: clientPhone } } };
}

/** Everything that a client can tell two answers apart by, but the name that it asked for and the call's own id. */
function told({ status, headers, text }: Received, name: string): unknown {
  const { date: _date, "content-length": length, ...others } = headers;
  const nameless = text.replaceAll(JSON.stringify(name).slice(1, -1), "NAME").replaceAll(/call_\w+/g, "CALL");
  return { status, others, text: nameless, padding: Number(length) - Buffer.byteLength(text) };
}

describe.each(kinds)("for the %s", (kind) => {
  test("[C2] [B3] every tool that is not listed answers as one that does not exist, byte for byte (SECURITY 1)", async () => {
    const listed = await rentals.tools(as(kind));
    const hidden = all.filter((name) => !listed.includes(name));
    expect(hidden.length).toBeGreaterThan(3);
    const absent = told(await rentals.call("no_such_tool", { a: 1 }, as(kind)), "no_such_tool");
    for (const name of hidden) expect(told(await rentals.call(name, { a: 1 }, as(kind)), name)).toEqual(absent);
  });

  test("a hidden tool goes no further and does no other work than one that does not exist (SECURITY 1)", async () => {
    const listed = await rentals.tools(as(kind));
    const passed = async (name: string): Promise<readonly string[]> => {
      points.length = 0;
      await rentals.call(name, {}, as(kind));
      return [...points];
    };
    const absent = await passed("no_such_tool");
    for (const name of all.filter((each) => !listed.includes(each))) expect(await passed(name)).toEqual(absent);
  });

  test("no tool is reached by another spelling of its name (SECURITY 2)", async () => {
    const absent = told(await rentals.call("no_such_tool", {}, as(kind)), "no_such_tool");
    for (const name of ["cancel_booking", "create_key"]) {
      for (const spelt of otherSpellings(name)) {
        const answer = await rentals.call(spelt, {}, as(kind));
        expect({ spelt, ...(told(answer, spelt) as object) }).toEqual({ spelt, ...(absent as object) });
      }
    }
  });
});

function otherSpellings(name: string): readonly string[] {
  return [
    name.toUpperCase(),
    name.replace("_", "-"),
    name.replace("_", "."),
    name.replace("_", ""),
    name.slice(0, -1),
    `${name}s`,
    ` ${name}`,
    `${name} `,
    `bookings.${name}`,
    `bookings/${name}`,
    name.replace("e", "е"),
    name.replace("c", "ｃ"),
    name.replace("e", "e\u0301"),
    `${name}\u200b`,
    `${name}\u0000`,
  ];
}
