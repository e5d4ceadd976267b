import { expect, test } from "vitest";
import { credentialOf, domainCredentials } from "./credential.ts";
import { presenting, seesDomain } from "./testing/open-keys.ts";

test.each([
  ["Bearer key", "key"],
  ["bearer   key", "key"],
  [" Bearer key ", "key"],
  ["Bearer key::x", "key"],
])("%j is a bearer credential", (authorization, secret) => {
  const credential = credentialOf(presenting(authorization));
  expect([credential.secret, credential.bearer]).toEqual([secret, secret]);
});

test.each(["Basic YWRhOng=", "key", "", "Bearer", "Bearer two words"])("%j is presented, but no bearer", (text) => {
  expect(credentialOf(presenting(text))).toEqual({ secret: text, bearer: undefined, riding: [] });
});

test("X-API-Key counts where there is no Authorization", () => {
  const headers = { "x-api-key": "key::bookings=x" };
  const alone = credentialOf(presenting(undefined, { headers }));
  expect(alone).toEqual({ secret: "key", bearer: undefined, riding: ["bookings=x"] });
  expect(credentialOf(presenting("Bearer other", { headers })).secret).toBe("other");
  expect(credentialOf(presenting(undefined)).secret).toBeUndefined();
});

const ridingOn = (authorization: string, endpoint: string | undefined): ReadonlyMap<string, string> | undefined =>
  domainCredentials(credentialOf(presenting(authorization)), { endpoint, has: (name) => seesDomain(undefined, name) });

test("where none rides along, none is found", () => {
  expect(ridingOn("Bearer key", "bookings")).toBeUndefined();
});

test.each(["dG9rZW4=", "session=abc", "bokings=abc"])("[C8] on a domain's own endpoint %s is that domain's", (text) => {
  expect(ridingOn(`Bearer key::${text}`, "bookings")).toEqual(new Map([["bookings", text]]));
});

test("[C8] named credentials go to the domains they name, on either endpoint", () => {
  for (const endpoint of [undefined, "bookings"]) {
    expect(ridingOn("Bearer key::bookings=a=b::guests=c", endpoint)).toEqual(
      new Map([
        ["bookings", "a=b"],
        ["guests", "c"],
      ]),
    );
  }
});

test.each([
  "Bearer key::token",
  "Bearer key::",
  "Bearer key::bookings=",
  "Bearer key::bookings=a::",
  "Bearer key::bookings=a::bookings=b",
  "Bearer key::bokings=a",
])("%j is refused where it does not say for which domain", (authorization) => {
  expect(() => ridingOn(authorization, undefined)).toThrow(/domain|bookings/);
});
