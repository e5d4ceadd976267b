import { escapePattern } from "../define/escape-pattern.ts";
import type { Change } from "./change.ts";
import type { Snapshot } from "./tool-contract.ts";

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

/** A change, and every name by which a prompt may speak of what it is about. */
interface Broken {
  readonly change: Change;
  readonly tool: readonly string[];
  readonly fields: readonly string[];
}

/**
 * The places in prompts that name a tool, or a field of it, which one of these changes is about, by its name of now or a
 * former one that these contracts know. A field's name counts in a file that names its tool too: `date` alone may mean
 * anything.
 */
export function findBrokenPrompts(
  files: readonly PromptFile[],
  changes: readonly Change[],
  contracts: readonly Snapshot[],
): readonly BrokenPrompt[] {
  const broken = changes.map((change) => withFormerNames(change, contracts));
  return files.flatMap(({ path, text }) => {
    const lines = text.split(/\r?\n/);
    return broken.flatMap(({ change, tool, fields }): readonly BrokenPrompt[] => {
      const told = (name: string): readonly BrokenPrompt[] =>
        linesNaming(lines, name).map((line) => ({ path, line, name, change }));
      const calls = tool.flatMap(told);
      if (calls.length === 0) return [];
      const places = fields.flatMap(told);
      // Where the prompt names the field that has changed, that is the place to mend.
      return places.length > 0 ? places : calls;
    });
  });
}

function withFormerNames(change: Change, contracts: readonly Snapshot[]): Broken {
  const all = contracts.flatMap(({ tools }) => tools.filter(({ name }) => name === change.tool));
  const tools = all.flatMap(({ renamed }) => renamed?.from ?? []);
  const fields = all.flatMap(({ renamed }) => Object.entries(renamed?.fields ?? {}));
  const former = fields.filter(([, now]) => change.fields.includes(now)).map(([name]) => name);
  return {
    change,
    tool: [...new Set([change.tool, ...tools])],
    fields: [...new Set([...change.fields, ...former])],
  };
}

/** Lines in which a name stands by itself, and not as a part of a longer one. */
function linesNaming(lines: readonly string[], name: string): readonly number[] {
  const word = new RegExp(`(?<![\\p{L}\\p{N}_])${escapePattern(name)}(?![\\p{L}\\p{N}_])`, "u");
  return lines.flatMap((line, index) => (word.test(line) ? [index + 1] : []));
}
