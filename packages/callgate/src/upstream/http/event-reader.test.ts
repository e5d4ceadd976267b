import { describe, expect, it } from "vitest";
import { EventReader } from "./event-reader.ts";

const LIMIT = 1 << 20;

function read(...chunks: readonly (string | Buffer)[]): {
  taken: boolean;
  messages: string[];
  lastEventId: string | undefined;
} {
  const messages: string[] = [];
  const reader = new EventReader(LIMIT, (data) => void messages.push(data.toString()));
  const taken = chunks.every((chunk) => reader.take(Buffer.from(chunk)));
  return { taken, messages, lastEventId: reader.place.lastEventId };
}

describe("an event that is within its bytes (SECURITY 26)", () => {
  it.each([
    { what: "lines without a value", chunks: ["data\n".repeat(100_000)] },
    { what: "chunks of one byte", chunks: Array.from({ length: 100_000 }, () => "x") },
  ])("is not held where it is made of very many $what", ({ chunks }) => {
    expect(read(...chunks).taken).toBe(false);
  });

  it("is not made longer by lines that say nothing, which keep a stream open for days", () => {
    const { taken, messages } = read(": ping\n".repeat(1_000_000), "data: {}\n\n");
    expect(taken).toBe(true);
    expect(messages).toEqual(["{}"]);
  });

  it("is read where it has many lines, however many came before it", () => {
    const event = `${"data: [1,\ndata: 2]\n".repeat(1_000)}\n`;
    const { taken, messages } = read(...Array.from({ length: 20 }, () => event));
    expect(taken).toBe(true);
    expect(messages).toHaveLength(20);
    expect(messages[0]).toBe("[1,\n2]\n".repeat(1_000));
  });
});

describe("[G7] a stream of events", () => {
  it("goes on after the last event that was whole", () => {
    expect(read('id: 1\ndata: {"a":1}\n\nid: 2\ndata: {"b"').lastEventId).toBe("1");
    expect(read("id: 1\ndata: {}\n\ndata: {}\n\nid: 3\n\n").lastEventId).toBe("3");
  });

  it("may begin with a byte order mark, in whatever pieces", () => {
    const bytes = Buffer.from("\uFEFFdata: {}\n\n");
    expect(read(bytes).messages).toEqual(["{}"]);
    expect(read(bytes.subarray(0, 2), bytes.subarray(2)).messages).toEqual(["{}"]);
  });
});
