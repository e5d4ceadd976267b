import { describe, expect, it } from "vitest";
import type { PostgresAddress } from "./address.ts";
import { endsConnection, statementFailure } from "./postgres-failure.ts";

const address = { location: "127.0.0.1:5432/callgate", user: "callgate", database: "callgate" } as PostgresAddress;
const withCode = (code: string): Error => Object.assign(new Error("broken"), { code });

describe("a statement that failed", () => {
  it.each(["EPIPE", "ECONNRESET", "ETIMEDOUT", "57P01", "08006", ""])(
    "by %j has lost its connection: what became of it is found out, and the connection is not used again",
    (code) => {
      expect(statementFailure(withCode(code), address)).toMatchObject({
        code: "store_in_doubt",
        aftermath: "in-doubt",
      });
      expect(endsConnection(withCode(code))).toBe(true);
    },
  );

  it.each(["42P01", "53100", "P0001", "XX000"])("by %s was refused by the server", (code) => {
    expect(statementFailure(withCode(code), address)).toMatchObject({ aftermath: "refused" });
    expect(endsConnection(withCode(code))).toBe(false);
  });
});
