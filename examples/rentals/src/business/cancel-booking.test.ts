import { expect, test } from "vitest";
import { refundOf } from "./cancel-booking.ts";
import { openBusiness } from "./open-business.ts";
import { describeOnBothEngines, FREE_STAY, freeRequest, openTemporaryBusiness } from "./temporary-business.ts";

test.for([
  ["2029-02-19", 1_001],
  ["2029-02-20", 500],
  ["2029-02-26", 500],
  ["2029-02-27", 0],
  ["2029-03-06", 0],
] as const)("a cancellation on %s gives %i of 1001 cents back", ([today, refund]) => {
  expect(refundOf(1_001, FREE_STAY.start, today)).toBe(refund);
});

describeOnBothEngines((engine) => {
  test("cancels once under a key, refunds the deposit and frees the nights", async () => {
    await using business = await openTemporaryBusiness(engine);
    const { reader, writer } = business;
    const { booking_id, total } = await writer.createBooking(await freeRequest(reader), { key: "book" });
    const preview = await reader.previewCancellation(booking_id);
    expect(preview).toMatchObject({ paid: Math.round(total * 0.3), refund: Math.round(total * 0.3) });

    const cancel = (key: string, id = booking_id): Promise<unknown> =>
      writer.cancelBooking({ booking_id: id, reason: "illness" }, { key });
    const first = await cancel("cancel");
    expect(first).toEqual({
      booking_id,
      reason: "illness",
      refund: preview.refund,
      currency: preview.booking.currency,
      cancelled_on: "2026-11-01",
    });
    expect(await cancel("cancel")).toEqual(first);
    expect(await reader.cancellationByKey("cancel")).toEqual(first);
    expect(await reader.getBooking(booking_id)).toMatchObject({ status: "cancelled" });
    expect(await reader.paymentsOf([booking_id])).toMatchObject([{ kind: "deposit" }, { kind: "refund" }]);
    expect(await reader.quoteStay(FREE_STAY)).toMatchObject({ available: true });

    await expect(cancel("another")).rejects.toMatchObject({ code: "already_cancelled" });
    await expect(cancel("cancel", "book_000001")).rejects.toMatchObject({ code: "key_reused" });
    await expect(cancel("another", "book_999999")).rejects.toMatchObject({ code: "not_found" });
  });

  test("of two that cancel one booking at once, one refunds", async () => {
    await using business = await openTemporaryBusiness(engine);
    const { at, reader, writer } = business;
    await using stack = new AsyncDisposableStack();
    const other = stack.adopt(await openBusiness({ at, access: "write" }), (each) => each.close());
    const { booking_id } = await writer.createBooking(await freeRequest(reader), { key: "book" });
    const ended = await Promise.allSettled(
      [writer, other].map((each, at) => each.cancelBooking({ booking_id, reason: "illness" }, { key: `c${at}` })),
    );
    expect(ended.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(await reader.paymentsOf([booking_id])).toMatchObject([{ kind: "deposit" }, { kind: "refund" }]);
  });

  test("the business day decides the refund, unless it is to be full", async () => {
    await using business = await openTemporaryBusiness(engine);
    const { at, reader, writer } = business;
    const booking = await writer.createBooking(await freeRequest(reader), { key: "1" });
    const late = await openBusiness({ at, access: "write", today: () => "2029-03-01" });
    expect(await late.previewCancellation(booking.booking_id)).toMatchObject({ refund: 0 });
    const full = { booking_id: booking.booking_id, reason: "booked by mistake", refund: "full" } as const;
    expect(await late.cancelBooking(full, { key: "2" })).toMatchObject({ refund: Math.round(booking.total * 0.3) });
    await late.close();
  });

  test("a stay that is over cannot be cancelled", async () => {
    await using business = await openTemporaryBusiness(engine);
    const { reader, writer } = business;
    const past = { start: "2025-01-01", end: "2025-06-01", status: "completed", limit: 1 } as const;
    const [over] = (await reader.findBookings(past)).items;
    const cancel = writer.cancelBooking({ booking_id: over?.booking_id ?? "", reason: "no" }, { key: "k" });
    await expect(cancel).rejects.toMatchObject({ code: "stay_completed" });
  });
});
