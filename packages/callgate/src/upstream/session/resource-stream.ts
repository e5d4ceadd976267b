import type { CallLog } from "../../define/context.ts";
import type { UpstreamChange } from "../connection.ts";
import { keepListening } from "./keep-listening.ts";
import type { Link } from "./link.ts";
import { pause } from "./pause.ts";

/** A server that says nothing of a subscription may still have begun it. */
const ACKNOWLEDGED_MS = 10_000;

export interface ResourceStreamOptions {
  readonly name: string;
  readonly link: Link;
  readonly log: CallLog;
  readonly onChange: (change: UpstreamChange) => void;
  /** Aborted when the session is over. */
  readonly signal: AbortSignal;
}

/** The one stream on which a server tells of all resources that are listened for; MCP 2026-07-28, `subscriptions/listen`. */
export class ResourceStream {
  readonly #options: ResourceStreamOptions;
  #current: AbortController | undefined;

  constructor(options: ResourceStreamOptions) {
    this.#options = options;
  }

  /**
   * A stream for other resources is another one: the one before ends once that has begun, so that nothing is missed. Where
   * the server does not want the new one, the one before stays.
   */
  async tell(uris: ReadonlySet<string>): Promise<boolean> {
    const before = this.#current;
    const stream = new AbortController();
    if (uris.size > 0 && (await this.#begin([...uris], stream.signal)) === "refused") return true;
    this.#current = stream;
    before?.abort();
    return true;
  }

  #begin(uris: readonly string[], left: AbortSignal): Promise<"begun" | "refused"> {
    const { name, link, log, onChange, signal } = this.#options;
    return new Promise((resolve) => {
      const ended = AbortSignal.any([signal, left]);
      void pause(ACKNOWLEDGED_MS, ended).then(() => resolve("begun"));
      void keepListening({
        link,
        notifications: { resourceSubscriptions: uris },
        onChange,
        onBegin: () => resolve("begun"),
        onBack: () => {
          for (const uri of uris) onChange({ kind: "resource", uri });
        },
        onRefused: ({ message: problem }) => {
          log.warn("an upstream does not tell of its resources' changes", { upstream: name, problem });
          resolve("refused");
        },
        signal: ended,
      });
    });
  }
}
