import { join } from "node:path";
import { apiKeys, defineGate, env, optional, redis, storeFromEnvironment } from "callgate";
import { exampleFolder } from "./example-folder.ts";
import { bookings } from "./tools/bookings.ts";
import { guests } from "./tools/guests.ts";
import { rentalsBooks } from "./tools/rentals-backend.ts";
import { reports } from "./tools/reports.ts";

const publicUrl = process.env["PUBLIC_URL"];

export default defineGate({
  name: "rentals",
  version: "0.1.0",
  instructions:
    "Homes to let in eight European cities. Money is in cents, and with its currency in previews, dates are YYYY-MM-DD, and end is the day of departure. " +
    "The business day is 2026-11-01. Preview a write with dry_run before you make it.",
  domains: [bookings, guests, reports],
  callers: {
    authenticate: [apiKeys()],
    roles: {
      frontdesk: { modes: ["team"], scopes: ["properties:*", "bookings:*", "guests:*", "reports:read"] },
      manager: {
        modes: ["team"],
        scopes: ["properties:*", "bookings:*", "guests:*", "reports:read", "approvals:decide"],
      },
      owner: { modes: ["owner"], scopes: ["properties:read", "bookings:read"] },
      reader: { modes: ["team"], scopes: ["properties:read", "bookings:read", "guests:read", "reports:read"] },
    },
    clients: {
      mode: "client",
      scopes: ["properties:read", "bookings:read", "bookings:write"],
      accountOf: async ({ phone }) =>
        phone === undefined ? undefined : (await (await rentalsBooks()).guestByPhone(phone))?.guest_id,
    },
    // Over stdio this machine's own user sits at the front desk, unless CALLGATE_KEY says otherwise.
    local: { kind: "person", user: "desk", role: "frontdesk" },
    anonymous: { mode: "onboarding", scopes: ["properties:read"] },
  },
  store: storeFromEnvironment(join(exampleFolder, "gate.db")),
  // Behind a load balancer the gate answers to the name that people know it by.
  ...(publicUrl !== undefined && { server: { publicUrl } }),
  // Room for trying things out in bursts; a real desk needs a tenth of it. Replicas count together where REDIS_URL is set.
  limits: { rate: "6000/min", shared: redis(optional(env("REDIS_URL"))) },
  audit: { maskFields: ["email", "phone"] },
});
