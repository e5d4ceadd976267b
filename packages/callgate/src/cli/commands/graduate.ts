import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import type { WriteToolInfo } from "../../operations/domain-schemas.ts";
import { type CommandContext, type GateSelection, withExamples, withGateOptions } from "../command.ts";
import { callOperation } from "./operations-call.ts";

export function addGraduateCommands(program: Command, context: CommandContext): void {
  addSwitch(program, context, {
    command: "graduate",
    tool: "graduate_tool",
    description: "switch a write tool on, once the smoke test of its domain has passed",
  });
  addSwitch(program, context, {
    command: "withdraw",
    tool: "withdraw_tool",
    description: "switch a write tool off: for callers it does not exist from then on",
  });
}

interface Switch {
  readonly command: string;
  readonly tool: string;
  readonly description: string;
}

type SwitchOptions = GateSelection & { readonly yes?: boolean };

function addSwitch(program: Command, context: CommandContext, { command: name, tool, description }: Switch): void {
  const command = program
    .command(`${name} <tool>`)
    .description(description)
    .option("-y, --yes", "do not ask")
    .action(async (wanted: string, { yes, ...selection }: SwitchOptions) => {
      const call = {
        tool,
        // Who types the command again wants it done again.
        arguments: { tool: wanted, idempotency_key: `cli-${randomUUID()}` },
        ...(yes !== true && { confirm: "preview" as const }),
      };
      const state = await callOperation<WriteToolInfo>(call, selection, context);
      if (state === undefined) return;
      if (selection.json === true) return context.terminal.data(JSON.stringify(state));
      context.terminal.say(`${state.tool} is ${state.on ? "on" : "off"}.`);
    });
  withExamples(withGateOptions(command), [`callgate ${name} create_booking`, `callgate ${name} create_booking --yes`]);
}
