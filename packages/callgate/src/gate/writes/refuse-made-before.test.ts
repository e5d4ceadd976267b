import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { CallError } from "../../define/call-error.ts";
import { defineDomain } from "../../define/domain.ts";
import { openTestGate } from "../testing/open-test-gate.ts";
import type { Reply } from "../testing/test-caller.ts";

const output = z.object({ city: z.string() });
const asked = { city: "Graz", idempotency_key: "k" };

describe("a write that was made when its tool had another name", () => {
  let folder: string;
  let commits: string[];
  let isClosed: boolean;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "callgate-made-before-"));
    commits = [];
    isClosed = false;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Calls, one after the other, a gate whose tool is called this, on the store of the gates before. */
  async function call(tool: { name: string; from?: string[] }, names: readonly string[]): Promise<readonly Reply[]> {
    const domain = defineDomain("rooms", { owner: "o", purpose: "p", concern: "c" });
    domain.write(tool.name, {
      description: "Books a room there.",
      input: output,
      output,
      ...(tool.from && { renamed: { from: tool.from } }),
      plan: ({ city }) => ({ preview: { city }, city }),
      commit: ({ city }) => {
        if (isClosed) throw new CallError("closed", "Not now.", { retry: "same_key" });
        commits.push(city);
        return { city };
      },
    });
    await using gate = await openTestGate([domain], { folder });
    const replies: Reply[] = [];
    for (const name of names) replies.push(await gate.call(name, asked));
    return replies;
  }

  const now = { name: "book_room", from: ["get_room", "reserve_room"] };

  it("[W2][K2] is not made again under its key, by whichever name", async () => {
    await call({ name: "reserve_room" }, ["reserve_room"]);
    for (const { error } of await call(now, ["reserve_room", "book_room", "get_room"])) {
      expect(error).toMatchObject({ code: "key_reused", message: expect.stringContaining("was reserve_room") });
      expect(error?.details).toMatchObject({ idempotency_key: "k", write_id: expect.stringMatching(/^write_/) });
    }
    expect(commits).toEqual(["Graz"]);
  });

  it("is made under its key where nothing was done then", async () => {
    isClosed = true;
    await call({ name: "reserve_room" }, ["reserve_room"]);
    isClosed = false;
    const [done, again] = await call(now, ["reserve_room", "book_room"]);
    expect(done?.structured).toEqual({ city: "Graz" });
    expect(again?.meta["io.callgate/replayed"]).toBe(true);
    expect(commits).toEqual(["Graz"]);
  });
});
