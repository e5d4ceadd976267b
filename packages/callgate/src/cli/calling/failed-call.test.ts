import { expect, it } from "vitest";
import { useLampGates } from "../../operations/testing/lamp-gate.ts";
import { runCli } from "../run-cli.ts";
import { answeringTerminal } from "../testing/answering-terminal.ts";

const open = useLampGates();

it("a call that fails shows the details that its cure may point to, and all of the error to programs", async () => {
  const gate = await open();
  const key = await gate.keyFor({ kind: "operator", name: "rita" });
  const terminal = answeringTerminal({});
  const call = ["call", "list_writes", "--json", '{"limit": "many"}', "--url", gate.url, "--key", key];
  expect(await runCli(call, terminal)).toBe(1);
  const details = { fields: [{ field: "limit", problem: expect.any(String) }] };
  const [answer = "", shown = ""] = terminal.said.filter((each) => /^(?:\{|Details)/.test(each));
  expect(JSON.parse(answer)).toMatchObject({ error: { code: "invalid_arguments", next: expect.any(String), details } });
  expect(JSON.parse(shown.replace("Details: ", ""))).toEqual(details);
});
