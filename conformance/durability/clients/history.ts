import { appendFileSync, writeFileSync } from "node:fs";

/** A request for approval, in short. */
export interface AskedApproval {
  readonly id: string;
  readonly tool: string;
  readonly askedBy: string;
}

/** What a client was told, or what it knows of not being told. */
export type Answer =
  /** The write took place, now or (`replayed`) before. */
  | { readonly kind: "done"; readonly replayed: boolean; readonly effect: number; readonly story: string }
  /** What would take place. */
  | { readonly kind: "preview"; readonly hash: string }
  | { readonly kind: "read"; readonly story: string }
  /** It is being done, and its outcome can be asked for. */
  | { readonly kind: "task"; readonly id: string }
  /** Requests for approval that wait. */
  | { readonly kind: "approvals"; readonly asked: readonly AskedApproval[] }
  /** One of them, as it is now. */
  | { readonly kind: "approval"; readonly id: string; readonly state: string; readonly story: string }
  /** An error by its code, and the key that it names for going on. */
  | { readonly kind: "no"; readonly code: string; readonly key?: string }
  /** No answer came: the call may have been served or not. */
  | { readonly kind: "lost" }
  /** The call cannot have arrived. */
  | { readonly kind: "unreached" };

/**
 * Why a request was sent: to write, to write something else under a key that is taken, to see what would happen, to
 * read, to decide on a write, or, when all is over, to be told again what became of one.
 */
export type Purpose = "write" | "edited" | "preview" | "read" | "decide" | "asked-again";

/** A word on a request for approval. */
export interface Decision {
  readonly approval: string;
  readonly verdict: "approve" | "deny" | "withdraw";
}

/** One request of a client, from sending it to its end. Times are milliseconds since the run began. */
export interface Request {
  /** The trace id that the request was sent with: in the audit it finds the call. */
  readonly trace: string;
  readonly client: string;
  readonly story: string;
  readonly tool: string;
  readonly purpose: Purpose;
  readonly key: string | undefined;
  readonly decision: Decision | undefined;
  readonly replica: number;
  readonly sentAt: number;
  readonly heardAt: number;
  readonly answer: Answer;
}

/** What clients sent and heard, in the order of hearing; kept in a file too. */
export class History {
  readonly requests: Request[] = [];
  readonly #path: string;
  #unwritten: string[] = [];

  constructor(path: string) {
    this.#path = path;
    writeFileSync(path, "");
  }

  add(request: Request): void {
    this.requests.push(request);
    this.#unwritten.push(`${JSON.stringify(request)}\n`);
    if (this.#unwritten.length >= 100) this.flush();
  }

  flush(): void {
    appendFileSync(this.#path, this.#unwritten.join(""));
    this.#unwritten = [];
  }
}
