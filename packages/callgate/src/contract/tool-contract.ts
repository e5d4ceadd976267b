import type { SchemaObject } from "./subsumption/schema-document.ts";

/** What a tool demands and promises, as it is committed: the author's own schemas, before the gate adds its fields. */
export interface ToolContract {
  readonly name: string;
  readonly domain: string;
  /** Raised by the author with a change that breaks callers; 1 at first. */
  readonly version: number;
  readonly effect: "read" | "write" | "destructive";
  readonly title?: string;
  readonly description: string;
  /** Callers need it to see the tool. */
  readonly scope?: string;
  readonly modes?: readonly string[];
  readonly kinds?: readonly string[];
  readonly rollout?: string;
  readonly timeoutMs: number;
  /** What a write demands at least. */
  readonly approval: "none" | "client" | "owner" | "operator" | "two";
  readonly longRunning: boolean;
  /** The argument that the gate fills for known clients. */
  readonly accountField?: string;
  /** Former names of the tool, and of fields of its input, that are still taken. */
  readonly renamed?: { readonly from?: readonly string[]; readonly fields?: Readonly<Record<string, string>> };
  /** `use` is left out where whoever reads the contract does not see that tool. */
  readonly deprecated?: { readonly since: string; readonly use?: string };
  readonly input: SchemaObject;
  readonly output?: SchemaObject;
  /** Optional parts of the result, by name. */
  readonly include?: Readonly<Record<string, SchemaObject>>;
}

/** The committed contracts of all tools of a gate. */
export interface Snapshot {
  readonly callgate: 1;
  readonly gate: string;
  /** By name. */
  readonly tools: readonly ToolContract[];
}
