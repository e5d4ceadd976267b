import { toVisible, toVisibleLine } from "./printing/visible-text.ts";
import { type Questions, questionsOn } from "./questions.ts";

/**
 * Where a command reads and writes: data on stdout, words for people on stderr. Much of either was written by callers,
 * so nothing in it steers the terminal.
 */
export interface Terminal extends Questions {
  readonly environment: NodeJS.ProcessEnv;
  readonly folder: string;
  /** True where a person can be asked something. */
  readonly canAsk: boolean;
  data(text: string): void;
  /** Data of any length: resolves once it is on its way, so that no more is held here than one text. */
  stream(text: string): Promise<void>;
  say(words: string): void;
  /** Shows how far something is; the line is replaced by the next one where that is possible. */
  progress(words: string): void;
  input(): Promise<string>;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  let progressShown = false;
  const clearProgress = (): void => {
    if (progressShown) stderr.write("\r\u001b[2K");
    progressShown = false;
  };
  return {
    environment: process.env,
    folder: process.cwd(),
    canAsk: stdin.isTTY && stderr.isTTY,
    data: (text) => {
      clearProgress();
      stdout.write(toVisible(text.endsWith("\n") ? text : `${text}\n`));
    },
    stream: (text) => {
      clearProgress();
      return new Promise((resolve, reject) => {
        stdout.write(toVisible(text), (error) => (error === null || error === undefined ? resolve() : reject(error)));
      });
    },
    say: (words) => {
      clearProgress();
      stderr.write(toVisible(words.endsWith("\n") ? words : `${words}\n`));
    },
    progress: (words) => {
      clearProgress();
      const line = toVisibleLine(words);
      stderr.write(stderr.isTTY ? line : `${line}\n`);
      progressShown = stderr.isTTY;
    },
    ...questionsOn(stderr),
    input: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString("utf8");
    },
  };
}
