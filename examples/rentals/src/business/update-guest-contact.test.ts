import { expect, test } from "vitest";
import { openTemporaryBusiness } from "./temporary-business.ts";

test("changes a contact once under a key and remembers what it replaced", () => {
  using business = openTemporaryBusiness();
  const before = business.reader.getGuest("guest_00042");
  const update = { guest_id: "guest_00042", email: "new.address@example.com" };
  const change = business.writer.updateGuestContact(update, { key: "k" });
  expect(change).toMatchObject({ email: update.email, phone: before.phone, previous_email: before.email });
  expect(business.reader.getGuest("guest_00042")).toEqual({ ...before, email: update.email });
  expect(business.writer.updateGuestContact(update, { key: "k" })).toEqual(change);
  expect(business.reader.contactChangeByKey("k")).toEqual(change);
  expect(() => business.writer.updateGuestContact({ ...update, phone: "+33639980001" }, { key: "k" })).toThrow(
    expect.objectContaining({ code: "key_reused" }),
  );
});

test("refuses another guest's phone and what is no phone or mail", () => {
  using business = openTemporaryBusiness();
  const { phone } = business.reader.getGuest("guest_00007");
  const update = (contact: { phone?: string; email?: string }) => () =>
    business.writer.updateGuestContact({ guest_id: "guest_00042", ...contact }, { key: "k" });
  expect(update({ phone })).toThrow(expect.objectContaining({ code: "contact_taken" }));
  expect(update({ phone: "0171 1234" })).toThrow(expect.objectContaining({ code: "invalid_contact" }));
  expect(update({ email: "nobody" })).toThrow(expect.objectContaining({ code: "invalid_contact" }));
  expect(business.reader.contactChangeByKey("k")).toBeUndefined();
});
