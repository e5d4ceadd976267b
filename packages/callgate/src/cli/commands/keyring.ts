import { resolve } from "node:path";
import type { Command } from "commander";
import type { GateConfig } from "../../define/gate-config.ts";
import { ringKeys } from "../../secrets/join-store.ts";
import { openKeyRing } from "../../secrets/key-ring.ts";
import { loadSecrets } from "../../secrets/load-secrets.ts";
import { newRing, type Ring, type RingKey, withNextInUse, withNextKey, withoutOldKeys } from "../../secrets/ring.ts";
import { replaceRingFile, writeRingFile } from "../../secrets/ring-file.ts";
import { findRing, type RingPlace, type RingSource, readRing, remoteRing } from "../../secrets/ring-source.ts";
import { CliError } from "../cli-error.ts";
import { type CommandContext, withExamples } from "../command.ts";
import { findConfig } from "../connection/find-config.ts";
import { loadConfig } from "../connection/load-config.ts";
import { shortTime, toTable } from "../printing/table.ts";
import type { Terminal } from "../terminal.ts";
import { wholeNumber } from "./whole-number.ts";

const DAY_MS = 86_400_000;
/** What `keepWritesHours` is unless said otherwise: for so long at least may something sealed be wanted. */
const KEEP_HOURS = 72;

/** Options that each of these commands takes. */
interface RingOptions {
  readonly config?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly yes?: boolean;
}

/** A gate's ring, as a command finds it. */
interface FoundRing {
  readonly config: GateConfig;
  readonly place: RingPlace;
  readonly source: RingSource;
  readonly ring: Ring;
}

export function addKeyringCommands(program: Command, { terminal }: CommandContext): void {
  const keyring = program
    .command("keyring")
    .description("show and rotate the keys with which the gate seals and signs; secrets are never printed");
  withExamples(keyring, ["callgate keyring show", "callgate keyring rotate", "callgate keyring add --out next.json"]);
  const add = (name: string, description: string): Command =>
    keyring
      .command(name)
      .description(description)
      .option("--config <file>", "the gate's config; callgate.config.ts in this folder unless given")
      .option("--debug", "show where a failure comes from");
  const change = (name: string, description: string): Command =>
    add(name, description).option("--out <file>", "write the ring there, for its owner alone, and change nothing else");

  add("show", "list the ring's keys: their ids, ages and use")
    .option("--json", "print JSON, one value, for programs")
    .action(async (options: RingOptions) => show(await find(options, terminal), options, terminal));
  keyring
    .command("create")
    .description("make a new ring for replicas to share, before the first of them starts")
    .requiredOption("--out <file>", "where to write it, for its owner alone")
    .action(({ out }: { readonly out: string }) => {
      const path = resolve(terminal.folder, out);
      writeRingFile(path, newRing(Date.now()));
      terminal.say(`${path} holds a new ring. Give it to every replica: as CALLGATE_KEYRING, or as a file.`);
    });
  change(
    "add",
    "add a key that opens and does not seal yet: the first step where replicas have copies of the ring",
  ).action(async (options: RingOptions) => {
    const found = await find(options, terminal);
    keep(found, withNextKey(found.ring, Date.now()), { options, terminal });
    terminal.say("Once every replica has this ring: callgate keyring rotate");
  });
  change("rotate", "let the waiting key seal from now on, or a new one where all gates read this one file").action(
    async (options: RingOptions) => rotate(await find(options, terminal), options, terminal),
  );
  change("prune", "remove keys that have sealed nothing for some days")
    .requiredOption("--days <days>", "days for which a key must have sealed nothing", wholeNumber)
    .option("-y, --yes", "do not ask")
    .action(async (options: RingOptions & { readonly days: number }) =>
      prune(await find(options, terminal), options, terminal),
    );
  add("adopt", "use this ring on a store that was sealed with another, which is lost")
    .option("-y, --yes", "do not ask")
    .action(async (options: RingOptions) => adopt(await find(options, terminal), options, terminal));
}

async function find({ config: named }: RingOptions, { folder, environment }: Terminal): Promise<FoundRing> {
  const path = findConfig(folder, named);
  if (path === undefined) {
    throw new CliError("cannotStart", "This folder has no callgate.config.ts.", { next: "Name one with --config." });
  }
  const config = await loadConfig(path);
  const place: RingPlace = { folder: config.store.folder, reference: config.keyRing, environment };
  await loadSecrets(remoteRing(config.keyRing));
  const source = findRing(place);
  return { config, place, source, ring: readRing(source) };
}

function show({ ring, source }: FoundRing, { json }: RingOptions, terminal: Terminal): void {
  const keys = [
    ...(ring.next === undefined ? [] : [describeKey(ring.next, "waits")]),
    ...ring.keys.map((key, index) => describeKey(key, index === 0 ? "seals" : "opens")),
  ];
  if (json === true) return terminal.data(JSON.stringify(keys));
  terminal.say(`The ring in ${source.name}:`);
  const rows = keys.map(({ id, use, made, used }) => [id, use, shortTime(made), shortTime(used)]);
  terminal.data(toTable(["key", "use", "made", "in use since"], rows));
}

/** What may be known of a key. */
function describeKey({ id, made, used }: RingKey, use: "seals" | "opens" | "waits") {
  return { id, use, made, used };
}

function rotate(found: FoundRing, options: RingOptions, terminal: Terminal): void {
  const { ring, source, config } = found;
  // Gates that read one file meet nothing that they cannot open: whoever seals with a new key has read it there.
  if (ring.next === undefined && !(source.isOwn && config.store.kind === "sqlite")) {
    throw new CliError("usage", "No key waits, and the replicas have copies of this ring.", {
      next: "callgate keyring add, and give the ring to every replica; then callgate keyring rotate, and give it to them again",
    });
  }
  keep(found, withNextInUse(ring, Date.now()), { options, terminal });
}

async function prune(
  found: FoundRing,
  options: RingOptions & { readonly days: number },
  terminal: Terminal,
): Promise<void> {
  const least = Math.ceil((found.config.keepWritesHours ?? KEEP_HOURS) / 24) + 1;
  if (options.days < least) {
    throw new CliError("usage", `Outcomes are kept for days: what ${options.days} days ago was sealed may be wanted.`, {
      next: `Give --days ${least} or more.`,
    });
  }
  const { ring, dropped } = withoutOldKeys(found.ring, Date.now() - options.days * DAY_MS);
  if (dropped.length === 0) return terminal.say("No key is that old: nothing is changed.");
  const ids = dropped.map(({ id }) => id).join(", ");
  terminal.say(`The audit that was written under ${ids} can be proven no more, and nothing sealed with it opens.`);
  if (await isWanted(options, terminal)) keep(found, ring, { options, terminal });
}

async function adopt({ config, place }: FoundRing, options: RingOptions, terminal: Terminal): Promise<void> {
  const ring = openKeyRing(place);
  terminal.say(
    `${config.store.location} will take ${ring.source} for its ring. What another ring has sealed stays closed, and what ` +
      "it has signed of the audit cannot be proven.",
  );
  if (!(await isWanted(options, terminal))) return;
  const store = await config.store.open({ keyRing: ring, clock: Date.now });
  try {
    await store.rings.adopt(ringKeys(ring), Date.now());
  } finally {
    await store.close();
  }
  terminal.say(`It is sealed with ${ring.chainKeyId} from now on.`);
}

/** Puts a changed ring in its place, or where it was asked for. */
function keep(
  { source }: FoundRing,
  ring: Ring,
  { options: { out }, terminal }: { readonly options: RingOptions; readonly terminal: Terminal },
): void {
  if (out !== undefined) {
    const path = resolve(terminal.folder, out);
    writeRingFile(path, ring);
    return terminal.say(`${path} holds the changed ring. Put it in the place of ${source.name} for every replica.`);
  }
  if (!source.isOwn || source.path === undefined) {
    throw new CliError("usage", `This gate's ring is in ${source.name}, which is not the gate's to change.`, {
      next: "Give --out and a file for the changed ring; then put it there, for every replica.",
    });
  }
  replaceRingFile(source.path, ring);
  terminal.say(`${source.path} is changed: gates that run read it within seconds.`);
}

async function isWanted({ yes }: RingOptions, terminal: Terminal): Promise<boolean> {
  if (yes === true) return true;
  if (!terminal.canAsk)
    throw new CliError("usage", "There is no terminal to ask for your word.", { next: "Give --yes." });
  if (await terminal.ask("Do it?")) return true;
  throw new CliError("declined", "Nothing is changed.");
}
