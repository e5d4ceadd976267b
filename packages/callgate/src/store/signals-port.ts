/** Which of the lists that clients keep. */
export type ListName = "tools" | "resources" | "prompts";

/**
 * Something that has happened, told in a few words to every process on a store. It names what to look at, never what is
 * there now: who hears it reads the store. A `subject` is whom alone it concerns; left out, it concerns everybody.
 */
export type Signal =
  | { readonly topic: "lists-changed"; readonly lists: readonly ListName[]; readonly subject?: string }
  | { readonly topic: "resource-updated"; readonly uri: string; readonly subject?: string }
  | { readonly topic: "approval-decided"; readonly approval: string; readonly subject: string }
  | { readonly topic: "task-updated"; readonly task: string; readonly subject: string }
  | { readonly topic: "task-cancel-requested"; readonly task: string }
  | { readonly topic: "keys-changed" }
  | { readonly topic: "graduation-changed"; readonly domain: string };

/** What a listener hears: a signal, or that some may have been lost, so that it looks at all that it follows. */
export type HeardSignal = Signal | { readonly topic: "missed" };

/**
 * Signals between all processes on one store, this one included. They are quick and may be lost, merged or told twice:
 * nothing may be true only because it was signalled.
 */
export interface Signals {
  /**
   * Tells this process before it returns, and all others within a second where the store answers; `missed` tells of
   * those that did not get through. Never throws. A signal is under 4,096 bytes as JSON; `missed` is told for a longer one.
   */
  publish(signal: Signal): void;
  /** Calls back with every signal from now on, until the function that it returns is called. */
  subscribe(listener: (heard: HeardSignal) => void): () => void;
}
