import type { Change } from "./change.ts";

/** A file that a model is told something by. */
export interface PromptFile {
  readonly path: string;
  readonly text: string;
}

/** A place in a prompt that speaks of something which a change breaks. */
export interface BrokenPrompt {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** The name of a tool or of one of its fields, as it stands there. */
  readonly name: string;
  readonly change: Change;
}

/**
 * The places in prompts that name a tool, or a field of it, which one of these changes is about. A field's name counts in
 * a file that names its tool too: `date` alone may mean anything.
 */
export function findBrokenPrompts(files: readonly PromptFile[], broken: readonly Change[]): readonly BrokenPrompt[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.split(/\r?\n/);
    return broken.flatMap((change): readonly BrokenPrompt[] => {
      const calls = linesNaming(lines, change.tool);
      if (calls.length === 0) return [];
      const told = (name: string, at: readonly number[]): readonly BrokenPrompt[] =>
        at.map((line) => ({ path, line, name, change }));
      const fields = change.fields.flatMap((field) => told(field, linesNaming(lines, field)));
      // Where the prompt names the field that has changed, that is the place to mend.
      return fields.length > 0 ? fields : told(change.tool, calls);
    });
  });
}

/** Lines in which a name stands by itself, and not as a part of a longer one. */
function linesNaming(lines: readonly string[], name: string): readonly number[] {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const word = new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, "u");
  return lines.flatMap((line, index) => (word.test(line) ? [index + 1] : []));
}
