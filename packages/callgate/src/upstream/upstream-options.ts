import type { ApprovalLevel, ApprovalRules } from "../define/approval.ts";
import type { Rate } from "../define/backend.ts";
import type { SmokeCheck } from "../define/domain.ts";
import type { Effect } from "../define/effect.ts";
import type { SecretReference } from "../define/secret.ts";
import type { ToolRules } from "../define/tool.ts";
import type { UpstreamCredential } from "./credential.ts";

/** A server that is a program: started without a shell, spoken to over its stdin and stdout, ended with the gate. */
export interface ProgramAddress {
  readonly command: string;
  readonly args?: readonly string[];
  /** What it finds in its environment; secrets by reference. */
  readonly env?: Readonly<Record<string, string | SecretReference>>;
  readonly cwd?: string;
  /**
   * True: where it asks for roots, it is told those of the client whose call alone is under way, as long as one caller alone
   * has used it. Some programs serve whatever folders they are told. False unless said otherwise: it hears of none.
   */
  readonly roots?: boolean;
}

/** A server at an address, over Streamable HTTP. */
export interface NetworkAddress {
  readonly url: string;
  /** What it is shown; nothing that a client has presented ever reaches it. */
  readonly credential?: UpstreamCredential;
}

type Ruled =
  | "title"
  | "scope"
  | "modes"
  | "kinds"
  | "rollout"
  | "rate"
  | "concurrency"
  | "impact"
  | "timeoutMs"
  | "longRunning";

/** What the gate makes of one of the server's tools. */
export interface UpstreamTool
  extends Partial<Pick<ToolRules<unknown>, Ruled | "maxResultBytes" | "deprecated" | "renamed" | "version">> {
  /** The name under which it is served; the server's own unless said otherwise. */
  readonly as?: string;
  /** What it is; one that the server calls destructive is destructive whatever stands here. */
  readonly effect?: Effect;
  readonly approval?: ApprovalLevel | ApprovalRules;
  /** Words in place of the server's own. */
  readonly description?: string;
  /** True: it is not served. */
  readonly hidden?: boolean;
  /** The argument of its own that makes it only say what it would do: set for the preview. */
  readonly dryRunArgument?: string;
}

/** How a server that exists is served, beside where it is. */
export interface UpstreamRules {
  /** Tools that change nothing, by name; `*` stands for any letters, and takes in no tool that says of itself that it writes. */
  readonly reads?: readonly string[];
  /** By the server's own names. */
  readonly tools?: Readonly<Record<string, UpstreamTool>>;
  /** `named`: those under `tools` alone. `all` unless said otherwise. */
  readonly serve?: "all" | "named";
  /** Put before the name of each tool and prompt. */
  readonly prefix?: string;
  readonly resources?: boolean;
  readonly prompts?: boolean;
  /** What a caller needs to see anything of it, unless the tool says otherwise. */
  readonly scope?: string;
  readonly modes?: readonly string[];
  /**
   * What its writes demand, unless the tool says otherwise; those that are destructive the owner's approval if nothing does.
   * A rule in CEL that names an argument which a tool does not have holds there, as any rule that cannot be judged.
   */
  readonly approval?: ApprovalLevel | ApprovalRules;
  /** Milliseconds that a call may take, unless the tool says otherwise; 5,000 if nothing does. */
  readonly timeoutMs?: number;
  /** The largest result, unless the tool says otherwise; 1,048,576 bytes of JSON if nothing does. */
  readonly maxResultBytes?: number;
  /** True: the gate does not start without it. False unless said otherwise. */
  readonly required?: boolean;
  /** Calls that all its tools together may make, e.g. `"600/min"`. */
  readonly quota?: Rate;
  /** Calls at the same time; further ones are refused. Unless said otherwise the server has 64 of 256, and the others wait. */
  readonly concurrency?: number;
  /**
   * The members of a client's `_meta` that it is shown, with reads and writes. Left out: with reads all that are the client's
   * own and do not look like a credential, with writes none, because nobody who agrees to a write sees them.
   */
  readonly clientMeta?: readonly string[];
  /** Reads that show that it works, for `callgate smoke`, beside that it answers with what was accepted. */
  readonly smoke?: readonly SmokeCheck[];
  readonly owner?: string;
  readonly purpose?: string;
  readonly concern?: string;
  readonly endpoint?: "shared" | "own";
  readonly rollout?: string;
  /** Where what was accepted of it stands; `callgate.lock.json` in the config's folder unless said otherwise. */
  readonly lockFile?: string;
}

/** Where a server is, and how it is served. */
export type UpstreamOptions = UpstreamRules & (ProgramAddress | NetworkAddress);

/** True for a server that is a program. */
export function isProgram(options: ProgramAddress | NetworkAddress): options is ProgramAddress {
  return "command" in options;
}
