import type { Kysely } from "kysely";

interface OwnersTable {
  readonly owner_id: string;
  readonly name: string;
  readonly email: string;
}

interface PropertiesTable {
  readonly property_id: string;
  readonly owner_id: string;
  readonly name: string;
  readonly city: string;
  readonly country: string;
  readonly bedrooms: number;
  readonly capacity: number;
  readonly minimum_stay: number;
  readonly nightly_price: number;
  readonly cleaning_fee: number;
  readonly currency: string;
}

interface AmenitiesTable {
  readonly property_id: string;
  readonly amenity: string;
}

interface SeasonsTable {
  readonly property_id: string;
  readonly start_date: string;
  readonly end_date: string;
  readonly name: string;
  readonly nightly_price: number;
}

interface GuestsTable {
  readonly guest_id: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly country: string;
}

interface ContactChangesTable {
  readonly idempotency_key: string;
  readonly guest_id: string;
  readonly email: string;
  readonly phone: string;
  readonly previous_email: string;
  readonly previous_phone: string;
}

interface BookingsTable {
  readonly booking_id: string;
  readonly property_id: string;
  readonly guest_id: string;
  readonly start_date: string;
  readonly end_date: string;
  readonly guests: number;
  readonly status: "confirmed" | "cancelled" | "completed";
  readonly total: number;
  readonly currency: string;
  readonly booked_on: string;
  readonly idempotency_key: string | null;
}

interface CancellationsTable {
  readonly booking_id: string;
  readonly reason: string;
  readonly refund: number;
  readonly currency: string;
  readonly cancelled_on: string;
  readonly idempotency_key: string | null;
}

interface PaymentsTable {
  readonly payment_id: string;
  readonly booking_id: string;
  readonly kind: "deposit" | "balance" | "refund";
  readonly amount: number;
  readonly currency: string;
  readonly paid_on: string;
}

interface CountersTable {
  readonly name: string;
  readonly value: number;
}

/** The tables, alike on SQLite and PostgreSQL: dates are ISO text, money is whole cents. */
export interface BusinessTables {
  readonly owners: OwnersTable;
  readonly properties: PropertiesTable;
  readonly property_amenities: AmenitiesTable;
  readonly seasons: SeasonsTable;
  readonly guests: GuestsTable;
  readonly contact_changes: ContactChangesTable;
  readonly bookings: BookingsTable;
  readonly cancellations: CancellationsTable;
  readonly payments: PaymentsTable;
  readonly counters: CountersTable;
}

/** What queries are made with: a database, or a transaction of it. */
export type Queries = Kysely<BusinessTables>;
