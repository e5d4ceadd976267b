import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Answer } from "../../packages/callgate/src/wire/exchange.ts";
import { firstWord } from "../processes/child-life.ts";
import type { Books, Question, Said, Setting } from "./messages.ts";

const script = fileURLToPath(new URL("bookings-process.ts", import.meta.url));

/** A gate in a process of its own. */
export interface BookingsProcess {
  /** The answer, or what killed the process before there was one. */
  call(input: Readonly<Record<string, unknown>>): Promise<Answer | NodeJS.Signals>;
  books(): Promise<Books>;
  end(): Promise<void>;
}

/** Starts it, and resolves once it takes calls. */
export async function startBookings(setting: Setting): Promise<BookingsProcess> {
  const child = fork(script, [JSON.stringify(setting)], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const first = await firstWord(child);
  if (!("said" in first)) throw new Error(`the process did not start: ${first.ended}`);
  return {
    call: async (input) => {
      const said = await ask(child, { call: input });
      return typeof said === "string" ? said : "answer" in said ? said.answer : Promise.reject(new Error("no answer"));
    },
    books: async () => {
      const said = await ask(child, { ask: "books" });
      if (typeof said === "string" || !("books" in said)) throw new Error("the books were not shown");
      return said.books;
    },
    end: async () => {
      const exited = once(child, "exit");
      child.send({ ask: "end" } satisfies Question);
      await exited;
    },
  };
}

async function ask(child: ChildProcess, question: Question): Promise<Said | NodeJS.Signals> {
  const listening = new AbortController();
  const { signal } = listening;
  try {
    const said = once(child, "message", { signal }).then(([message]) => message as Said);
    const died = once(child, "exit", { signal }).then(([, killedBy]) => killedBy as NodeJS.Signals);
    const first = Promise.race([said, died]);
    child.send(question);
    return await first;
  } finally {
    listening.abort();
  }
}
