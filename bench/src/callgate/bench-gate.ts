import { apiKeys, defineGate, type GateConfig, redis, storeFromEnvironment } from "callgate";
import { ballastDomains } from "./ballast-domains.ts";
import { bookingsDomain } from "./bookings-domain.ts";

/** Evaluated on every call, but no load reaches it. */
const outOfReach = "1000000000/s";

/** The gate under test with everything on: keys, roles, rates, the audit, the ledger, and 200 tools. Rates are counted in Redis where one is given. */
export function benchGate(folder: string, redisUrl?: string): GateConfig {
  const shared = redisUrl === undefined ? {} : { shared: redis(redisUrl) };
  return defineGate({
    name: "bench",
    version: "1.0.0",
    domains: [bookingsDomain(), ...ballastDomains()],
    callers: { authenticate: [apiKeys()], roles: { desk: { scopes: ["*"] } } },
    graduation: "off",
    // PostgreSQL for the targets that are given an address.
    store: storeFromEnvironment(`${folder}/gate.db`),
    limits: { rate: outOfReach, inFlight: 10_000, ...shared },
  });
}
