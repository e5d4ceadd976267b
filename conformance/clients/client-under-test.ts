/** What came back from a tool, whichever client brought it. */
export interface ToolOutcome {
  readonly isError: boolean;
  readonly structured: unknown;
  readonly text: string;
}

/** A client of somebody else's, as far as the tests use it. */
export interface ClientUnderTest {
  /** The revision that it speaks with the gate, where it tells. */
  readonly revision: string | undefined;
  tools(): Promise<readonly string[]>;
  call(tool: string, args: Readonly<Record<string, unknown>>): Promise<ToolOutcome>;
  close(): Promise<void>;
}

interface RawResult {
  readonly isError?: boolean | undefined;
  readonly structuredContent?: unknown;
  readonly content?: unknown;
}

export function toOutcome({ isError, structuredContent, content }: RawResult): ToolOutcome {
  const blocks = (content ?? []) as readonly { readonly text?: string }[];
  return {
    isError: isError === true,
    structured: structuredContent,
    text: blocks.map((block) => block.text ?? "").join("\n"),
  };
}
