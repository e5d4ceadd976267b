import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ClientUnderTest } from "./client-under-test.ts";
import { inspectOverHttp, inspectOverStdio } from "./inspector.ts";
import { connectThroughRemote } from "./mcp-remote.ts";
import * as official from "./official-client.ts";
import * as official1 from "./official-client-1.ts";
import { type RunningRentals, startRentals } from "./start-rentals.ts";

type Connect = (rentals: RunningRentals) => ClientUnderTest | Promise<ClientUnderTest>;

/** Client, how it reaches the gate, and the revision that they then speak, where the client tells. */
const clients: readonly (readonly [string, string | undefined, Connect])[] = [
  ["2.4 auto over HTTP", "2026-07-28", ({ http }) => official.connectOverHttp(http, "auto")],
  ["2.4 auto over stdio", "2026-07-28", ({ stdio }) => official.connectOverStdio(stdio, "auto")],
  ["2.4 legacy over HTTP", "2025-11-25", ({ http }) => official.connectOverHttp(http, "legacy")],
  ["2.4 legacy over stdio", "2025-11-25", ({ stdio }) => official.connectOverStdio(stdio, "legacy")],
  ["1.32 over HTTP", "2025-11-25", ({ http }) => official1.connectOverHttp(http)],
  ["1.32 over stdio", "2025-11-25", ({ stdio }) => official1.connectOverStdio(stdio)],
  ["Inspector, legacy, over HTTP", undefined, ({ http }) => inspectOverHttp(http, "legacy")],
  ["Inspector, legacy, over stdio", undefined, ({ stdio }) => inspectOverStdio(stdio, "legacy")],
  ["Inspector, modern, over HTTP", undefined, ({ http }) => inspectOverHttp(http, "modern")],
  ["Inspector, modern, over stdio", undefined, ({ stdio }) => inspectOverStdio(stdio, "modern")],
  ["mcp-remote", "2025-11-25", ({ http, stdio }) => connectThroughRemote(http, stdio)],
];

interface Found {
  readonly properties: readonly { readonly property_id: string }[];
}

describe("clients of others at the rental gate", () => {
  let rentals: RunningRentals;
  let client: ClientUnderTest | undefined;

  beforeAll(async () => {
    rentals = await startRentals();
  });
  afterEach(async () => {
    await client?.close();
    client = undefined;
  });
  afterAll(() => rentals.close());

  test.each(clients)("%s lists and calls the tools", { timeout: 60_000 }, async (_name, revision, connect) => {
    client = await connect(rentals);
    expect(client.revision).toBe(revision);
    const tools = await client.tools();
    expect(tools).toEqual(
      expect.arrayContaining(["search_properties", "find_bookings", "create_booking", "cancel_booking", "get_guest"]),
    );
    expect(tools).not.toContain("create_key");

    const stay = { start: "2028-03-07", end: "2028-03-12", guests: 2 };
    const found = await client.call("search_properties", { ...stay, limit: 1 });
    const [home] = (found.structured as Found).properties;
    const request = { ...stay, property_id: home?.property_id, guest_id: "guest_00042", idempotency_key: randomUUID() };

    const preview = await client.call("create_booking", { ...request, dry_run: true });
    expect(preview.structured).toMatchObject({ dry_run: true, preview: { action: "create_booking" } });

    const booked = await client.call("create_booking", request);
    const again = await client.call("create_booking", request);
    expect(booked).toMatchObject({ isError: false, structured: { booking_id: expect.stringMatching(/^book_/) } });
    expect(again.structured).toEqual(booked.structured);

    const { booking_id } = booked.structured as { booking_id: string };
    // Some clients send a call again by themselves when an answer takes long; the key makes that one cancellation.
    const cancellation = { booking_id, cancellation_reason: "only a test", idempotency_key: randomUUID() };
    const cancelled = await client.call("cancel_booking", cancellation);
    expect(cancelled).toMatchObject({ isError: false, text: expect.stringContaining(booking_id) });

    const refused = await client.call("get_property", { property_id: "prop_9999" });
    expect(refused).toMatchObject({ isError: true, text: expect.stringContaining("search_properties") });
  });
});
