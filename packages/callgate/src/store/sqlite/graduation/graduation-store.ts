import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { GraduationsTable, SmokeProofsTable } from "../../graduation/graduation-columns.ts";
import { toGraduation, toProof, toProofValues } from "../../graduation/graduation-columns.ts";
import type { Graduation, GraduationStore, SmokeProof } from "../../graduation-port.ts";
import type { BatchChannel } from "../threads/batch-channel.ts";

/** Graduations in gate.db: changes go through the ledger's thread, the few reads are made here. */
export class SqliteGraduationStore implements GraduationStore {
  readonly #channel: BatchChannel;
  readonly #byId: StatementSync;
  readonly #newest: StatementSync;
  readonly #all: StatementSync;
  readonly #version: StatementSync;

  constructor(channel: BatchChannel, reader: DatabaseSync) {
    this.#channel = channel;
    this.#byId = reader.prepare("SELECT * FROM smoke_proofs WHERE id = ?");
    this.#newest = reader.prepare(
      "SELECT * FROM smoke_proofs WHERE position IN (SELECT max(position) FROM smoke_proofs GROUP BY domain)",
    );
    this.#all = reader.prepare("SELECT * FROM graduations ORDER BY at, tool");
    this.#version = reader.prepare("SELECT version FROM graduation_version");
  }

  async addProof(proof: SmokeProof): Promise<void> {
    await this.#channel.call(["smoke-proof", ...toProofValues(proof)]);
  }

  async proof(id: string): Promise<SmokeProof | undefined> {
    const row = this.#byId.get(id);
    // These and the rows below are whole rows of strict tables.
    return row === undefined ? undefined : toProof(row as unknown as SmokeProofsTable);
  }

  async newestProofs(): Promise<readonly SmokeProof[]> {
    return this.#newest.all().map((row) => toProof(row as unknown as SmokeProofsTable));
  }

  async graduate({
    domain,
    tool,
    contractHash,
    proofId,
    at,
    by,
  }: Parameters<GraduationStore["graduate"]>[0]): Promise<void> {
    await this.#channel.call(["graduate", domain, tool, contractHash, proofId, at, by]);
  }

  withdraw({ tool, at, by }: Parameters<GraduationStore["withdraw"]>[0]): Promise<boolean> {
    return this.#channel.call<boolean>(["withdraw", tool, at, by]);
  }

  async list(): Promise<readonly Graduation[]> {
    return this.#all.all().map((row) => toGraduation(row as unknown as GraduationsTable));
  }

  async version(): Promise<number> {
    return Number(this.#version.get()?.["version"]);
  }
}
