/** What a call of a tool can do: nothing, something that can be put right again, or something that cannot. Decides what the gate demands of it. */
export type Effect = "read" | "write" | "destructive";
