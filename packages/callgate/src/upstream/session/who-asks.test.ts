import { expect, it } from "vitest";
import { requestOptions } from "../testing/request-options.ts";
import { type AskedByServer, LegacyCall } from "./legacy-call.ts";
import { WhoAsks } from "./who-asks.ts";

function question(id: number, letters: number, refused: number[]): AskedByServer {
  const params = { message: "m".repeat(letters) };
  return {
    request: { kind: "request", id, method: "elicitation/create", params },
    answer: () => {},
    refuse: () => void refused.push(id),
  };
}

it.each([
  ["questions", 200, 10, 64],
  ["letters", 20, 1 << 20, 7],
])("keeps so many %s that may be asked for several calls, and refuses the rest at once (SECURITY 26)", (...row) => {
  const [, many, letters, kept] = row;
  const whoAsks = new WhoAsks();
  const calls = ["person:ann", "person:bob"].map((who) => new LegacyCall("crm", requestOptions({ who })));
  for (const call of calls) whoAsks.begin(call);
  const refused: number[] = [];
  for (let id = 0; id < many; id += 1) expect(whoAsks.ask(question(id, letters, refused))).toBe("taken");
  expect(refused).toEqual(Array.from({ length: many - kept }, (_, at) => kept + at));
  whoAsks.clear();
  expect(refused).toHaveLength(many);
});
