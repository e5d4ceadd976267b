import type { Writable } from "node:stream";

/** One of several things that a person may answer. */
export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string;
}

/** What a person at the terminal can be asked. */
export interface Questions {
  ask(question: string): Promise<boolean>;
  /** The value of the choice that was made; undefined where the person went away instead. */
  choose<Value extends string>(question: string, choices: readonly Choice<Value>[]): Promise<Value | undefined>;
  /** What was typed, trimmed; undefined where the person went away instead. */
  askText(question: string): Promise<string | undefined>;
}

/** Questions of a real terminal; what they are asked with is loaded with the first one. */
export function questionsOn(output: Writable): Questions {
  return {
    ask: async (question) => {
      const { confirm, isCancel } = await import("@clack/prompts");
      const answer = await confirm({ message: question, initialValue: false, output });
      return !isCancel(answer) && answer;
    },
    choose: async (question, choices) => {
      const { select, isCancel } = await import("@clack/prompts");
      const options = choices.map(({ value, label, hint }) => ({
        value: value as string,
        label,
        ...(hint && { hint }),
      }));
      const answer = await select({ message: question, options, output });
      return isCancel(answer) ? undefined : choices.find(({ value }) => value === answer)?.value;
    },
    askText: async (question) => {
      const { text, isCancel } = await import("@clack/prompts");
      const answer = await text({ message: question, output });
      return isCancel(answer) ? undefined : (answer ?? "").trim();
    },
  };
}
