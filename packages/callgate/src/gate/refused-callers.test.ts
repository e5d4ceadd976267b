import { expect, it } from "vitest";
import { searchWhole } from "../store/contract-suite/search-whole.ts";
import { bookingDomain } from "./testing/booking-domain.ts";
import { openTestGate } from "./testing/open-test-gate.ts";

const GUESSES = 400;

it("[O1] who is refused at every address of its network fills no more of the audit than at one (SECURITY 31)", async () => {
  await using gate = await openTestGate([bookingDomain().domain]);
  const guesser = gate.as("wrong");
  for (let host = 1; host <= GUESSES; host += 1)
    await guesser.call("create_booking", {}, { remoteAddress: `2001:db8:1:2::${host.toString(16)}` });
  const refusals = async () => (await searchWhole(gate.gate.store.audit, { limit: 999 })).records;
  const counted = async () => (await refusals()).reduce((sum, { count }) => sum + count, 0);
  await expect.poll(counted).toBe(GUESSES);
  const rows = await refusals();
  expect(new Set(rows.map(({ subject }) => subject))).toEqual(new Set(["address 2001:db8:1:2"]));
  expect(rows.length).toBeLessThan(20);
});
