import { BusinessError } from "./business-error.ts";
import type { BusinessDatabase } from "./database/business-database.ts";
import type { Queries } from "./database/tables.ts";
import { getGuest } from "./guests.ts";

/** New contact details; what is absent stays as it is. */
export interface ContactUpdate {
  readonly guest_id: string;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
}

/** A change of contact as it was made, with what it replaced. */
export interface ContactChange {
  readonly guest_id: string;
  readonly email: string;
  readonly phone: string;
  readonly previous_email: string;
  readonly previous_phone: string;
}

const EMAIL_SHAPE = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const PHONE_SHAPE = /^\+[1-9]\d{6,14}$/;

/** Says what a change would replace; throws `not_found`, `invalid_contact` or `contact_taken`. */
export async function previewContactChange(queries: Queries, update: ContactUpdate): Promise<ContactChange> {
  const guest = await getGuest(queries, update.guest_id);
  const { email = guest.email, phone = guest.phone } = update;
  if (!EMAIL_SHAPE.test(email)) throw new BusinessError("invalid_contact", "email must look like name@host.tld");
  if (!PHONE_SHAPE.test(phone)) {
    throw new BusinessError("invalid_contact", "phone must be international, like +33639980001");
  }
  const other = await queries
    .selectFrom("guests")
    .select("guest_id")
    .where((eb) => eb.or([eb("email", "=", email), eb("phone", "=", phone)]))
    .where("guest_id", "<>", guest.guest_id)
    .executeTakeFirst();
  if (other !== undefined) throw new BusinessError("contact_taken", "another guest has this email or phone");
  return { guest_id: guest.guest_id, email, phone, previous_email: guest.email, previous_phone: guest.phone };
}

/** Changes a guest's email, phone or both. The same key returns the change it made. */
export async function updateGuestContact(
  database: BusinessDatabase,
  update: ContactUpdate,
  key: string,
): Promise<ContactChange> {
  return await database.transaction(async (queries) => {
    const earlier = await contactChangeByKey(queries, key);
    if (earlier !== undefined) return checkSameUpdate(earlier, update);
    const change = await previewContactChange(queries, update);
    const { guest_id, email, phone } = change;
    await queries.updateTable("guests").set({ email, phone }).where("guest_id", "=", guest_id).execute();
    await queries
      .insertInto("contact_changes")
      .values({ ...change, idempotency_key: key })
      .execute();
    return change;
  });
}

/** The change that was made under this idempotency key, if one was. */
export async function contactChangeByKey(queries: Queries, key: string): Promise<ContactChange | undefined> {
  return await queries
    .selectFrom("contact_changes")
    .select(["guest_id", "email", "phone", "previous_email", "previous_phone"])
    .where("idempotency_key", "=", key)
    .executeTakeFirst();
}

function checkSameUpdate(change: ContactChange, update: ContactUpdate): ContactChange {
  const same =
    change.guest_id === update.guest_id &&
    change.email === (update.email ?? change.previous_email) &&
    change.phone === (update.phone ?? change.previous_phone);
  if (!same) throw new BusinessError("key_reused", "this key has made another change of contact");
  return change;
}
