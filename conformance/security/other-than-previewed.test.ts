import { rentalsBooks } from "rentals/src/tools/rentals-backend.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  envelope,
  modernHeaders,
  modernMessage,
  type Received,
  send,
} from "../../packages/callgate/src/transports/testing/modern-request.ts";
import { codeOf, type RentalsUnderAttack, type Sent, startRentals, structured } from "./rentals-under-attack.ts";

let rentals: RentalsUnderAttack;
let desk: Sent;
beforeAll(async () => {
  rentals = await startRentals();
  desk = { key: rentals.keys.frontdesk };
});
afterAll(() => rentals.close());

const a = { property_id: "prop_0001", guest_id: "guest_00042", guests: 1 } as const;
/** Stays that do not touch one another, one a test. */
const stays = {
  previewed: { start: "2028-06-03", end: "2028-06-12" },
  keyed: { start: "2028-07-03", end: "2028-07-12" },
  raw: { start: "2028-08-03", end: "2028-08-12" },
  twice: { start: "2028-09-03", end: "2028-09-12" },
};

async function booked({ start, end }: { readonly start: string; readonly end: string }): Promise<number> {
  const books = await rentalsBooks();
  return (await books.findBookings({ property_id: a.property_id, start, end, limit: 10 })).items.length;
}

/** What else a call may carry, under the words of the case. */
function others(of: { readonly start: string; readonly end: string }): readonly (readonly [string, object])[] {
  return [
    ["another value", { ...a, ...of, guests: 2 }],
    ["another thing", { ...a, ...of, property_id: "prop_0002" }],
    ["another person", { ...a, ...of, guest_id: "guest_00043" }],
    ["another day", { ...a, ...of, end: `${of.end.slice(0, -2)}13` }],
  ];
}

/** The same call as a client may write it otherwise, as raw bytes. */
function sendRaw(args: string, key: string): Promise<Received> {
  const message = modernMessage("tools/call", { name: "create_booking", arguments: {} });
  const headers = modernHeaders(message, { authorization: `Bearer ${key}` });
  const meta = JSON.stringify(envelope);
  const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_booking","arguments":${args},"_meta":${meta}}}`;
  return send(rentals.url, { headers, body });
}

const isReplay = ({ json }: Received): boolean =>
  (json.result?.["_meta"] as Record<string, unknown> | undefined)?.["io.callgate/replayed"] === true;

describe("a call that carries the hash of a preview (SECURITY 17)", () => {
  test("does nothing but what was previewed", async () => {
    const stay = stays.previewed;
    const shown = structured(await rentals.call("create_booking", { ...a, ...stay, dry_run: true }, desk));
    const { preview_hash } = shown as { preview_hash: string };
    for (const [what, args] of others(stay)) {
      const answer = await rentals.call("create_booking", { ...args, preview_hash }, desk);
      expect([what, codeOf(answer)]).toEqual([what, "preview_changed"]);
    }
    const cancelling = { booking_id: "book_000123", cancellation_reason: "ill", preview_hash };
    expect(structured(await rentals.call("cancel_booking", cancelling, desk))).toBeUndefined();
    expect(await booked(stay)).toBe(0);

    const reordered = { preview_hash, reason: "the guest said yes", ...stay, ...a };
    expect(structured(await rentals.call("create_booking", reordered, desk))).toMatchObject({ status: "confirmed" });
    expect(await booked(stay)).toBe(1);
  });
});

describe("a key that was used (SECURITY 17)", () => {
  const idempotency_key = "booked-under-this-key";

  test("is refused for another value, type, tool, Unicode form or field", async () => {
    const stay = stays.keyed;
    const first = { ...a, ...stay, idempotency_key };
    expect(structured(await rentals.call("create_booking", first, desk))).toMatchObject({ status: "confirmed" });
    for (const [what, args] of others(stay)) {
      const answer = await rentals.call("create_booking", { ...args, idempotency_key }, desk);
      expect([what, codeOf(answer)]).toEqual([what, "key_reused"]);
    }
    const booking_id = "book_000123";
    const other = await rentals.call(
      "cancel_booking",
      { booking_id, cancellation_reason: "ill", idempotency_key },
      desk,
    );
    expect([isReplay(other), structured(other)]).toEqual([false, undefined]);
    for (const change of [{ guests: "1" }, { guests: [1] }, { tenant: "other" }, { property_id: "ｐrop_0001" }]) {
      const answer = await rentals.call("create_booking", { ...first, ...change }, desk);
      expect([change, codeOf(answer)]).toEqual([
        change,
        expect.stringMatching(/^(invalid_arguments|unknown_argument|key_reused)$/),
      ]);
    }
    expect(await booked(stay)).toBe(1);
  });

  test("tells another caller nothing of what was done under it", async () => {
    const { phone } = await (await rentalsBooks()).getGuest(a.guest_id);
    const client = { key: rentals.keys.channel, meta: { "io.callgate/identity": { phone } } };
    const { guest_id: _own, ...args } = { ...a, ...stays.keyed, idempotency_key };
    const answer = await rentals.call("create_booking", args, client);
    expect([isReplay(answer), structured(answer)]).toEqual([false, undefined]);
    expect(codeOf(answer)).not.toBe("key_reused");
  });

  test("is answered again for the same in other words: order, 1.0 for 1, white space, another reason", async () => {
    const { start, end } = stays.raw;
    const key = "the-same-in-other-words";
    const said = [
      `{"property_id":"prop_0001","guest_id":"guest_00042","start":"${start}","end":"${end}","guests":1,"idempotency_key":"${key}"}`,
      `{"guests":1.0,"idempotency_key":"${key}","end":"${end}","start":"${start}","guest_id":"guest_00042","property_id":"prop_0001"}`,
      `{ "guests" : 10e-1,\n\t"reason": "again",  "property_id":"prop_0001", "guest_id":"guest_00042", "start":"${start}", "end":"${end}", "idempotency_key":"${key}" }`,
      `{"property_id":"\\u0070rop_0001","guest_id":"guest_00042","start":"${start}","end":"${end}","reason":"I was told to","idempotency_key":"${key}"}`,
    ];
    const answers: Received[] = [];
    for (const args of said) answers.push(await sendRaw(args, rentals.keys.frontdesk));
    expect(answers.map(isReplay)).toEqual([false, true, true, true]);
    expect(new Set(answers.map((answer) => structured(answer)?.["booking_id"])).size).toBe(1);
    expect(await booked(stays.raw)).toBe(1);
  });
});

test("a field that stands twice is refused on the raw bytes, wherever it stands (SECURITY 17)", async () => {
  const { start, end } = stays.twice;
  const args = `"property_id":"prop_0001","guest_id":"guest_00042","start":"${start}","end":"${end}"`;
  for (const twice of [
    `{${args},"guests":1,"guests":2}`,
    `{${args},"guests":1,"gu\\u0065sts":2}`,
    `{${args},"property_id":"prop_0002"}`,
    `{${args},"dry_run":true,"dry_run":false}`,
  ]) {
    const answer = await sendRaw(twice, rentals.keys.frontdesk);
    expect([twice, answer.status]).toEqual([twice, 400]);
  }
  expect(await booked(stays.twice)).toBe(0);
});
