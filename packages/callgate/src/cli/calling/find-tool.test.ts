import { expect, it } from "vitest";
import { useLampGates } from "../../operations/testing/lamp-gate.ts";
import { runCli } from "../run-cli.ts";
import { answeringTerminal } from "../testing/answering-terminal.ts";

const open = useLampGates();

it("[T8] tries what a model is given that searches its tools", async () => {
  const gate = await open({ searched: true });
  const key = await gate.keyFor({ kind: "person", name: "tom", role: "team" });
  const terminal = answeringTerminal({});
  const call = ["call", "search_tools", "query=count the lamps", "--json", "--url", gate.url, "--key", key];
  expect(await runCli(call, terminal)).toBe(0);
  expect(terminal.said.at(-1)).toContain('"count_lamps"');
});
