/** The revisions that this bridge serves, newest first: a client that asks for none of them is offered the first. */
export const bridgedRevisions: readonly string[] = ["2025-11-25", "2025-06-18", "2025-03-26"];
