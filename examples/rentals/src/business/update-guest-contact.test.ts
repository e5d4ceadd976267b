import { expect, test } from "vitest";
import { describeOnBothEngines, openTemporaryBusiness } from "./temporary-business.ts";

describeOnBothEngines((engine) => {
  test("changes a contact once under a key and remembers what it replaced", async () => {
    await using business = await openTemporaryBusiness(engine);
    const { reader, writer } = business;
    const before = await reader.getGuest("guest_00042");
    const update = { guest_id: "guest_00042", email: "new.address@example.com" };
    const change = await writer.updateGuestContact(update, { key: "k" });
    expect(change).toMatchObject({ email: update.email, phone: before.phone, previous_email: before.email });
    expect(await reader.getGuest("guest_00042")).toEqual({ ...before, email: update.email });
    expect(await writer.updateGuestContact(update, { key: "k" })).toEqual(change);
    expect(await reader.contactChangeByKey("k")).toEqual(change);
    const other = writer.updateGuestContact({ ...update, phone: "+33639980001" }, { key: "k" });
    await expect(other).rejects.toMatchObject({ code: "key_reused" });
  });

  test("refuses another guest's phone and what is no phone or mail", async () => {
    await using business = await openTemporaryBusiness(engine);
    const { reader, writer } = business;
    const { phone } = await reader.getGuest("guest_00007");
    const update = (contact: { phone?: string; email?: string }): Promise<unknown> =>
      writer.updateGuestContact({ guest_id: "guest_00042", ...contact }, { key: "k" });
    await expect(update({ phone })).rejects.toMatchObject({ code: "contact_taken" });
    await expect(update({ phone: "0171 1234" })).rejects.toMatchObject({ code: "invalid_contact" });
    await expect(update({ email: "nobody" })).rejects.toMatchObject({ code: "invalid_contact" });
    expect(await reader.contactChangeByKey("k")).toBeUndefined();
  });
});
