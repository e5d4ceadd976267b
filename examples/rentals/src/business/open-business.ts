import { DatabaseSync } from "node:sqlite";
import { type Booking, type BookingSearch, bookingByKey, findBookings, getBooking } from "./bookings.ts";
import {
  type Cancellation,
  type CancellationPreview,
  type CancellationRequest,
  cancelBooking,
  cancellationByKey,
  previewCancellation,
} from "./cancel-booking.ts";
import { Connection } from "./connection.ts";
import {
  type BookingPreview,
  type BookingRequest,
  createBooking,
  previewBooking,
  type WantedStay,
} from "./create-booking.ts";
import { type Guest, type GuestSearch, getGuest, guestByPhone, guestsById, searchGuests } from "./guests.ts";
import type { Page } from "./pages.ts";
import { type Payment, paymentsOf } from "./payments.ts";
import { amenitiesOf, getProperty, ownerOf, type Property, type Season, seasonsOf } from "./properties.ts";
import { type Quote, quoteStay, type StayRequest } from "./quotes.ts";
import { type FoundProperty, type PropertySearch, searchProperties } from "./search-properties.ts";
import { ANCHOR_DATE } from "./seed/anchor-date.ts";
import { seedBusiness } from "./seed/seed-business.ts";
import {
  type ContactChange,
  type ContactUpdate,
  contactChangeByKey,
  previewContactChange,
  updateGuestContact,
} from "./update-guest-contact.ts";

/** What may be asked of the business. Each answer is described at the function of the same name. */
export interface BusinessReader {
  searchProperties(search: PropertySearch): Page<FoundProperty>;
  getProperty(propertyId: string): Property;
  ownerOf(propertyId: string): string | undefined;
  amenitiesOf(propertyId: string): readonly string[];
  seasonsOf(propertyId: string): readonly Season[];
  quoteStay(request: StayRequest): Quote;
  findBookings(search: BookingSearch): Page<Booking>;
  getBooking(bookingId: string): Booking;
  bookingByKey(key: string): Booking | undefined;
  previewBooking(wanted: WantedStay): BookingPreview;
  previewCancellation(bookingId: string): CancellationPreview;
  cancellationByKey(key: string): Cancellation | undefined;
  paymentsOf(bookingIds: readonly string[]): readonly Payment[];
  searchGuests(search: GuestSearch): Page<Guest>;
  getGuest(guestId: string): Guest;
  guestsById(guestIds: readonly string[]): readonly Guest[];
  guestByPhone(phone: string): Guest | undefined;
  previewContactChange(update: ContactUpdate): ContactChange;
  contactChangeByKey(key: string): ContactChange | undefined;
  /** Throws where the database does not answer. */
  ping(): void;
  close(): void;
}

/** What may be asked of the business and done to it. Every write takes an idempotency key. */
export interface Business extends BusinessReader {
  createBooking(request: BookingRequest, options: { readonly key: string }): Booking;
  cancelBooking(request: CancellationRequest, options: { readonly key: string }): Cancellation;
  updateGuestContact(update: ContactUpdate, options: { readonly key: string }): ContactChange;
}

export interface BusinessOptions {
  /** The database file. `write` makes and fills it where it is missing; `read` needs it to be there. */
  readonly path: string;
  readonly access: "read" | "write";
  /** The business day as an ISO date; the day the example's data was made for, unless given. */
  readonly today?: () => string;
}

/** Opens the business on one connection of its own. With `read`, SQLite itself refuses every write. */
export function openBusiness(options: BusinessOptions): Business {
  const { path, access, today = () => ANCHOR_DATE } = options;
  const connection = new Connection(new DatabaseSync(path, { readOnly: access === "read", timeout: 5_000 }));
  if (access === "write") prepare(connection);
  return Object.freeze({ ...readsOf(connection, today), ...writesOf(connection, today) });
}

function prepare(connection: Connection): void {
  try {
    connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    seedBusiness(connection);
  } catch (error) {
    connection.close();
    throw error;
  }
}

function readsOf(connection: Connection, today: () => string): BusinessReader {
  return {
    searchProperties: (search) => searchProperties(connection, search),
    getProperty: (propertyId) => getProperty(connection, propertyId),
    ownerOf: (propertyId) => ownerOf(connection, propertyId),
    amenitiesOf: (propertyId) => amenitiesOf(connection, propertyId),
    seasonsOf: (propertyId) => seasonsOf(connection, propertyId),
    quoteStay: (request) => quoteStay(connection, request),
    findBookings: (search) => findBookings(connection, search),
    getBooking: (bookingId) => getBooking(connection, bookingId),
    bookingByKey: (key) => bookingByKey(connection, key),
    previewBooking: (wanted) => previewBooking(connection, wanted, today()),
    previewCancellation: (bookingId) => previewCancellation(connection, bookingId, today()),
    cancellationByKey: (key) => cancellationByKey(connection, key),
    paymentsOf: (bookingIds) => paymentsOf(connection, bookingIds),
    searchGuests: (search) => searchGuests(connection, search),
    getGuest: (guestId) => getGuest(connection, guestId),
    guestsById: (guestIds) => guestsById(connection, guestIds),
    guestByPhone: (phone) => guestByPhone(connection, phone),
    previewContactChange: (update) => previewContactChange(connection, update),
    contactChangeByKey: (key) => contactChangeByKey(connection, key),
    ping: () => void connection.get("SELECT 1 FROM properties LIMIT 1"),
    close: () => connection.close(),
  };
}

function writesOf(connection: Connection, today: () => string): Omit<Business, keyof BusinessReader> {
  return {
    createBooking: (request, { key }) => createBooking(connection, request, { key, today: today() }),
    cancelBooking: (request, { key }) => cancelBooking(connection, request, { key, today: today() }),
    updateGuestContact: (update, { key }) => updateGuestContact(connection, update, key),
  };
}
