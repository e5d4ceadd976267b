import type { EvaluationContext, Logger, Provider } from "@openfeature/server-sdk";
import { TeamFunctions } from "../callers/team-functions.ts";
import type { CallLog } from "../define/context.ts";
import type { FileFlags } from "../define/flags.ts";
import { after } from "../define/maybe-promise.ts";
import type { Subject } from "../define/subject.ts";
import { within } from "../limits/within.ts";
import { toEvaluationContext } from "./evaluation-context.ts";
import { quietLogger } from "./quiet-logger.ts";

const KEEP_MS = 5_000;
/** A failure is kept too, so that a provider that hangs is not asked by every call; shortly, so that it can recover. */
const KEEP_FAILURE_MS = 1_000;
const MOST_KEPT = 10_000;
const ASK_MS = 1_000;
const START_MS = 5_000;

export interface RolloutOptions {
  readonly source: FileFlags | Provider;
  /** Every flag that something is declared with, now. */
  readonly flags: readonly string[];
  readonly clock: () => number;
  readonly log: CallLog;
  /** Told when the provider has other answers than before. */
  readonly onChange: () => void;
  /** Milliseconds that one evaluation has; a second unless said otherwise. */
  readonly askMs?: number;
}

interface Answer {
  readonly flags: readonly string[];
  readonly until: number;
}

interface RolledOut {
  readonly subject: Subject;
  readonly until: number;
}

/**
 * Which flags are on for whom, by an OpenFeature provider that is this gate's alone: it is asked directly, for the
 * API of OpenFeature is one for a whole process. Whatever goes wrong with a flag leaves it off.
 */
export class Rollout {
  readonly #options: RolloutOptions;
  readonly #asking: TeamFunctions;
  readonly #logger: Logger;
  #provider: Provider | undefined;
  #version = 0;
  #closed = false;
  #bySubject = new WeakMap<Subject, RolledOut>();
  #answers = new Map<string, Answer | Promise<Answer>>();

  constructor(options: RolloutOptions) {
    this.#options = options;
    const { log, clock, askMs = ASK_MS } = options;
    this.#asking = new TeamFunctions({ log, clock, askMs });
    this.#logger = quietLogger(log);
  }

  /** Another one, and every answer before it is out of date. */
  get version(): number {
    return this.#version;
  }

  /** Flags are asked for anew, as where other things are declared with others; nobody is told by that. */
  forget(): void {
    this.#version += 1;
    this.#bySubject = new WeakMap();
    this.#answers = new Map();
  }

  /** Rejects where the provider says that it never will work; one that only does not answer yet leaves its flags off. */
  async start(): Promise<void> {
    const { ErrorCode, ProviderEvents } = await import("@openfeature/server-sdk");
    const provider = await this.#load();
    this.#provider = provider;
    for (const event of [ProviderEvents.ConfigurationChanged, ProviderEvents.Ready])
      provider.events?.addHandler(event, () => this.#changed());
    try {
      // Its first readiness may come after the wait for it.
      await within(START_MS, () => provider.initialize?.({}, "callgate")?.then(() => this.#changed()));
    } catch (error) {
      if ((error as { code?: unknown } | undefined)?.code === ErrorCode.PROVIDER_FATAL) throw error;
      this.#options.log.error("the flag provider is not ready; flags that it cannot decide are off", {
        error: String(error),
      });
    }
  }

  /** The same subject with its flags; the same object while the answer holds, and at once where it is known. Never rejects. */
  rollOut(subject: Subject): Subject | Promise<Subject> {
    const now = this.#options.clock();
    const bySubject = this.#bySubject;
    const known = bySubject.get(subject);
    if (known !== undefined && known.until > now) return known.subject;
    // Kept with the answers that the question was asked for: those of a provider that has changed since are gone.
    const withFlags = ({ flags, until }: Answer): Subject => {
      const rolledOut = Object.freeze({ ...subject, flags });
      bySubject.set(subject, { subject: rolledOut, until });
      return rolledOut;
    };
    return after(this.#answerFor(toEvaluationContext(subject), now), withFlags);
  }

  async close(): Promise<void> {
    this.#closed = true;
    try {
      await within(START_MS, () => this.#provider?.onClose?.());
    } catch (error) {
      this.#options.log.warn("the flag provider did not close", { error: String(error) });
    }
  }

  async #load(): Promise<Provider> {
    const { source, log } = this.#options;
    if (!("kind" in source)) return source;
    const { FileFlagsProvider } = await import("./file-flags-provider.ts");
    return new FileFlagsProvider(source.path, log);
  }

  #changed(): void {
    if (this.#closed) return;
    this.forget();
    this.#options.onChange();
  }

  #answerFor(context: EvaluationContext, now: number): Answer | Promise<Answer> {
    const key = JSON.stringify(context);
    const answers = this.#answers;
    const kept = answers.get(key);
    if (kept !== undefined && (kept instanceof Promise || kept.until > now)) return kept;
    if (answers.size >= MOST_KEPT) answers.clear();
    const asked = this.#ask(context).then((answer) => {
      answers.set(key, answer);
      return answer;
    });
    answers.set(key, asked);
    return asked;
  }

  async #ask(context: EvaluationContext): Promise<Answer> {
    const { flags, clock } = this.#options;
    const answers = await Promise.all(flags.map((flag) => this.#isOn(flag, context)));
    const keepMs = answers.includes(undefined) ? KEEP_FAILURE_MS : KEEP_MS;
    return { flags: flags.filter((_, at) => answers[at] === true), until: clock() + keepMs };
  }

  /** Undefined where the provider cannot say. */
  async #isOn(flag: string, context: EvaluationContext): Promise<boolean | undefined> {
    const evaluate = async (): Promise<unknown> => {
      const details = await this.#provider?.resolveBooleanEvaluation(flag, false, context, this.#logger);
      if (details?.errorCode !== undefined) throw new Error(details.errorMessage ?? details.errorCode);
      return details?.value ?? null;
    };
    return (await this.#asking.ask(`the flag "${flag}"`, evaluate, asBoolean))?.value;
  }
}

function asBoolean(answer: unknown): boolean | undefined {
  return typeof answer === "boolean" ? answer : undefined;
}
