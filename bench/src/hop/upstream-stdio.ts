import { createInterface } from "node:readline";
import { answerMessage } from "./upstream-answers.ts";

// The same server at the other end of two pipes; it ends with its input.
for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  const answer = answerMessage(line);
  if (answer !== undefined) process.stdout.write(`${answer}\n`);
}
