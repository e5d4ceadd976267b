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

  /** A stream for other resources is another one: the one before ends once that has begun, so that nothing is missed. */
  async tell(uris: ReadonlySet<string>): Promise<boolean> {
    const before = this.#current;
    this.#current = undefined;
    if (uris.size > 0) await this.#begin([...uris]);
    before?.abort();
    return true;
  }

  async #begin(uris: readonly string[]): Promise<void> {
    const { name, link, log, onChange, signal } = this.#options;
    const stream = new AbortController();
    this.#current = stream;
    let isFirst = true;
    await new Promise<void>((resolve) => {
      const onBegin = (): void => {
        // What has changed between two streams, nobody has heard.
        if (!isFirst) for (const uri of uris) onChange({ kind: "resource", uri });
        isFirst = false;
        resolve();
      };
      const ended = AbortSignal.any([signal, stream.signal]);
      void pause(ACKNOWLEDGED_MS, ended).then(resolve);
      void keepListening({
        link,
        notifications: { resourceSubscriptions: uris },
        onChange,
        onBegin,
        onRefused: ({ message: problem }) => {
          log.warn("an upstream does not tell of its resources' changes", { upstream: name, problem });
          resolve();
        },
        signal: ended,
      });
    });
  }
}
