/** What an API answered. */
export interface ApiAnswer {
  readonly status: number;
  /** Names in lower case; what came more than once is joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** `unreadable`: it says that it is JSON and is not, or cannot be read as text, or is larger than it may be. */
  readonly kind: "json" | "text" | "empty" | "unreadable";
  /** JSON parsed, or text; undefined where there is none. The credential's own value is taken out of it. */
  readonly body: unknown;
  /** Of what is unreadable, what it is where that is known: `more than 4194304 bytes`. */
  readonly unread?: string;
}
