import { expect, test } from "vitest";
import { refundOf } from "./cancel-booking.ts";
import { openBusiness } from "./open-business.ts";
import { FREE_STAY, freeRequest, openTemporaryBusiness } from "./temporary-business.ts";

test.for([
  ["2029-02-19", 1_001],
  ["2029-02-20", 500],
  ["2029-02-26", 500],
  ["2029-02-27", 0],
  ["2029-03-06", 0],
] as const)("a cancellation on %s gives %i of 1001 cents back", ([today, refund]) => {
  expect(refundOf(1_001, FREE_STAY.start, today)).toBe(refund);
});

test("cancels once under a key, refunds the deposit and frees the nights", () => {
  using business = openTemporaryBusiness();
  const { booking_id, total } = business.writer.createBooking(freeRequest(business.reader), { key: "book" });
  const preview = business.reader.previewCancellation(booking_id);
  expect(preview).toMatchObject({ paid: Math.round(total * 0.3), refund: Math.round(total * 0.3) });

  const first = business.writer.cancelBooking({ booking_id, reason: "illness" }, { key: "cancel" });
  expect(first).toMatchObject({ booking_id, reason: "illness", refund: preview.refund, cancelled_on: "2026-11-01" });
  expect(business.writer.cancelBooking({ booking_id, reason: "illness" }, { key: "cancel" })).toEqual(first);
  expect(business.reader.cancellationByKey("cancel")).toEqual(first);
  expect(business.reader.getBooking(booking_id).status).toBe("cancelled");
  expect(business.reader.paymentsOf([booking_id]).map((payment) => payment.kind)).toEqual(["deposit", "refund"]);
  expect(business.reader.quoteStay(FREE_STAY).available).toBe(true);

  const again =
    (key: string, id = booking_id) =>
    () =>
      business.writer.cancelBooking({ booking_id: id, reason: "illness" }, { key });
  expect(again("another")).toThrow(expect.objectContaining({ code: "already_cancelled" }));
  expect(again("cancel", "book_000001")).toThrow(expect.objectContaining({ code: "key_reused" }));
  expect(again("another", "book_999999")).toThrow(expect.objectContaining({ code: "not_found" }));
});

test("the business day decides the refund, unless it is to be full", () => {
  using business = openTemporaryBusiness();
  const request = freeRequest(business.reader);
  const booking = business.writer.createBooking(request, { key: "1" });
  const late = openBusiness({ path: business.path, access: "write", today: () => "2029-03-01" });
  expect(late.previewCancellation(booking.booking_id).refund).toBe(0);
  const full = { booking_id: booking.booking_id, reason: "booked by mistake", refund: "full" } as const;
  expect(late.cancelBooking(full, { key: "2" }).refund).toBe(Math.round(booking.total * 0.3));
  late.close();
});

test("a stay that is over cannot be cancelled", () => {
  using business = openTemporaryBusiness();
  const [past] = business.reader.findBookings({
    start: "2025-01-01",
    end: "2025-06-01",
    status: "completed",
    limit: 1,
  }).items;
  const cancel = () =>
    business.writer.cancelBooking({ booking_id: past?.booking_id ?? "", reason: "no" }, { key: "k" });
  expect(cancel).toThrow(expect.objectContaining({ code: "stay_completed" }));
});
