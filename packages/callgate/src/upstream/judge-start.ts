import type { CallLog } from "../define/context.ts";
import { DefinitionError } from "../define/definition-error.ts";
import { givenFolder } from "./given-folder.ts";
import type { AcceptedForm } from "./lock/accepted-form.ts";
import type { UpstreamOptions } from "./upstream-options.ts";

interface Starting {
  readonly options: UpstreamOptions;
  readonly accepted: AcceptedForm;
  readonly production: boolean;
  /** In which the gate keeps its keys. */
  readonly folder: string;
  readonly log: CallLog;
}

/** What is wrong with an upstream as the config has it is in the log; throws `DefinitionError` where production would serve what nobody has accepted. */
export function judgeStart({ options, accepted, production, folder, log }: Starting): void {
  const { locked, isElsewhere, command } = accepted;
  const { upstream } = accepted.place;
  const argument = givenFolder(options, folder);
  if (argument !== undefined) {
    const words =
      "a program is given a folder in which this gate keeps its keys: whoever may call it may read them there";
    const next = "Give it a folder of its own, or put the gate's store elsewhere.";
    log.warn(words, { upstream, argument, keys: folder, next });
  }
  if (isElsewhere) {
    const words = "an upstream is not where it was accepted; nothing of it is served until it is accepted there";
    log.error(words, { upstream, next: command });
  } else if (locked === undefined && production) {
    throw new DefinitionError(
      { domain: upstream },
      "nobody has accepted what its server offers: the lock file says nothing of it, and this is production.",
      `Run ${command} where the config is, look at it, and commit callgate.lock.json.`,
    );
  }
}
