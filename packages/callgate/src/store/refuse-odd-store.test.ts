import { expect, it } from "vitest";
import { DefinitionError } from "../define/definition-error.ts";
import { env } from "../define/secret.ts";
import { postgres } from "./postgres/postgres.ts";
import { sqlite } from "./sqlite/sqlite.ts";

// As in a config that nobody has checked types of.
const files = sqlite as (...given: readonly unknown[]) => unknown;
const server = postgres as (...given: readonly unknown[]) => unknown;
const at = env("DATABASE_URL");

it.each([
  [() => files("gate.db", { retentionDays: "30" }), /"sqlite": its retentionDays is "30"\. Use a number above 0\./],
  [() => files("gate.db", { retentionDays: Number.NaN }), /its retentionDays is NaN/],
  [() => files("gate.db", { retentionDays: -1 }), /its retentionDays is -1/],
  [() => files("gate.db", { retention: 30 }), /field "retention", which the gate does not know/],
  [() => files("gate.db", { retentionday: 30 }), /Did you mean "retentionDays"\?/],
  [() => files("gate.db", { segmentRows: 0.5 }), /its segmentRows is 0\.5\. Use a whole number/],
  [() => files("gate.db", { maxPending: "many" }), /its maxPending is "many"/],
  [() => files("gate.db", 30), /its options is 30\. Write it as an object: \{ retentionDays: 90 \}\./],
  [() => files("gate.db", null), /Write it as an object/],
  [() => files(undefined), /nothing says where it is\. Name a file: sqlite\("\.callgate\/gate\.db"\)\./],
  [() => files("", {}), /nothing says where it is/],
  [() => server(at, { retentionDays: "a year" }), /"postgres": its retentionDays is "a year"/],
  [() => server(at, { partitionHours: 0 }), /its partitionHours is 0/],
  [() => server(at, { connections: "10" }), /its connections is "10"/],
  [() => server(at, { schema: "" }), /its schema is ""/],
  [() => server(at, { folder: 1 }), /its folder is 1/],
  [() => server(at, { pool: 10 }), /field "pool", which the gate does not know/],
  [
    () => server(undefined),
    /nothing says where it is\. Give its address by reference: postgres\(env\("DATABASE_URL"\)\)\./,
  ],
])("[B1] a store whose options cannot be meant is refused at the start: %s", (declare, told) => {
  expect(declare).toThrow(DefinitionError);
  expect(declare).toThrow(told);
});

it("[B1] a store is declared by what may be said of it", () => {
  expect(files("gate.db", { segmentRows: 10, retentionDays: 0.5, maxPending: 1 })).toMatchObject({ kind: "sqlite" });
  const all = {
    schema: "gate",
    folder: ".gate",
    connections: 4,
    partitionHours: 1 / 3_600,
    retentionDays: 1,
    maxPending: 1,
  };
  expect(server(at, all)).toMatchObject({ kind: "postgres" });
  expect(files("gate.db", { retentionDays: undefined })).toMatchObject({ kind: "sqlite" });
});
