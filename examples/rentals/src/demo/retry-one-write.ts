import { randomInt, randomUUID } from "node:crypto";
import type { Client } from "@modelcontextprotocol/client";
import { call } from "./connect.ts";

interface Found {
  readonly properties: readonly { readonly property_id: string; readonly name: string; readonly city: string }[];
}

interface Booking {
  readonly booking_id: string;
  readonly start: string;
  readonly end: string;
}

interface Records {
  readonly records: readonly {
    readonly call_id: string;
    readonly outcome: string;
    readonly write_id: string;
    readonly duration_ms: number;
  }[];
}

interface Booked {
  readonly home: Found["properties"][number];
  readonly request: Readonly<Record<string, unknown>>;
  readonly first: Booking;
}

const HOMES_TRIED = 3;
const STAY = { start: "2028-02-08", end: "2028-02-12", guests: 2 };

/** Books a stay, sends the same call again, shows that it landed once, and cancels it: every start finds a free home. */
export async function retryOneWrite(desk: Client, operator: Client): Promise<string> {
  try {
    return await shown(desk, operator);
  } catch (error) {
    return `The demonstration of a retried write did not go through: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function shown(desk: Client, operator: Client): Promise<string> {
  const { home, request, first } = await bookSomewhere(desk);
  const second = await call<Booking>(desk, "create_booking", request);
  const { records } = await call<Records>(operator, "search_audit", {
    tool: "create_booking",
    text: first.booking_id,
    limit: 2,
  });
  await call(desk, "cancel_booking", { booking_id: first.booking_id, cancellation_reason: "it was a demonstration" });
  const rows = records
    .toReversed()
    .map(
      ({ call_id, outcome, write_id, duration_ms }) =>
        `    ${call_id}  ${outcome.padEnd(8)}  ${write_id}  ${duration_ms} ms`,
    );
  return [
    `A write, sent twice with one key: ${home.name} in ${home.city}, ${STAY.start} to ${STAY.end}`,
    `  sent once:   ${first.booking_id}`,
    `  sent again:  ${second.booking_id}${first.booking_id === second.booking_id ? ", the same booking: it landed once" : ": NOT the same!"}`,
    "  its audit:",
    ...rows,
    "  (and cancelled again, so that the home stays free)",
  ].join("\n");
}

/** Replicas that start together may want the same home at the same time: one gets it, the others take another. */
async function bookSomewhere(desk: Client): Promise<Booked> {
  const { properties } = await call<Found>(desk, "search_properties", { ...STAY, limit: 100 });
  for (let tried = 1; ; tried += 1) {
    const home = properties[randomInt(Math.max(properties.length, 1))];
    if (home === undefined) throw new Error("no home is free");
    const request = {
      property_id: home.property_id,
      guest_id: "guest_00042",
      ...STAY,
      idempotency_key: `demo-${randomUUID()}`,
      reason: "Shows at start that a write which is sent twice lands once",
    };
    try {
      return { home, request, first: await call<Booking>(desk, "create_booking", request) };
    } catch (error) {
      if (tried === HOMES_TRIED) throw error;
    }
  }
}
