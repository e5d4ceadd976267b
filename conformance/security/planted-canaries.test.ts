import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RentalsUnderAttack, startRentals, structured } from "./rentals-under-attack.ts";

/** Written in parts, so that no search for secrets takes this file for a leak. */
const canaries = {
  "a cloud's access key": ["AKIA", "CANARY7EXAMPLE42"].join(""),
  "a card's number": ["4111", "1111", "1111", "1111"].join(""),
  "a guest's mail": ["canary.guest", "planted.example"].join("@"),
  "a guest's phone": ["+49", "1512", "3456789"].join(""),
  "a domain's credential": ["domain", "credential", "canary", "81f2"].join("-"),
} as const;

const logged: string[] = [];
const answers: string[] = [];
let rentals: RentalsUnderAttack;
let secrets: Readonly<Record<string, string>>;

beforeAll(async () => {
  const note = (...words: readonly unknown[]): void => void logged.push(JSON.stringify(words));
  rentals = await startRentals({ log: { debug: note, info: note, warn: note, error: note } });
  const { frontdesk, channel } = rentals.keys;
  secrets = { ...canaries, "the desk's key": frontdesk, "the channel's key": channel };
  await plant();
});
afterAll(() => rentals.close());

/** Calls that carry every secret in places where people and models put them, in ways that succeed and that fail. */
async function plant(): Promise<void> {
  const desk = { key: rentals.keys.frontdesk };
  const [email, phone] = [canaries["a guest's mail"], canaries["a guest's phone"]];
  const reason = `${canaries["a cloud's access key"]} and ${canaries["a card's number"]}, ${rentals.keys.frontdesk}`;
  const contact = { guest_id: "guest_00042", email, phone };
  const calls: readonly Parameters<RentalsUnderAttack["call"]>[] = [
    ["update_guest_contact", { ...contact, dry_run: true, reason }, desk],
    ["update_guest_contact", { ...contact, reason, idempotency_key: "contact-change-canary-1" }, desk],
    ["update_guest_contact", { ...contact, idempotency_key: "contact-change-canary-1" }, desk],
    ["update_guest_contact", { ...contact, guest_id: "guest_99999", reason }, desk],
    ["search_guests", { text: reason.slice(0, 90), reason }, desk],
    ["get_booking", { booking_id: canaries["a cloud's access key"], reason }, desk],
    ["get_guest", { guest_id: "guest_00042", include: ["contact"], reason }, desk],
    ["get_guest", { guest_id: "guest_00042" }, { key: `${desk.key}::guests=${canaries["a domain's credential"]}` }],
    ["search_properties", { limit: 1 }, { key: rentals.keys.channel, meta: { "io.callgate/identity": { phone } } }],
    ["search_properties", { limit: 1 }, { headers: { "x-api-key": desk.key, cookie: `session=${desk.key}` } }],
    [
      "search_properties",
      { limit: 1 },
      { meta: { "io.modelcontextprotocol/clientInfo": { name: "x", version: reason } } },
    ],
    ["find_bookings", { start: "not a date", end: reason }, desk],
  ];
  for (const each of calls) answers.push((await rentals.call(...each)).text);
}

test("the calls took place as they were meant to", async () => {
  const { records } = structured(
    await rentals.call("search_audit", { tool: "update_guest_contact" }, { key: rentals.keys.operator }),
  ) as { records: { outcome: string }[] };
  expect(records.map(({ outcome }) => outcome).toSorted()).toEqual(["error", "ok", "preview", "replayed"]);
  expect(answers[7]).toContain("guest_00042");
});

test("no planted secret is in any file of the store, while it is open and after (SECURITY 30)", async () => {
  const files = globSync("**/*", { cwd: rentals.store, withFileTypes: true }).filter((entry) => entry.isFile());
  const held = files.flatMap(({ parentPath, name }) => readIfThere(name, join(parentPath, name)));
  expect(held.some(({ bytes }) => bytes.includes("update_guest_contact"))).toBe(true);
  const found = held.flatMap(({ name, bytes }) =>
    Object.entries(secrets).flatMap(([what, secret]) => (bytes.includes(secret) ? [`${what} in ${name}`] : [])),
  );
  expect(found).toEqual([]);
});

test("no planted secret is in the log, nor a key in an answer or in what operators are shown (SECURITY 30)", async () => {
  const operator = { key: rentals.keys.operator };
  const list = await rentals.call("search_audit", { limit: 50 }, operator);
  const { records } = structured(list) as { records: { call_id: string }[] };
  const shown = [list.text];
  for (const { call_id } of records) shown.push((await rentals.call("get_audit_record", { call_id }, operator)).text);
  expect(shown.join("\n")).toContain("update_guest_contact");
  for (const [what, secret] of Object.entries(secrets)) {
    expect(logged.join("\n"), what).not.toContain(secret);
    expect(shown.join("\n"), what).not.toContain(secret);
  }
  for (const key of [rentals.keys.frontdesk, rentals.keys.channel, canaries["a domain's credential"]])
    expect(answers.filter((text) => text.includes(key))).toEqual([]);
});

/** SQLite takes away what it keeps beside a database when nobody has that open any more. */
function readIfThere(name: string, path: string): readonly { readonly name: string; readonly bytes: Buffer }[] {
  try {
    return [{ name, bytes: readFileSync(path) }];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
