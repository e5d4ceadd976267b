import { DefinitionError } from "../define/definition-error.ts";
import { BootError } from "../gate/served/served-domain.ts";
import { KeyRingError } from "../secrets/ring.ts";
import { StoreError } from "../store/store-error.ts";
import { CliError } from "./cli-error.ts";
import type { ExitReason } from "./exit-codes.ts";
import { explainFileFailure } from "./explain-file-failure.ts";

/** A failure in words for people: one sentence, what to do next where that is known, and how the process ends. */
export interface Explained {
  readonly reason: ExitReason;
  readonly message: string;
  readonly next: string | undefined;
}

/** Whatever was thrown, without its stack. */
export function explainFailure(error: unknown): Explained {
  if (error instanceof CliError) return { reason: error.reason, message: error.message, next: error.next };
  if (error instanceof BootError) return cannotStart(error.message, undefined);
  if (error instanceof KeyRingError)
    return cannotStart(`The gate's key ring cannot be used: ${error.message}.`, undefined);
  if (error instanceof DefinitionError)
    return cannotStart(`The gate's definition cannot work. ${error.message}`, undefined);
  const trouble = explainFileFailure(error);
  if (error instanceof StoreError)
    return cannotStart(`The store cannot be used: ${trouble?.message ?? error.message}`, trouble?.next);
  if (trouble !== undefined) return cannotStart(trouble.message, trouble.next);
  return { reason: "failed", message: oneLine(error), next: "Run it with --debug to see where this comes from." };
}

function cannotStart(message: string, next: string | undefined): Explained {
  return { reason: "cannotStart", message: firstLine(message), next };
}

function oneLine(error: unknown): string {
  return firstLine(error instanceof Error ? error.message : String(error));
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
