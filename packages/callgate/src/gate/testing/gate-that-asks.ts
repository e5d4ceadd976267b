import { expect } from "vitest";
import type { AnyDomain } from "../../define/domain.ts";
import type { WriteLedger } from "../../ledger/write-ledger.ts";
import type { ApprovalDecision, LedgerRow } from "../../store/ledger-port.ts";
import { type BookingDomain, type BookingOptions, bookingDomain } from "./booking-domain.ts";
import { openTestGate, type TestGate, type TestGateOptions } from "./open-test-gate.ts";

/** A gate whose bookings wait for approval, and the means to decide them without a person. */
export interface Asking extends AsyncDisposable {
  readonly gate: TestGate;
  readonly bookings: BookingDomain;
  readonly ledger: WriteLedger;
  /** The one row that waits. */
  waiting(): Promise<LedgerRow>;
  decide(verdict: ApprovalDecision["verdict"], said?: Partial<ApprovalDecision>): Promise<LedgerRow | undefined>;
}

/** The owner is asked unless something else is declared; `more` domains stand beside the bookings. */
export async function gateThatAsks(
  declared: BookingOptions = {},
  { more = [], ...options }: TestGateOptions & { readonly more?: readonly AnyDomain[] } = {},
): Promise<Asking> {
  const bookings = bookingDomain({ approval: "owner", ...declared });
  const seen: WriteLedger[] = [];
  const gate = await openTestGate([bookings.domain, ...more], {
    ...options,
    domainsOf: ({ ledger }) => {
      seen.push(ledger);
      return [];
    },
  });
  const [ledger] = seen as [WriteLedger];
  const waiting = async (): Promise<LedgerRow> => {
    const { rows } = await gate.gate.store.ledger.list({ state: "awaiting", limit: 2 });
    expect(rows).toHaveLength(1);
    return (await gate.gate.store.ledger.get(rows[0]?.id ?? "")) as LedgerRow;
  };
  return {
    gate,
    bookings,
    ledger,
    waiting,
    decide: async (verdict, said) =>
      ledger.approvals.decide(await waiting(), {
        verdict,
        by: "person:ann",
        user: "ann",
        as: "owner",
        at: Date.now(),
        ...said,
      }),
    [Symbol.asyncDispose]: () => gate.close(),
  };
}

/** A booking's arguments. */
export const stay = (key?: string, more: object = {}): { readonly guest: string } => ({
  guest: "Ann",
  ...(key && { idempotency_key: key }),
  ...more,
});

/** Signals a caller that has gone. */
export function aborted(): AbortController {
  const controller = new AbortController();
  controller.abort();
  return controller;
}
