import { describe, expect, it } from "vitest";
import { StoreError } from "../../store-error.ts";
import { persist } from "./persist.ts";
import { type Aftermath, PostgresFailure } from "./postgres-failure.ts";

const patience = { unsentMs: 50, inDoubtMs: 200 };

function failed(
  aftermath: Aftermath,
  code: "store_unavailable" | "store_conflict" = "store_unavailable",
): PostgresFailure {
  return new PostgresFailure(code, aftermath, { aftermath, cause: undefined });
}

/** Fails in these ways one after the other, then in the last of them for ever, or is done where there are no more. */
function work(failures: readonly Error[], forEver: boolean): (isRepeat: boolean) => Promise<boolean> {
  const left = [...failures];
  return async (isRepeat) => {
    const failure = forEver && left.length === 1 ? left[0] : left.shift();
    if (failure !== undefined) throw failure;
    return isRepeat;
  };
}

describe("an operation is tried until it is known what became of it", () => {
  it.each([
    ["done at once", [], false],
    ["done when the server is back", [failed("not-sent"), failed("not-sent")], true],
    ["done after two transactions were in each other's way", [failed("undone")], true],
    ["looked up after its answer was lost", [failed("in-doubt"), failed("not-sent"), failed("refused")], true],
  ])("%s", async (_, failures, isRepeat) => {
    expect(await persist(work(failures, false))).toBe(isRepeat);
  });

  it.each([
    ["nothing was sent", [failed("not-sent")], "store_unavailable"],
    ["it was refused", [failed("refused", "store_conflict")], "store_conflict"],
    ["it was refused for now", [failed("refused")], "store_unavailable"],
    ["the store is closed", [new StoreError("store_closed", "closed")], "store_closed"],
    ["its answer was lost, and it cannot be sent again", [failed("in-doubt"), failed("not-sent")], "store_in_doubt"],
    [
      "its answer was lost, and the next attempt is refused for now",
      [failed("in-doubt"), failed("refused")],
      "store_in_doubt",
    ],
    [
      "its answer was lost, and the store is closed",
      [failed("in-doubt"), new StoreError("store_closed", "closed")],
      "store_in_doubt",
    ],
    [
      "its answer was lost, and it breaks a rule",
      [failed("in-doubt"), failed("refused", "store_conflict")],
      "store_conflict",
    ],
  ])("or not in time: %s", async (_, failures, code) => {
    await expect(persist(work(failures, true), patience)).rejects.toMatchObject({ code });
  });

  it("and what is no failure of the store is nothing to it", async () => {
    await expect(persist(work([new TypeError("a mistake of ours")], true))).rejects.toThrow(TypeError);
  });
});
