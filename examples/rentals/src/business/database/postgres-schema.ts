import { LONGEST_STAY } from "../stay-dates.ts";

/**
 * The same tables, indexes and rules as SQLite's, in a schema of their own. Text is compared byte by byte (`COLLATE "C"`), as
 * SQLite does: so both engines give the same rows in the same order.
 */
export const POSTGRES_SCHEMA: string = `
CREATE TABLE rentals.owners (
  owner_id text COLLATE "C" PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  email text COLLATE "C" NOT NULL UNIQUE
);

CREATE TABLE rentals.properties (
  property_id text COLLATE "C" PRIMARY KEY,
  owner_id text COLLATE "C" NOT NULL REFERENCES rentals.owners,
  name text COLLATE "C" NOT NULL,
  city text COLLATE "C" NOT NULL,
  country text COLLATE "C" NOT NULL,
  bedrooms integer NOT NULL,
  capacity integer NOT NULL CHECK (capacity > 0),
  minimum_stay integer NOT NULL CHECK (minimum_stay > 0),
  nightly_price integer NOT NULL CHECK (nightly_price > 0),
  cleaning_fee integer NOT NULL CHECK (cleaning_fee >= 0),
  currency text COLLATE "C" NOT NULL
);
CREATE INDEX properties_by_owner ON rentals.properties (owner_id);
CREATE INDEX properties_by_city ON rentals.properties (lower(city));

CREATE TABLE rentals.property_amenities (
  property_id text COLLATE "C" NOT NULL REFERENCES rentals.properties,
  amenity text COLLATE "C" NOT NULL,
  PRIMARY KEY (property_id, amenity)
);

CREATE TABLE rentals.seasons (
  property_id text COLLATE "C" NOT NULL REFERENCES rentals.properties,
  start_date date NOT NULL,
  end_date date NOT NULL,
  name text COLLATE "C" NOT NULL,
  nightly_price integer NOT NULL CHECK (nightly_price > 0),
  PRIMARY KEY (property_id, start_date),
  CHECK (start_date < end_date)
);

CREATE TABLE rentals.guests (
  guest_id text COLLATE "C" PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  email text COLLATE "C" NOT NULL UNIQUE,
  phone text COLLATE "C" NOT NULL UNIQUE,
  country text COLLATE "C" NOT NULL
);

CREATE TABLE rentals.contact_changes (
  idempotency_key text COLLATE "C" PRIMARY KEY,
  guest_id text COLLATE "C" NOT NULL REFERENCES rentals.guests,
  email text COLLATE "C" NOT NULL,
  phone text COLLATE "C" NOT NULL,
  previous_email text COLLATE "C" NOT NULL,
  previous_phone text COLLATE "C" NOT NULL
);

CREATE TABLE rentals.bookings (
  booking_id text COLLATE "C" PRIMARY KEY,
  property_id text COLLATE "C" NOT NULL REFERENCES rentals.properties,
  guest_id text COLLATE "C" NOT NULL REFERENCES rentals.guests,
  start_date date NOT NULL,
  end_date date NOT NULL,
  guests integer NOT NULL CHECK (guests > 0),
  status text COLLATE "C" NOT NULL CHECK (status IN ('confirmed', 'cancelled', 'completed')),
  total integer NOT NULL CHECK (total > 0),
  currency text COLLATE "C" NOT NULL,
  booked_on date NOT NULL,
  idempotency_key text COLLATE "C" UNIQUE,
  CHECK (end_date - start_date BETWEEN 1 AND ${LONGEST_STAY}),
  CONSTRAINT stays_never_overlap EXCLUDE USING gist
    (property_id WITH =, daterange(start_date, end_date) WITH &&) WHERE (status <> 'cancelled')
);
CREATE INDEX bookings_by_property ON rentals.bookings (property_id, start_date, booking_id, end_date);
CREATE INDEX bookings_by_guest ON rentals.bookings (guest_id, start_date, booking_id);
CREATE INDEX bookings_by_start ON rentals.bookings (start_date, booking_id);

CREATE TABLE rentals.cancellations (
  booking_id text COLLATE "C" PRIMARY KEY REFERENCES rentals.bookings,
  reason text COLLATE "C" NOT NULL,
  refund integer NOT NULL CHECK (refund >= 0),
  currency text COLLATE "C" NOT NULL,
  cancelled_on date NOT NULL,
  idempotency_key text COLLATE "C" UNIQUE
);

CREATE TABLE rentals.payments (
  payment_id text COLLATE "C" PRIMARY KEY,
  booking_id text COLLATE "C" NOT NULL REFERENCES rentals.bookings,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('deposit', 'balance', 'refund')),
  amount integer NOT NULL CHECK (amount > 0),
  currency text COLLATE "C" NOT NULL,
  paid_on date NOT NULL
);
CREATE INDEX payments_by_booking ON rentals.payments (booking_id);

CREATE TABLE rentals.counters (name text COLLATE "C" PRIMARY KEY, value integer NOT NULL);

CREATE TABLE rentals.schema_version (version integer NOT NULL);
`;
