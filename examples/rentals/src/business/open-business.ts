import { type Booking, type BookingSearch, bookingByKey, findBookings, getBooking } from "./bookings.ts";
import {
  type Cancellation,
  type CancellationPreview,
  type CancellationRequest,
  cancelBooking,
  cancellationByKey,
  previewCancellation,
} from "./cancel-booking.ts";
import {
  type BookingPreview,
  type BookingRequest,
  createBooking,
  previewBooking,
  type WantedStay,
} from "./create-booking.ts";
import type { BusinessAddress, BusinessDatabase } from "./database/business-database.ts";
import { openDatabase } from "./database/open-database.ts";
import { type Guest, type GuestSearch, getGuest, guestByPhone, guestsById, searchGuests } from "./guests.ts";
import { buildOccupancyReport, type OccupancyReport, type OccupancyRequest } from "./occupancy-report.ts";
import type { Page } from "./pages.ts";
import { type Payment, paymentsOf } from "./payments.ts";
import { amenitiesOf, getProperty, ownerOf, type Property, type Season, seasonsOf } from "./properties.ts";
import { type Quote, quoteStay, type StayRequest } from "./quotes.ts";
import type { ReportContext } from "./report-context.ts";
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

const PATIENCE_MS = 5_000;
const SEEDING_PATIENCE_MS = 60_000;

/** What may be asked of the business. Each answer is described at the function of the same name. */
export interface BusinessReader {
  searchProperties(search: PropertySearch): Promise<Page<FoundProperty>>;
  getProperty(propertyId: string): Promise<Property>;
  ownerOf(propertyId: string): Promise<string | undefined>;
  amenitiesOf(propertyId: string): Promise<readonly string[]>;
  seasonsOf(propertyId: string): Promise<readonly Season[]>;
  quoteStay(request: StayRequest): Promise<Quote>;
  findBookings(search: BookingSearch): Promise<Page<Booking>>;
  getBooking(bookingId: string): Promise<Booking>;
  bookingByKey(key: string): Promise<Booking | undefined>;
  previewBooking(wanted: WantedStay): Promise<BookingPreview>;
  previewCancellation(bookingId: string): Promise<CancellationPreview>;
  cancellationByKey(key: string): Promise<Cancellation | undefined>;
  paymentsOf(bookingIds: readonly string[]): Promise<readonly Payment[]>;
  searchGuests(search: GuestSearch): Promise<Page<Guest>>;
  getGuest(guestId: string): Promise<Guest>;
  guestsById(guestIds: readonly string[]): Promise<readonly Guest[]>;
  guestByPhone(phone: string): Promise<Guest | undefined>;
  previewContactChange(update: ContactUpdate): Promise<ContactChange>;
  contactChangeByKey(key: string): Promise<ContactChange | undefined>;
  buildOccupancyReport(request: OccupancyRequest, context: ReportContext): Promise<OccupancyReport>;
  /** A write that finds no row to change: harmless, and refused all the same to who may only read. */
  changeNothing(): Promise<void>;
  /** Throws where the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** What may be asked of the business and done to it. Every write takes an idempotency key. */
export interface Business extends BusinessReader {
  createBooking(request: BookingRequest, options: { readonly key: string }): Promise<Booking>;
  cancelBooking(request: CancellationRequest, options: { readonly key: string }): Promise<Cancellation>;
  updateGuestContact(update: ContactUpdate, options: { readonly key: string }): Promise<ContactChange>;
}

export interface BusinessOptions {
  /** Where its data is. `write` makes and fills it where it is missing; `read` needs it to be there. */
  readonly at: BusinessAddress;
  readonly access: "read" | "write";
  /** The business day as an ISO date; the day the example's data was made for, unless given. */
  readonly today?: (() => string) | undefined;
}

/** Opens the business on connections of its own. With `read`, the database itself refuses every write. */
export async function openBusiness({ at, access, today = () => ANCHOR_DATE }: BusinessOptions): Promise<Business> {
  if (access === "write") await prepareBusiness(at);
  const database = await openDatabase(at, { access, patienceMs: PATIENCE_MS });
  return Object.freeze({ ...readsOf(database, today), ...writesOf(database, today) });
}

/** Makes and fills the database where that has not been done, and waits where another process is at it. */
export async function prepareBusiness(at: BusinessAddress): Promise<void> {
  const database = await openDatabase(at, { access: "write", patienceMs: SEEDING_PATIENCE_MS });
  try {
    await seedBusiness(database);
  } finally {
    await database.close();
  }
}

function readsOf(database: BusinessDatabase, today: () => string): BusinessReader {
  const { queries } = database;
  return {
    searchProperties: (search) => searchProperties(queries, search),
    getProperty: (propertyId) => getProperty(queries, propertyId),
    ownerOf: (propertyId) => ownerOf(queries, propertyId),
    amenitiesOf: (propertyId) => amenitiesOf(queries, propertyId),
    seasonsOf: (propertyId) => seasonsOf(queries, propertyId),
    quoteStay: (request) => quoteStay(queries, request),
    findBookings: (search) => findBookings(queries, search),
    getBooking: (bookingId) => getBooking(queries, bookingId),
    bookingByKey: (key) => bookingByKey(queries, key),
    previewBooking: (wanted) => previewBooking(queries, wanted, today()),
    previewCancellation: (bookingId) => previewCancellation(queries, bookingId, today()),
    cancellationByKey: (key) => cancellationByKey(queries, key),
    paymentsOf: (bookingIds) => paymentsOf(queries, bookingIds),
    searchGuests: (search) => searchGuests(queries, search),
    getGuest: (guestId) => getGuest(queries, guestId),
    guestsById: (guestIds) => guestsById(queries, guestIds),
    guestByPhone: (phone) => guestByPhone(queries, phone),
    previewContactChange: (update) => previewContactChange(queries, update),
    contactChangeByKey: (key) => contactChangeByKey(queries, key),
    buildOccupancyReport: (request, context) => buildOccupancyReport(database, request, context),
    changeNothing: async () => {
      const nobody = queries.updateTable("guests").where("guest_id", "=", "");
      await nobody.set((guest) => ({ name: guest.ref("name") })).execute();
    },
    ping: async () => {
      await queries.selectFrom("properties").select("property_id").limit(1).execute();
    },
    close: () => database.close(),
  };
}

function writesOf(database: BusinessDatabase, today: () => string): Omit<Business, keyof BusinessReader> {
  return {
    createBooking: (request, { key }) => createBooking(database, request, { key, today: today() }),
    cancelBooking: (request, { key }) => cancelBooking(database, request, { key, today: today() }),
    updateGuestContact: (update, { key }) => updateGuestContact(database, update, key),
  };
}
