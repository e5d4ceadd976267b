import { expect, test } from "vitest";
import { credentialOf } from "./credential.ts";
import { presenting } from "./fixtures/open-keys.ts";

test.each([
  ["Bearer key", "key"],
  ["bearer   key", "key"],
  [" Bearer key ", "key"],
  ["Bearer key::x", "key"],
])("%j is a bearer credential", (authorization, secret) => {
  const credential = credentialOf(presenting(authorization), "bookings");
  expect([credential.secret, credential.bearer]).toEqual([secret, secret]);
});

test.each(["Basic YWRhOng=", "key", "", "Bearer", "Bearer two words"])("%j is presented, but no bearer", (text) => {
  expect(credentialOf(presenting(text), undefined)).toEqual({ secret: text, bearer: undefined, forDomains: undefined });
});

test("X-API-Key counts where there is no Authorization", () => {
  const headers = { "x-api-key": "key::bookings=x" };
  const alone = credentialOf(presenting(undefined, { headers }), undefined);
  expect([alone.secret, alone.bearer, alone.forDomains]).toEqual(["key", undefined, new Map([["bookings", "x"]])]);
  expect(credentialOf(presenting("Bearer other", { headers }), undefined).secret).toBe("other");
  expect(credentialOf(presenting(undefined), undefined).secret).toBeUndefined();
});

test("[C8] on a domain's own endpoint a bare credential is that domain's", () => {
  expect(credentialOf(presenting("Bearer key::dG9rZW4="), "bookings").forDomains).toEqual(
    new Map([["bookings", "dG9rZW4="]]),
  );
});

test("[C8] named credentials go to the domains they name, on either endpoint", () => {
  for (const endpoint of [undefined, "bookings"]) {
    expect(credentialOf(presenting("Bearer key::bookings=a=b::guests=c"), endpoint).forDomains).toEqual(
      new Map([
        ["bookings", "a=b"],
        ["guests", "c"],
      ]),
    );
  }
});

test.each(["Bearer key::token", "Bearer key::", "Bearer key::bookings=a::", "Bearer key::bookings=a::bookings=b"])(
  "%j is refused where it does not say for which domain",
  (authorization) => {
    expect(() => credentialOf(presenting(authorization), undefined)).toThrow(/domain|bookings/);
  },
);
