import { afterAll } from "vitest";
import type { LedgerRow } from "../../store/ledger-port.ts";
import { type BookingDomain, type BookingOptions, bookingDomain } from "./booking-domain.ts";
import { openTestGate, type TestGate } from "./open-test-gate.ts";

/** A gate over bookings that are as told, open until the tests of the file are over. */
export interface BookingGate {
  readonly gate: TestGate;
  readonly bookings: BookingDomain;
}

const open: TestGate[] = [];

/** Opens one; for the tests of one file, which close it after them. */
export async function gateWith(options: BookingOptions): Promise<BookingGate> {
  const bookings = bookingDomain(options);
  const gate = await openTestGate([bookings.domain]);
  open.push(gate);
  return { gate, bookings };
}

/** Closes after all tests of the file what they have opened. */
export function closeGatesAfterAll(): void {
  afterAll(() => Promise.all(open.splice(0).map((gate) => gate.close())));
}

/** What ann calls to book, under a key of hers. */
export function keyed(key: string): { readonly guest: string; readonly idempotency_key: string } {
  return { guest: "Ann", idempotency_key: key };
}

/** The row of ann's booking under a key. */
export function bookingRow({ gate }: TestGate, key: string): Promise<LedgerRow | undefined> {
  return gate.store.ledger.find("person:ann", "create_booking", key);
}
