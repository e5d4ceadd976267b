/** A promise to the users of Callgate. It is kept when it is true in full and tests would fail without it. */
export interface Requirement {
  readonly state: "kept" | "planned";
  readonly promise: string;
  /** What of a planned promise is there already, or how a kept one is to be read. */
  readonly note?: string;
}

const kept = (promise: string, note?: string): Requirement => ({ state: "kept", promise, ...(note && { note }) });
const planned = (promise: string, note?: string): Requirement => ({ state: "planned", promise, ...(note && { note }) });

/** Every promise by its id. Tests cite them in their titles, as in `[W2] …`. */
export const requirements: Readonly<Record<string, Requirement>> = {
  T1: kept("Tools take JSON by a schema and give JSON by a schema, both validated"),
  T2: kept("One registry behaves alike over stdio and HTTP, chosen by TRANSPORT or a flag"),
  T3: kept("Results are terse, optional parts come by name, and what lists and results cost in tokens is shown"),
  T4: kept("Every error says what failed and what to do next"),
  T5: kept("A result that is too large becomes a page or a summary, never cut JSON"),
  T6: kept(
    "A linter judges tools by what agents need of them",
    "By definition, and by planning writes twice; what errors say to do next shows only when tools run.",
  ),
  T7: kept("Progress reaches the client as it happens, on every transport in every era"),
  T8: kept("Hundreds of tools stay usable, by domains, menus and search", "Search is lexical, and opted into."),

  C1: kept("Teammates and agents, known clients and strangers come to one gate"),
  C2: kept("Each caller has a menu of its own, listing and calling agree, and what is hidden does not exist"),
  C3: kept("Whatever goes wrong in finding out who calls gives the smallest set"),
  C4: kept("Each agent has one credential, issued, rotated, revoked, expired and last used on record"),
  C5: kept("A caller reaches its own account and property only, and a known client's account is set by the gate"),
  C6: planned("The gate is an OAuth resource server"),
  C7: kept("The backend's audit learns for whom a call is, without the client's token"),
  C8: kept("A domain's own credential rides along and goes to that domain alone"),
  C9: kept("A team's own keys, sessions and roles serve as they are, and upstream tokens are refreshed once for all"),

  W1: kept("Every write has a preview that commits nothing"),
  W2: kept(
    "A write lands once whatever is retried, raced or killed, and what is unknown is called unknown",
    "By all processes on one machine's files, and by all replicas on one PostgreSQL.",
  ),
  W3: kept("Approval is bound to caller, tool, arguments, preview and contract, and used once"),
  W4: planned("A workflow of writes goes on after a crash or is undone"),
  W5: kept("A write tool is served after its domain's smoke test, once a person has switched it on"),

  L1: kept("Long calls are durable tasks, with progress, that any replica answers for"),
  L2: kept(
    "Cancelling reaches the backend's work, whoever cancels, wherever it runs, and what it cost is recorded",
    "By the signal that the work is given; the tool gives it to its backend.",
  ),
  L3: kept("Every call has a deadline, five seconds unless the tool says otherwise: fast, or a task, or fail"),

  G1: kept("Other MCP servers are served through the gate"),
  G2: kept("Changed contracts are held back until somebody accepts them"),
  G3: kept(
    "Rates, quotas, breakers and deadlines keep one bad backend to its own tools",
    "Replicas share rates and quotas; breakers are each its own.",
  ),
  G4: kept("Credentials are put in by the gate, and the client's token never passes"),
  G5: kept("Servers are deployed and restarted while agents go on"),
  G6: kept("Named operations of an OpenAPI document become tools"),
  G7: kept(
    "Clients of either era reach servers of either era",
    "Over HTTP and stdio, but for what docs/gateway.md lists with its reason.",
  ),

  K1: kept("A lockfile of contracts fails a build that breaks them"),
  K2: kept("Old shapes of calls go on working and say so"),
  K3: kept("/tools serves the contract"),

  O1: kept("Every call is on record with who, what, why and how it ended; searchable, masked, chained, exported"),
  O2: planned("An agent's run is one trace, down to what its backend was sent", "Traces and payloads are on record."),
  O3: planned("Latency, errors, size, tokens and cost are seen per tool and caller over time"),
  O4: planned("Errors carry category and code and are grouped by tool", "Category and code are there."),
  O5: planned("A console for people, which is an MCP client and nothing more"),
  O6: planned("Metrics, traces, logs, dashboards and alerts come with the gate"),

  B1: kept(
    "Every required backend answers within ten seconds or there is no start; /health and /ready after that",
    "One that is not required is served as down until it answers.",
  ),
  B2: kept("stdout stays the protocol's, and a stdio gate ends with its parent and leaves nothing running"),
  B3: kept("Tools and domains are rolled out by flag: to one engineer, a team, a share of callers, everybody"),
  B4: kept("Secrets are references, and literal ones are refused"),
  B5: planned("Specification and runbook are made of the domain's own data"),
  B6: kept("Restarts lose no call, and replicas share one store"),
  B7: planned("One command installs the gate into an agent's client"),

  A1: planned("Prompt templates are bound to the contracts they were written for"),
  A2: planned("An agent's calls are traced under one run, within a budget"),
  A3: planned("Rules that compute run in code, rules that judge go to the model"),

  S1: planned(
    "Bookings for rental properties, with a dashboard that is an MCP client",
    "The bookings are there; the dashboard is not.",
  ),
  S2: planned("Advertising in domains of three to seven tools"),
  S3: planned("A back office of many domains whose menus stay small"),
  S4: planned("An escalation across systems in one run, undone on failure"),
  S5: planned("A CRM, at first to read only, then with approved writes"),
  S6: planned("Documents that the database itself keeps apart by tenant"),
  S7: planned("A calendar whose provider of tokens misbehaves"),
  S8: planned("Warehouse reports of many minutes that can be cancelled"),
  S9: planned("A database, monitoring and payments, each with as few rights as it takes"),
  S10: planned("A chat channel of known clients and strangers"),
};
