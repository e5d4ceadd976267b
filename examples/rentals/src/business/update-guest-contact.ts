import { BusinessError } from "./business-error.ts";
import type { Connection } from "./connection.ts";
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
export function previewContactChange(connection: Connection, update: ContactUpdate): ContactChange {
  const guest = getGuest(connection, update.guest_id);
  const { email = guest.email, phone = guest.phone } = update;
  if (!EMAIL_SHAPE.test(email)) throw new BusinessError("invalid_contact", "email must look like name@host.tld");
  if (!PHONE_SHAPE.test(phone)) {
    throw new BusinessError("invalid_contact", "phone must be international, like +33639980001");
  }
  const other = connection.get(
    "SELECT 1 FROM guests WHERE (email = ? OR phone = ?) AND guest_id <> ?",
    email,
    phone,
    guest.guest_id,
  );
  if (other !== undefined) throw new BusinessError("contact_taken", "another guest has this email or phone");
  return { guest_id: guest.guest_id, email, phone, previous_email: guest.email, previous_phone: guest.phone };
}

/** Changes a guest's email, phone or both. The same key returns the change it made. */
export function updateGuestContact(connection: Connection, update: ContactUpdate, key: string): ContactChange {
  return connection.transaction(() => {
    const earlier = contactChangeByKey(connection, key);
    if (earlier !== undefined) return checkSameUpdate(earlier, update);
    const change = previewContactChange(connection, update);
    connection.run(
      "UPDATE guests SET email = ?, phone = ? WHERE guest_id = ?",
      change.email,
      change.phone,
      change.guest_id,
    );
    connection.run(
      `INSERT INTO contact_changes (idempotency_key, guest_id, email, phone, previous_email, previous_phone)
       VALUES (?, ?, ?, ?, ?, ?)`,
      key,
      change.guest_id,
      change.email,
      change.phone,
      change.previous_email,
      change.previous_phone,
    );
    return change;
  });
}

/** The change that was made under this idempotency key, if one was. */
export function contactChangeByKey(connection: Connection, key: string): ContactChange | undefined {
  return connection.get<ContactChange>(
    "SELECT guest_id, email, phone, previous_email, previous_phone FROM contact_changes WHERE idempotency_key = ?",
    key,
  );
}

function checkSameUpdate(change: ContactChange, update: ContactUpdate): ContactChange {
  const same =
    change.guest_id === update.guest_id &&
    change.email === (update.email ?? change.previous_email) &&
    change.phone === (update.phone ?? change.previous_phone);
  if (!same) throw new BusinessError("key_reused", "this key has made another change of contact");
  return change;
}
