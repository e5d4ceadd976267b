import { readFile } from "node:fs/promises";
import { FlagdCore, MemoryStorage } from "@openfeature/flagd-core";
import {
  type EvaluationContext,
  type JsonValue,
  type Logger,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  ProviderFatalError,
  type ResolutionDetails,
} from "@openfeature/server-sdk";
import type { CallLog } from "../define/context.ts";
import { quietLogger } from "./quiet-logger.ts";

const READ_EVERY_MS = 500;
/** Rules of the file are interpreted: none of it becomes code. */
const INTERPRETED = { disableDynamicCodeGeneration: true };

/** An OpenFeature provider over a file in flagd's format. Only the first reading may fail; later ones leave what was. */
export class FileFlagsProvider implements Provider {
  readonly metadata = { name: "callgate-file-flags" } as const;
  readonly runsOn = "server";
  readonly events: OpenFeatureEventEmitter = new OpenFeatureEventEmitter();
  readonly #path: string;
  readonly #log: CallLog;
  readonly #storage: MemoryStorage;
  readonly #core: FlagdCore;
  /** The text that was read last, or why there was none: each is judged once. */
  #seen = "";
  #reading: NodeJS.Timeout | undefined;

  constructor(path: string, log: CallLog) {
    this.#path = path;
    this.#log = log;
    const logger = quietLogger(log);
    this.#storage = new MemoryStorage(logger, INTERPRETED);
    this.#core = new FlagdCore(this.#storage, logger, INTERPRETED);
  }

  async initialize(): Promise<void> {
    try {
      this.#seen = await readFile(this.#path, "utf8");
      this.#storage.setConfigurations(this.#seen, true);
    } catch (error) {
      throw new ProviderFatalError(`The flags in ${this.#path} cannot be used: ${reasonOf(error)}`, { cause: error });
    }
    this.#readSoon();
  }

  async onClose(): Promise<void> {
    clearTimeout(this.#reading);
    this.#reading = undefined;
  }

  /** Read again, not watched: editors replace the file, Kubernetes a link above it, and network drives tell nobody. */
  #readSoon(): void {
    this.#reading = setTimeout(() => {
      void this.#readAgain().finally(() => {
        if (this.#reading !== undefined) this.#readSoon();
      });
    }, READ_EVERY_MS).unref();
  }

  async #readAgain(): Promise<void> {
    const text = await readFile(this.#path, "utf8").catch((error: unknown) => error as Error);
    const seen = typeof text === "string" ? text : text.message;
    if (seen === this.#seen) return;
    this.#seen = seen;
    try {
      if (typeof text !== "string") throw text;
      const flagsChanged = this.#storage.setConfigurations(text, true);
      this.#log.info("the flags were read again", { path: this.#path, changed: flagsChanged });
      if (flagsChanged.length > 0) this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged });
    } catch (error) {
      const fields = { path: this.#path, error: reasonOf(error) };
      this.#log.error("the flags cannot be used; those that were read before stay", fields);
    }
  }

  async resolveBooleanEvaluation(...asked: Asked<boolean>): Promise<ResolutionDetails<boolean>> {
    return this.#core.resolveBooleanEvaluation(...asked);
  }

  async resolveStringEvaluation(...asked: Asked<string>): Promise<ResolutionDetails<string>> {
    return this.#core.resolveStringEvaluation(...asked);
  }

  async resolveNumberEvaluation(...asked: Asked<number>): Promise<ResolutionDetails<number>> {
    return this.#core.resolveNumberEvaluation(...asked);
  }

  async resolveObjectEvaluation<Value extends JsonValue>(...asked: Asked<Value>): Promise<ResolutionDetails<Value>> {
    return this.#core.resolveObjectEvaluation(...asked);
  }
}

type Asked<Value> = [flag: string, otherwise: Value, context: EvaluationContext, logger: Logger];

/** In one line; what broke first stands at its end. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `: ${reasonOf(error.cause)}`;
  return `${error.message.replaceAll(/\s+/g, " ")}${cause}`;
}
