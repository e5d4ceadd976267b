import { resolve } from "node:path";
import type { Command } from "commander";
import { DefinitionError } from "../../define/definition-error.ts";
import { type SurveyedOperation, surveyOperations } from "../../upstream/openapi/survey-operations.ts";
import { CliError } from "../cli-error.ts";
import { type CommandContext, withExamples } from "../command.ts";
import { shortText, toTable } from "../printing/table.ts";
import type { Terminal } from "../terminal.ts";

interface ListOptions {
  readonly json?: boolean;
}

export function addOpenApiCommands(program: Command, { terminal }: CommandContext): void {
  const openapi = program.command("openapi").description("look at the description of an API that is to be served");
  const list = openapi
    .command("list")
    .argument("<document>", "a file of OpenAPI 3.0 or 3.1, in YAML or JSON")
    .description("list an API's operations, each with the line of `serve` that makes a tool of it")
    .option("--json", "print JSON, one value, for programs")
    .action((document: string, options: ListOptions) => listOperations(document, options, terminal));
  withExamples(list, ["callgate openapi list petstore.yaml", "callgate openapi list petstore.yaml --json"]);
}

function listOperations(document: string, { json }: ListOptions, terminal: Terminal): void {
  const operations = survey(document, terminal);
  if (json === true) return terminal.data(JSON.stringify(operations));
  const rows = operations.map(({ serve, method, path, summary, problem }) => [
    serve,
    `${method} ${path}`,
    shortText(problem === undefined ? summary : `Not as it is: ${problem}`, 120),
  ]);
  terminal.data(toTable(["serve", "operation", "what it does"], rows));
  terminal.say(
    `${operations.length} operations. None is served until \`serve\` of openapi(…) names it: docs/openapi.md.`,
  );
}

function survey(document: string, { folder }: Terminal): readonly SurveyedOperation[] {
  try {
    return surveyOperations(resolve(folder, document));
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    throw new CliError("failed", error.message, { cause: error });
  }
}
