import type { Gate } from "../../packages/callgate/src/gate/open/create-gate.ts";
import type { AuditRecord, AuditVerification } from "../../packages/callgate/src/store/audit-port.ts";
import { searchWhole } from "../../packages/callgate/src/store/contract-suite/search-whole.ts";
import type { LedgerRow } from "../../packages/callgate/src/store/ledger-port.ts";
import type { Answer, Exchange } from "../../packages/callgate/src/wire/exchange.ts";
import { NO_META } from "../../packages/callgate/src/wire/no-meta.ts";

/** How a process is started. */
export interface Setting {
  readonly folder: string;
  /** Of a PostgreSQL; undefined: files in the folder. */
  readonly database: string | undefined;
  readonly dieAt: string | undefined;
  readonly takesIdempotencyKey: boolean;
  readonly hasLookup: boolean;
}

/** What the store holds after everything. */
export interface Books {
  readonly writes: readonly Pick<LedgerRow, "id" | "state" | "attempt" | "code">[];
  readonly audit: readonly Pick<AuditRecord, "kind" | "outcome" | "writeId" | "callId">[];
  readonly verification: AuditVerification;
}

export type Question = { readonly call: Readonly<Record<string, unknown>> } | { readonly ask: "books" | "end" };
export type Said = { readonly answer: Answer } | { readonly books: Books };

/** Answers what the parent process sends, until it says that this is the end. */
export function askedOver(gate: Gate): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  process.on("message", (question: Question) => {
    if ("call" in question) void answer(gate, question.call).then((said) => process.send?.({ answer: said }));
    else if (question.ask === "books") void books(gate).then((said) => process.send?.({ books: said }));
    else resolve();
  });
  process.send?.("ready");
  return promise;
}

function answer(gate: Gate, input: Readonly<Record<string, unknown>>): Promise<Answer> {
  const exchange: Exchange = {
    method: "tools/call",
    params: { name: "create_booking", arguments: input },
    meta: NO_META,
    revision: "2026-07-28",
    transport: "memory",
    endpoint: undefined,
    presented: { authorization: "Bearer ann", remoteAddress: undefined, local: true, header: () => undefined },
    inputBytes: 0,
    signal: new AbortController().signal,
    paramHeaders: undefined,
    notify: () => undefined,
  };
  return gate.host.handle(exchange);
}

async function books({ store }: Gate): Promise<Books> {
  const { rows } = await store.ledger.list({ limit: 100 });
  const { records } = await searchWhole(store.audit, { limit: 100 });
  return {
    writes: rows.map(({ id, state, attempt, code }) => ({ id, state, attempt, code })),
    audit: records.map(({ kind, outcome, writeId, callId }) => ({ kind, outcome, writeId, callId })),
    verification: await store.audit.verify(),
  };
}
