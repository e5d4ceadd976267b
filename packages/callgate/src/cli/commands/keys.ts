import { randomUUID } from "node:crypto";
import { type Command, Option } from "commander";
import { type KeyInfo, keyKinds, type NewKey } from "../../operations/key-schemas.ts";
import { CliError } from "../cli-error.ts";
import { type CommandContext, type GateSelection, withExamples, withGateOptions } from "../command.ts";
import { shortTime, toTable } from "../printing/table.ts";
import { callOperation } from "./operations-call.ts";
import { wholeNumber } from "./whole-number.ts";

export function addKeysCommands(program: Command, context: CommandContext): void {
  const keys = program.command("keys").description("issue, list, replace and revoke the gate's keys");
  addCreate(keys, context);
  addList(keys, context);
  addRotate(keys, context);
  addRevoke(keys, context);
}

interface CreateOptions extends GateSelection {
  readonly kind: string;
  readonly name: string;
  readonly user?: string;
  readonly role?: string;
  readonly scope?: string[];
  readonly domain?: string[];
  readonly tenant?: string;
  readonly expires?: number;
}

function addCreate(keys: Command, context: CommandContext): void {
  const command = keys
    .command("create")
    .description("issue a key; its secret is printed once")
    .requiredOption("--name <name>", "whom it is for; for an agent the agent's own name")
    .addOption(new Option("--kind <kind>", "whose key it is").choices(keyKinds).default("person"))
    .option("--user <user>", "the person; needed for an agent")
    .option("--role <role>", "a role of the gate's config")
    .option("--scope <scope...>", "what it opens; where it has a role, of what that gives")
    .option("--domain <domain...>", "only these domains")
    .option("--tenant <tenant>", "the tenant it belongs to")
    .option("--expires <days>", "days until it ends", wholeNumber)
    .action((options: CreateOptions) => create(options, context));
  withExamples(withGateOptions(command), [
    "callgate keys create --name anna --role frontdesk",
    "callgate keys create --kind agent --name helper --user anna --role frontdesk --scope bookings:read --expires 30",
    "callgate keys create --kind operator --name anna",
  ]);
}

async function create(options: CreateOptions, context: CommandContext): Promise<void> {
  const { kind, name, user, role, scope, domain, tenant, expires, ...selection } = options;
  const request = {
    kind,
    name,
    user,
    role,
    scopes: scope,
    domains: domain,
    tenant,
    expires_in_days: expires,
    ...onPurpose(),
  };
  const made = await callOperation<NewKey>({ tool: "create_key", arguments: request }, selection, context);
  showNew(made, selection, context);
}

function showNew(made: NewKey | undefined, { json }: GateSelection, { terminal }: CommandContext): void {
  if (made === undefined) return;
  if (json === true) return terminal.data(JSON.stringify(made));
  const { key, secret, idle_scopes: idle = [] } = made;
  if (secret === undefined)
    throw new CliError("failed", `The key ${key.id} is there, but its secret is lost.`, {
      next: `callgate keys rotate ${key.id}`,
    });
  terminal.say(`${key.id} for ${key.name} (${key.kind}). Keep what follows: it is not stored and not shown again.`);
  if (idle.length > 0)
    terminal.say(
      `Nothing of this gate asks for ${idle.join(", ")}. What has no scope is open to every key of a person or an agent:` +
        ` give tools, or a whole upstream(…), their \`scope\`.`,
    );
  terminal.data(secret);
}

interface ListOptions extends GateSelection {
  readonly kind?: string;
  readonly user?: string;
  readonly all?: boolean;
}

function addList(keys: Command, context: CommandContext): void {
  const command = keys
    .command("list")
    .description("list keys: whose they are, what they open, when they were last used")
    .addOption(new Option("--kind <kind>", "only this kind").choices(keyKinds))
    .option("--user <user>", "only keys of this person and of agents that act for them")
    .option("--all", "expired and revoked ones too")
    .action((options: ListOptions) => list(options, context));
  withExamples(withGateOptions(command), ["callgate keys list", "callgate keys list --kind agent --all --json"]);
}

async function list({ kind, user, all, ...selection }: ListOptions, context: CommandContext): Promise<void> {
  const request = { kind, user, state: all === true ? "all" : "usable" };
  const listed = await callOperation<{ keys: KeyInfo[] }>(
    { tool: "list_keys", arguments: request },
    selection,
    context,
  );
  if (listed === undefined) return;
  const { terminal } = context;
  if (selection.json === true) return terminal.data(JSON.stringify(listed.keys));
  const rows = listed.keys.map((key) => [
    key.id,
    key.kind,
    key.name,
    key.user ?? "",
    key.role ?? "",
    key.scopes.join(",") || "(of its role)",
    key.state,
    shortTime(key.expires_at),
    shortTime(key.last_used_at),
  ]);
  terminal.data(toTable(["key", "kind", "name", "user", "role", "scopes", "state", "expires", "last used"], rows));
}

function addRotate(keys: Command, context: CommandContext): void {
  const command = keys
    .command("rotate <key-id>")
    .description("replace a key by a new one with the same rights; both work for a while")
    .option("--overlap <hours>", "hours that the old one goes on; 24 unless given", wholeNumber)
    .action(async (id: string, { overlap, ...selection }: GateSelection & { overlap?: number }) => {
      const request = { key_id: id, overlap_hours: overlap, ...onPurpose() };
      const made = await callOperation<NewKey>({ tool: "rotate_key", arguments: request }, selection, context);
      showNew(made, selection, context);
    });
  withExamples(withGateOptions(command), ["callgate keys rotate key_0123456789abcdef --overlap 2"]);
}

function addRevoke(keys: Command, context: CommandContext): void {
  const command = keys
    .command("revoke <key-id>")
    .description("end a key at once; it cannot be brought back")
    .option("-y, --yes", "do not ask")
    .action(async (id: string, { yes, ...selection }: GateSelection & { yes?: boolean }) => {
      const call = {
        tool: "revoke_key",
        arguments: { key_id: id },
        ...(yes !== true && { confirm: "preview" as const }),
      };
      const ended = await callOperation<{ key: KeyInfo }>(call, selection, context);
      if (ended === undefined) return;
      if (selection.json === true) return context.terminal.data(JSON.stringify(ended.key));
      context.terminal.say(`${ended.key.id} of ${ended.key.name} is revoked.`);
    });
  withExamples(withGateOptions(command), ["callgate keys revoke key_0123456789abcdef --yes"]);
}

/** Who types the command again wants another key; the gate would ask whether that is a repeat. */
function onPurpose(): { readonly idempotency_key: string } {
  return { idempotency_key: `cli-${randomUUID()}` };
}
