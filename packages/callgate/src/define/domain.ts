import type { ListName } from "../store/signals-port.ts";
import type { BackendDeclaration } from "./backend.ts";
import type { BackendHost } from "./backend-host.ts";
import { DefinitionError } from "./definition-error.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import type { PromptDeclaration, ResourceDeclaration } from "./resource.ts";
import type { Schema } from "./schema.ts";
import type { IncludeSchemas, Plan, ReadDeclaration, ToolDeclaration, WriteDeclaration } from "./tool.ts";

/** A call of one of the domain's reads, made on its real backend with the read credential. */
export interface SmokeCheck {
  /** The tool, and its input. */
  readonly call: string;
  readonly with: Readonly<Record<string, unknown>>;
  /** False, or a throw, where the result is not what it should be; a promise is waited for. */
  readonly expect?: (result: never) => MaybePromise<boolean>;
}

/**
 * What shows that a domain works, and that its read credential cannot write, before any of its write tools is switched
 * on. `callgate smoke <domain>` runs it.
 */
export interface Smoke<Backend> {
  /** Run one after another, as real calls through the gate; one at least where the domain has reads. */
  readonly checks: readonly SmokeCheck[];
  /**
   * Tries a write that would do no harm, with the read credential's backend, which must refuse it: by a throw or a
   * rejection, within ten seconds. A `TypeError` or the like refuses nothing: that is a mistake of the probe. Needed
   * where the domain has write tools and a backend.
   */
  refusesWrites?(backend: Backend, signal: AbortSignal): unknown;
}

/** What a domain is about, who answers for it, and the system behind it. */
export interface DomainOptions<Backend> {
  /** The team that answers for it. */
  readonly owner: string;
  /** What it is for, in a sentence. */
  readonly purpose: string;
  /** What must never happen in production. */
  readonly concern: string;
  /**
   * `own`: its tools are there at `/mcp/<domain>` alone, neither at `/mcp` nor for tools that call tools: for what a model
   * that was given a person's key should not come upon. `shared` unless said otherwise.
   */
  readonly endpoint?: "shared" | "own";
  /** The key of a flag that must be on for whoever is to see anything of it, beside the flags of its tools. */
  readonly rollout?: string;
  /** Left out: its tools need nothing but their input. */
  readonly backend?: BackendDeclaration<Backend>;
  /** Left out: its write tools can never be switched on, unless the gate's `graduation` is `"off"`. */
  readonly smoke?: Smoke<Backend>;
}

/** Something of a domain, by the name or address under which the gate serves it. */
export interface SourceThing {
  readonly kind: "tool" | "resource" | "prompt";
  readonly name: string;
}

/** What a domain's source tells of by itself. */
export type SourceChange =
  /** Other things are withheld than before. */
  { readonly kind: "lists"; readonly lists: readonly ListName[] } | { readonly kind: "resource"; readonly uri: string };

/** What a source prepares for. */
export interface SourceOpening {
  readonly host: BackendHost;
  readonly production: boolean;
  /** False: what nobody has accepted yet stays so; whoever opens the gate only looks. */
  readonly acceptsNew: boolean;
  /** All of the gate's, in their order. */
  readonly domains: readonly AnyDomain[];
  /** In which the gate keeps its keys. */
  readonly folder: string;
}

/** Other things that a domain is to declare than it did, for the same gate. */
export interface SourceRenewal {
  /** It declares them, from then on. */
  take(): void;
  /** It declares what it did before, where the gate cannot serve them. */
  back(): void;
  /** They are served: gives the lists that are others by that. */
  settle(): readonly ListName[];
}

/** Where a domain's tools come from, if they were not written here: found before the gate is built, and held to what was found. */
export interface DomainSource {
  /** What to do where a name or an address is taken. */
  renaming(kind: SourceThing["kind"]): string;
  /**
   * Finds what there is, once for each gate, before anything else of it is built. What it gives is called once all
   * sources have found theirs, in the order of their domains. Both throw `DefinitionError` where nothing may be served.
   */
  prepare(opening: SourceOpening): Promise<() => void>;
  /** Told what the gate cannot serve, and why; it is there for nobody. */
  cannotServe(thing: SourceThing, why: DefinitionError): void;
  /** Whether something is held back at the moment: it is there for nobody. */
  withholds(thing: SourceThing): boolean;
  /**
   * From now on somebody listens for changes of these resources, and of no others. Resolves once its server knows; at once
   * where that cannot be told at the moment: then it is as soon as it can, and whatever may have changed until then is told.
   */
  follow(uris: ReadonlySet<string>): Promise<void>;
  /** Gives what ends the listening. */
  watch(listener: (change: SourceChange) => void): () => void;
  /** Differs whenever there may be a renewal. Asked again and again. */
  state(): string | undefined;
  /** Undefined where the domain declares what it should. Throws `DefinitionError` where no gate would start with what it should. */
  renewal(): SourceRenewal | undefined;
}

/** Three to seven tools around one subject. Made by `defineDomain`; tools are added to it by effect. */
export interface Domain<Backend> {
  readonly name: string;
  readonly options: DomainOptions<Backend>;
  readonly tools: readonly ToolDeclaration[];
  readonly resources: readonly ResourceDeclaration<Backend>[];
  readonly prompts: readonly PromptDeclaration<Backend>[];
  /** Undefined where they were written here. */
  readonly source?: DomainSource;
  /** Adds a tool that changes nothing. */
  read<In extends Schema, Out extends Schema, Include extends IncludeSchemas = Record<never, never>>(
    name: string,
    declaration: ReadDeclaration<Backend, In, Out, Include>,
  ): void;
  /** Adds a tool that changes something that can be put right again. */
  write<
    In extends Schema,
    Out extends Schema,
    Planned extends Plan,
    Include extends IncludeSchemas = Record<never, never>,
  >(name: string, declaration: WriteDeclaration<Backend, In, Out, Include, Planned>): void;
  /** Adds a tool that takes something away. */
  destructive<
    In extends Schema,
    Out extends Schema,
    Planned extends Plan,
    Include extends IncludeSchemas = Record<never, never>,
  >(name: string, declaration: WriteDeclaration<Backend, In, Out, Include, Planned>): void;
  /** Adds something to read at an address. */
  resource(declaration: ResourceDeclaration<Backend>): void;
  /** Adds a prompt for people to start from. */
  prompt(declaration: PromptDeclaration<Backend>): void;
}

/** A domain whatever its backend's type; what a gate is made of. */
export type AnyDomain = Domain<any>; // oxlint-disable-line no-explicit-any -- a gate holds domains of every backend type

const DOMAIN_NAME = /^[a-z][a-z0-9-]{0,62}$/;

/** Declares a domain. Its tools are added with `.read`, `.write` and `.destructive`; the backend's type follows from `start`. */
export function defineDomain<Backend = undefined>(name: string, options: DomainOptions<Backend>): Domain<Backend> {
  if (!DOMAIN_NAME.test(name)) {
    throw new DefinitionError(
      { domain: name },
      "A domain's name is part of an address.",
      "Use lower-case letters, digits and dashes, starting with a letter.",
    );
  }
  const tools: ToolDeclaration[] = [];
  const resources: ResourceDeclaration<Backend>[] = [];
  const prompts: PromptDeclaration<Backend>[] = [];
  // The gate validates every value by the tool's own schemas, so the types of one tool may be forgotten here.
  const add = (effect: ToolDeclaration["effect"], toolName: string, declaration: object): void => {
    tools.push({ ...declaration, effect, name: toolName } as ToolDeclaration);
  };
  return Object.freeze({
    name,
    options,
    tools,
    resources,
    prompts,
    read: (toolName: string, declaration: object) => add("read", toolName, declaration),
    write: (toolName: string, declaration: object) => add("write", toolName, declaration),
    destructive: (toolName: string, declaration: object) => add("destructive", toolName, declaration),
    resource: (declaration: ResourceDeclaration<Backend>) => void resources.push(declaration),
    prompt: (declaration: PromptDeclaration<Backend>) => void prompts.push(declaration),
  });
}
