/** What both servers of these tests answer, whichever SDK they are on: one thing of each kind that MCP has. */

export const complete = (names: readonly string[], typed: string): string[] =>
  names.filter((name) => name.startsWith(typed));

export const people: readonly string[] = ["Ann", "Annabel", "Ben"];
export const items: readonly string[] = ["lamp", "ladder"];

/** Members that no revision knows. */
const unknown = (of: string) => ({ [`org.example/${of}`]: { deeply: [1, null, "ü"] } });

export function everyKind(scheme: string) {
  return {
    content: [
      {
        type: "text" as const,
        text: "words",
        annotations: { audience: ["user" as const], priority: 1 },
        _meta: unknown("block"),
      },
      { type: "image" as const, data: "aW1hZ2U=", mimeType: "image/png" },
      { type: "audio" as const, data: "c291bmQ=", mimeType: "audio/wav" },
      { type: "resource" as const, resource: { uri: `${scheme}://note`, mimeType: "text/plain", text: "a note" } },
      { type: "resource_link" as const, uri: `${scheme}://note`, name: "note" },
    ],
    _meta: unknown("result"),
  };
}

export const text = (words: string) => ({ content: [{ type: "text" as const, text: words }] });

export const weighed = (grams: number) => ({
  ...text(`${grams / 1_000} kg`),
  structuredContent: { kilograms: grams / 1_000 },
});

export const failed = () => ({ ...text("The scales are broken."), isError: true });

export const noteAt = (uri: string) => ({
  contents: [{ uri, mimeType: "text/plain", text: "a note", _meta: unknown("content") }],
  _meta: unknown("read"),
});

export const greeting = (name: string) => ({
  description: `Greets ${name}.`,
  messages: [{ role: "user" as const, content: { type: "text" as const, text: `Hello ${name}` } }],
  _meta: unknown("got"),
});

/** Beside each tool, prompt and resource in its list. */
export const listed: Readonly<Record<string, unknown>> = unknown("listed");

export const question = {
  message: "Who are you?",
  requestedSchema: {
    type: "object" as const,
    properties: { name: { type: "string" as const } },
    required: ["name"],
  },
};

export const sampling = {
  messages: [{ role: "user" as const, content: { type: "text" as const, text: "Say something." } }],
  maxTokens: 10,
};

/** What happens to the calls of one server, and whether it offers its extra tool. */
export interface Happenings {
  cancelled: number;
  offersExtra: boolean;
}
