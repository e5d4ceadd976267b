import { describe, expect, it } from "vitest";
import { EventReader } from "./event-reader.ts";

const LIMIT = 1 << 20;

function read(...chunks: readonly string[]): { taken: boolean; messages: string[] } {
  const messages: string[] = [];
  const reader = new EventReader(LIMIT, (data) => void messages.push(data.toString()));
  return { taken: chunks.every((chunk) => reader.take(Buffer.from(chunk))), messages };
}

describe("an event that is within its bytes (SECURITY 26)", () => {
  it.each([
    { what: "lines without a value", chunks: ["data\n".repeat(100_000)] },
    { what: "lines that say nothing", chunks: [":\n".repeat(100_000)] },
    { what: "chunks of one byte", chunks: Array.from({ length: 100_000 }, () => "x") },
  ])("is not held where it is made of very many $what", ({ chunks }) => {
    expect(read(...chunks).taken).toBe(false);
  });

  it("is read where it has many lines, however many came before it", () => {
    const event = `${"data: [1,\ndata: 2]\n".repeat(1_000)}\n`;
    const { taken, messages } = read(...Array.from({ length: 20 }, () => event));
    expect(taken).toBe(true);
    expect(messages).toHaveLength(20);
    expect(messages[0]).toBe("[1,\n2]\n".repeat(1_000));
  });
});
