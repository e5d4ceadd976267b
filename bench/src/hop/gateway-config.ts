import { apiKeys, defineGate, type GateConfig, sqlite, upstream } from "callgate";

const outOfReach = "1000000000/s";

/** A gate with everything on, whose only tools are those of servers that exist: key, roles, rates, schemas, audit on the disk. */
export function gatewayConfig(folder: string, ...addresses: readonly Address[]): GateConfig {
  return defineGate({
    name: "bench-hop",
    version: "1.0.0",
    domains: addresses.map((address, number) =>
      upstream(`upstream-${number}`, {
        ...address,
        reads: ["find_*"],
        scope: "bookings:read",
        concurrency: 1_000,
        lockFile: `${folder}/callgate.lock.json`,
      }),
    ),
    callers: { authenticate: [apiKeys()], roles: { desk: { scopes: ["*"] } } },
    graduation: "off",
    store: sqlite(`${folder}/gate.db`),
    limits: { rate: outOfReach, inFlight: 10_000 },
  });
}

type Address = { readonly url: string } | { readonly command: string; readonly args: readonly string[] };
