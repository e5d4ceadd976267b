import { toLedgerRow, type WriteValues } from "../../ledger/write-columns.ts";
import type {
  Claim,
  ClaimOutcome,
  LedgerPage,
  LedgerQuery,
  LedgerRow,
  LedgerStore,
  Move,
  RowApproval,
} from "../../ledger-port.ts";
import { claimedRow, isOpen, movedRow } from "../../ledger-rows.ts";
import type { BatchChannel } from "../threads/batch-channel.ts";
import type { LazyChannel } from "../threads/lazy-channel.ts";
import type {
  AdvanceOperation,
  ApprovalOperation,
  Change,
  ClaimOperation,
  ClaimReply,
  FinishOperation,
} from "./ledger-operations.ts";

/** Rows removed in one transaction, so that claims never wait long behind an expiry. */
const EXPIRE_AT_ONCE = 500;

/** The ledger in gate.db: what claims and moves goes through the ledger's thread, what looks around through the searching one. */
export class SqliteLedgerStore implements LedgerStore {
  readonly #writer: BatchChannel;
  readonly #reader: LazyChannel;
  readonly #timeToRemove: (now: number) => number;

  constructor(writer: BatchChannel, reader: LazyChannel, timeToRemove: (now: number) => number) {
    this.#writer = writer;
    this.#reader = reader;
    this.#timeToRemove = timeToRemove;
  }

  async claim(claim: Claim): Promise<ClaimOutcome> {
    const [kind, values] = await this.#writer.call<ClaimReply>(toClaimOperation(claim));
    return { kind, row: values === null ? claimedRow(claim) : toLedgerRow(values) };
  }

  async move(move: Move): Promise<LedgerRow | undefined> {
    const after = movedRow(move);
    const operation = toOperation(move, after);
    return (await this.#writer.call<boolean>(operation)) ? after : undefined;
  }

  get(id: string): Promise<LedgerRow | undefined> {
    return this.#row(["get", id]);
  }

  find(subject: string, tool: string, key: string): Promise<LedgerRow | undefined> {
    return this.#row(["find", subject, tool, key]);
  }

  byApproval(id: string): Promise<LedgerRow | undefined> {
    return this.#row(["by-approval", id]);
  }

  async list(query: LedgerQuery): Promise<LedgerPage> {
    const [rows, next] = await this.#reader.call<readonly [readonly WriteValues[], string | null]>([
      "writes-list",
      query,
    ]);
    return { rows: rows.map(toLedgerRow), cursor: next ?? undefined };
  }

  async abandoned(now: number): Promise<readonly LedgerRow[]> {
    const rows = await this.#reader.call<readonly WriteValues[]>(["writes-abandoned", now]);
    return rows.map(toLedgerRow);
  }

  async heldBy(owner: string, since: number): Promise<readonly LedgerRow[]> {
    const rows = await this.#reader.call<readonly WriteValues[]>(["writes-held-by", owner, since]);
    return rows.map(toLedgerRow);
  }

  async expire(now: number, keepMs: number): Promise<number> {
    const before = this.#timeToRemove(now) - keepMs;
    let removed = 0;
    for (;;) {
      const more = await this.#writer.call<number>(["expire", before, EXPIRE_AT_ONCE]);
      removed += more;
      if (more < EXPIRE_AT_ONCE) return removed;
    }
  }

  async #row(operation: readonly string[]): Promise<LedgerRow | undefined> {
    const values = await this.#writer.call<WriteValues | undefined>(operation);
    return values === undefined ? undefined : toLedgerRow(values);
  }
}

function toClaimOperation(claim: Claim): ClaimOperation {
  return [
    "claim",
    claim.id,
    claim.subject,
    claim.tenant ?? null,
    claim.tool,
    claim.key ?? null,
    claim.newKey,
    claim.digest,
    claim.contractHash,
    claim.callId,
    claim.owner,
    claim.now,
    claim.leaseUntil,
    claim.repeatSince ?? null,
  ];
}

function toOperation(move: Move, after: LedgerRow): AdvanceOperation | ApprovalOperation | FinishOperation {
  if (move.approval !== undefined) return toApprovalOperation(move, move.approval, after);
  return isOpen(after.state) ? toAdvanceOperation(move, after) : toFinishOperation(move, after);
}

function toApprovalOperation(move: Move, approval: RowApproval, after: LedgerRow): ApprovalOperation {
  const before = move.row.approval === undefined ? null : JSON.stringify(move.row.approval);
  const place = [after.attempt, after.owner, after.callId, after.finishedAt ?? null] as const;
  const asked = [before, JSON.stringify(approval), approval.id, ownBytes(move.sealedRequest)] as const;
  return ["approval", ...toChange(move, after), ...place, ...asked];
}

function toAdvanceOperation(move: Move, after: LedgerRow): AdvanceOperation {
  return ["advance", ...toChange(move, after), after.attempt, after.owner, after.callId];
}

function toFinishOperation(move: Move, after: LedgerRow): FinishOperation {
  return [
    "finish",
    ...toChange(move, after),
    after.finishedAt ?? null,
    ownBytes(after.sealedOutcome),
    after.settledBy ?? null,
    after.note ?? null,
  ];
}

function toChange({ row, from }: Move, after: LedgerRow): Change {
  const { state, updatedAt, leaseUntil, code = null } = after;
  return [row.id, row.attempt, from[0], from[1] ?? from[0], state, updatedAt, leaseUntil, code];
}

// A message carries the whole memory behind a view: a small Buffer would take its pool of 64 kB along.
function ownBytes(bytes: Uint8Array | undefined): Uint8Array | null {
  if (bytes === undefined) return null;
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}
