import { z } from "zod";
import { type Domain, defineDomain } from "../define/domain.ts";
import type { GateInsides } from "../gate/open/create-gate.ts";
import type { LedgerStore } from "../store/ledger-port.ts";
import { pageAfter } from "./page-after.ts";
import { present } from "./present.ts";
import { addResolveWrite } from "./resolve-write.ts";
import { findWrite, toWriteInfo, WriteInfo, writeStates } from "./write-schemas.ts";

/** The ledger: every write from claim to outcome. */
export function writesDomain(insides: GateInsides): Domain<LedgerStore> {
  const { store } = insides;
  const writes = defineDomain<LedgerStore>("writes", {
    owner: "gate-operators",
    purpose: "Seeing what became of writes, and settling those of which only a person can say whether they took place.",
    concern: "A write must never be declared done or not done without someone having looked.",
    backend: {
      start: () => store.ledger,
      health: (_ledger, signal) => store.health(signal),
      // Settling a write as it is settled already changes nothing.
      takesIdempotencyKey: true,
    },
  });
  addListWrites(writes);
  addGetWrite(writes);
  addResolveWrite(writes, insides);
  return writes;
}

function addListWrites(writes: Domain<LedgerStore>): void {
  writes.read("list_writes", {
    description:
      "List writes from the ledger, newest first, by subject, tool and state. state=unknown gives those that wait for a person: look " +
      "at their effect with a reading tool, then settle them with resolve_write.",
    scope: "writes:read",
    input: z.object({
      subject: z.string().optional().describe("e.g. person:anna, agent:helper@anna"),
      tool: z.string().optional(),
      state: z.enum(writeStates).optional(),
      limit: z.int().min(1).max(100).default(20).describe("Rows at most"),
      cursor: z.string().optional().describe("next_cursor of the page before, with the same other arguments"),
    }),
    output: z.object({
      writes: z.array(WriteInfo),
      next_cursor: z.string().optional().describe("There is more: pass it as cursor"),
    }),
    run: async (fields, { backend, subject }) => {
      const query = present({ ...fields, tenant: subject.tenant });
      const page = await pageAfter(fields.cursor, backend.list(query));
      return { writes: page.rows.map(toWriteInfo), ...(page.cursor !== undefined && { next_cursor: page.cursor }) };
    },
  });
}

function addGetWrite(writes: Domain<LedgerStore>): void {
  writes.read("get_write", {
    description:
      "Get one write from the ledger by its id: where it stands, since when, after how many attempts, who settled it.",
    scope: "writes:read",
    input: z.object({ write_id: z.string().describe("e.g. write_…, from list_writes or an error message") }),
    output: WriteInfo,
    run: async ({ write_id }, { backend, subject }) => toWriteInfo(await findWrite(backend, subject, write_id)),
  });
}
