import { apiKeys, defineGate, env, optional, redis, storeFromEnvironment } from "callgate";
import { notes } from "./domains/notes.ts";

export default defineGate({
  name: "my-gate",
  version: "0.1.0",
  instructions: "Notes that a team keeps. Preview a write with dry_run before you make it.",
  domains: [notes],
  callers: {
    authenticate: [apiKeys()],
    roles: {
      team: { scopes: ["notes:*"] },
      reader: { scopes: ["notes:read"] },
    },
    // Over stdio this machine's own user is a member of the team, unless CALLGATE_KEY says otherwise.
    local: { kind: "person", user: "me", role: "team" },
  },
  // Writes, keys and the audit: in PostgreSQL where DATABASE_URL is set, else in a file. Nothing to install.
  store: storeFromEnvironment(".callgate/gate.db"),
  // Where REDIS_URL is set, all replicas of this gate count their rates together.
  limits: { shared: redis(optional(env("REDIS_URL"))) },
});
