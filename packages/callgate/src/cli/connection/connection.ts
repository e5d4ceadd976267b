import type { Client } from "@modelcontextprotocol/client";

/** A client of a gate, wherever that runs. */
export interface Connection {
  readonly client: Client;
  /** Whether the gate runs within this process, and its log is this command's. */
  readonly isWithin: boolean;
  /** Ends the conversation, and the gate too where it runs within this process. */
  close(): Promise<void>;
}
