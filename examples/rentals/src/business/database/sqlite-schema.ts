import { LONGEST_STAY } from "../stay-dates.ts";

// No stay is longer than LONGEST_STAY, so one that overlaps cannot have begun earlier: both ends of the index range are bound.
const OVERLAPPING_STAY = `
  SELECT 1 FROM bookings
  WHERE property_id = NEW.property_id AND status <> 'cancelled' AND booking_id <> NEW.booking_id
    AND start_date < NEW.end_date AND start_date > date(NEW.start_date, '-${LONGEST_STAY} days')
    AND end_date > NEW.start_date`;

/** Tables, indexes and the rules that hold whoever writes. Money is in cents, dates are ISO text, `end_date` is not slept. */
export const SQLITE_SCHEMA: string = `
CREATE TABLE owners (
  owner_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE properties (
  property_id TEXT PRIMARY KEY,
  owner_id TEXT NOT NULL REFERENCES owners,
  name TEXT NOT NULL,
  city TEXT NOT NULL,
  country TEXT NOT NULL,
  bedrooms INTEGER NOT NULL,
  capacity INTEGER NOT NULL CHECK (capacity > 0),
  minimum_stay INTEGER NOT NULL CHECK (minimum_stay > 0),
  nightly_price INTEGER NOT NULL CHECK (nightly_price > 0),
  cleaning_fee INTEGER NOT NULL CHECK (cleaning_fee >= 0),
  currency TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX properties_by_owner ON properties (owner_id);
CREATE INDEX properties_by_city ON properties (lower(city));

CREATE TABLE property_amenities (
  property_id TEXT NOT NULL REFERENCES properties,
  amenity TEXT NOT NULL,
  PRIMARY KEY (property_id, amenity)
) STRICT, WITHOUT ROWID;

CREATE TABLE seasons (
  property_id TEXT NOT NULL REFERENCES properties,
  start_date TEXT NOT NULL CHECK (start_date IS date(start_date)),
  end_date TEXT NOT NULL CHECK (end_date IS date(end_date)),
  name TEXT NOT NULL,
  nightly_price INTEGER NOT NULL CHECK (nightly_price > 0),
  PRIMARY KEY (property_id, start_date),
  CHECK (start_date < end_date)
) STRICT, WITHOUT ROWID;

CREATE TABLE guests (
  guest_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  phone TEXT NOT NULL UNIQUE,
  country TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE contact_changes (
  idempotency_key TEXT PRIMARY KEY,
  guest_id TEXT NOT NULL REFERENCES guests,
  email TEXT NOT NULL,
  phone TEXT NOT NULL,
  previous_email TEXT NOT NULL,
  previous_phone TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE bookings (
  booking_id TEXT PRIMARY KEY,
  property_id TEXT NOT NULL REFERENCES properties,
  guest_id TEXT NOT NULL REFERENCES guests,
  start_date TEXT NOT NULL CHECK (start_date IS date(start_date)),
  end_date TEXT NOT NULL CHECK (end_date IS date(end_date)),
  guests INTEGER NOT NULL CHECK (guests > 0),
  status TEXT NOT NULL CHECK (status IN ('confirmed', 'cancelled', 'completed')),
  total INTEGER NOT NULL CHECK (total > 0),
  currency TEXT NOT NULL,
  booked_on TEXT NOT NULL CHECK (booked_on IS date(booked_on)),
  idempotency_key TEXT UNIQUE,
  CHECK (julianday(end_date) - julianday(start_date) BETWEEN 1 AND ${LONGEST_STAY})
) STRICT;
CREATE INDEX bookings_by_property ON bookings (property_id, start_date, booking_id, end_date);
CREATE INDEX bookings_by_guest ON bookings (guest_id, start_date, booking_id);
CREATE INDEX bookings_by_start ON bookings (start_date, booking_id);
CREATE INDEX stays_by_property ON bookings (property_id, start_date, end_date) WHERE status <> 'cancelled';

CREATE TRIGGER stays_never_overlap_when_booked BEFORE INSERT ON bookings
WHEN NEW.status <> 'cancelled' AND EXISTS (${OVERLAPPING_STAY})
BEGIN SELECT RAISE(ABORT, 'overlap'); END;

CREATE TRIGGER stays_never_overlap_when_changed BEFORE UPDATE OF property_id, start_date, end_date, status ON bookings
WHEN NEW.status <> 'cancelled' AND EXISTS (${OVERLAPPING_STAY})
BEGIN SELECT RAISE(ABORT, 'overlap'); END;

CREATE TABLE cancellations (
  booking_id TEXT PRIMARY KEY REFERENCES bookings,
  reason TEXT NOT NULL,
  refund INTEGER NOT NULL CHECK (refund >= 0),
  currency TEXT NOT NULL,
  cancelled_on TEXT NOT NULL CHECK (cancelled_on IS date(cancelled_on)),
  idempotency_key TEXT UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE payments (
  payment_id TEXT PRIMARY KEY,
  booking_id TEXT NOT NULL REFERENCES bookings,
  kind TEXT NOT NULL CHECK (kind IN ('deposit', 'balance', 'refund')),
  amount INTEGER NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL,
  paid_on TEXT NOT NULL CHECK (paid_on IS date(paid_on))
) STRICT, WITHOUT ROWID;
CREATE INDEX payments_by_booking ON payments (booking_id);

CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;
