import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  FREE_STAY,
  freeRequest,
  openTemporaryBusiness,
  type TemporaryBusiness,
} from "../business/temporary-business.ts";
import { createRestServer } from "./server.ts";

let business: TemporaryBusiness;
let server: Server;
let origin = "";

beforeAll(async () => {
  business = await openTemporaryBusiness();
  server = createRestServer(business);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, "close");
  await business[Symbol.asyncDispose]();
});

interface Sent {
  readonly method?: string;
  readonly key?: string;
  readonly body?: unknown;
}

async function send(
  path: string,
  { method = "GET", key, body }: Sent = {},
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${origin}${path}`, {
    method,
    headers: {
      ...(key === undefined ? {} : { "idempotency-key": key }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

const refusal = (status: number, code: string): unknown => ({
  status,
  body: { error: { code, message: expect.any(String) } },
});

test("reads properties, quotes, bookings and guests", async () => {
  const { reader } = business;
  expect(await send("/properties?city=Vienna&guests=2&amenities=wifi,kitchen&limit=3")).toEqual({
    status: 200,
    body: await reader.searchProperties({ city: "Vienna", guests: 2, amenities: ["wifi", "kitchen"], limit: 3 }),
  });
  expect(await send("/properties/prop_0001")).toMatchObject({
    status: 200,
    body: await reader.getProperty("prop_0001"),
  });
  expect(await send("/properties/prop_0001/quote?start=2027-06-10&end=2027-06-20&guests=1")).toMatchObject({
    status: 200,
    body: { property_id: "prop_0001", nights: 10 },
  });
  expect(await send("/bookings?property_id=prop_0001&start=2027-01-01&end=2027-03-01&limit=2")).toEqual({
    status: 200,
    body: await reader.findBookings({ property_id: "prop_0001", start: "2027-01-01", end: "2027-03-01", limit: 2 }),
  });
  expect(await send("/bookings/book_000001")).toMatchObject({
    status: 200,
    body: await reader.getBooking("book_000001"),
  });
  expect(await send("/guests/guest_00042")).toEqual({ status: 200, body: await reader.getGuest("guest_00042") });
  const { email } = await reader.getGuest("guest_00042");
  expect(await send(`/guests?text=${email}`)).toMatchObject({ status: 200, body: { items: [{ email }] } });
});

test("books once under a key, cancels once, and says what is wrong otherwise", async () => {
  const request = await freeRequest(business.reader);
  const book = (key: string, body: unknown = request) => send("/bookings", { method: "POST", key, body });
  const first = await book("rest-1");
  expect(first).toMatchObject({ status: 201, body: FREE_STAY });
  expect(await book("rest-1")).toEqual(first);
  expect(await book("rest-2")).toEqual(refusal(409, "overlap"));
  expect(await book("rest-1", { ...request, guests: 2 })).toEqual(refusal(422, "key_reused"));
  expect(await book("rest-3", { ...request, guests: "two" })).toEqual(refusal(400, "invalid_request"));
  expect(await send("/bookings", { method: "POST", body: request })).toEqual(refusal(400, "key_missing"));

  const booking = await business.reader.bookingByKey("rest-1");
  const cancel = (key: string) => send(`/bookings/${booking?.booking_id}?reason=illness`, { method: "DELETE", key });
  const cancelled = await cancel("rest-4");
  expect(cancelled).toMatchObject({ status: 200, body: { reason: "illness" } });
  expect(await cancel("rest-4")).toEqual(cancelled);
  expect(await cancel("rest-5")).toEqual(refusal(409, "already_cancelled"));
});

test("changes a contact", async () => {
  const body = { phone: "+33639989999" };
  const changed = await send("/guests/guest_00100", { method: "PATCH", key: "rest-6", body });
  expect(changed).toMatchObject({ status: 200, body });
  expect(await business.reader.getGuest("guest_00100")).toMatchObject(body);
});

test.for([
  ["/nothing", {}, 404, "no_such_path"],
  ["/properties/", {}, 404, "no_such_path"],
  ["/properties/prop_9999", {}, 404, "not_found"],
  ["/properties", { method: "DELETE" }, 405, "method_not_allowed"],
  ["/properties?limit=0", {}, 400, "invalid_request"],
  ["/properties?colour=red", {}, 400, "invalid_request"],
  ["/bookings?start=2027-02-30&end=2027-03-05", {}, 400, "invalid_request"],
  ["/bookings", { method: "POST", key: "rest-7" }, 415, "not_json"],
  ["/bookings", { method: "POST", key: "rest-7", body: "x".repeat(70_000) }, 413, "too_large"],
] as const)("%s %o answers %i %s", async ([path, sent, status, code]) => {
  expect(await send(path, sent)).toEqual(refusal(status, code));
});

test("a body that is not JSON is refused", async () => {
  const response = await fetch(`${origin}/bookings`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": "rest-8" },
    body: "{",
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: "malformed_json" } });
});
