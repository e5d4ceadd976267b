import type { BackendDeclaration, Rate } from "../../define/backend.ts";
import { type AnyDomain, type DomainOptions, defineDomain, type Smoke, type SmokeCheck } from "../../define/domain.ts";
import type { UpstreamCredential } from "../credential.ts";
import { ApiClient } from "./api-client.ts";
import type { ApiParts } from "./compile-operation.ts";
import { credentialsOf } from "./credentials.ts";
import { addressOf } from "./document/base-url.ts";
import { type DocumentSource, readDocument } from "./document/read-document.ts";
import { markOpenApi } from "./is-openapi.ts";
import type { OperationOptions, ServedOperation } from "./operation-options.ts";
import { healthOf, refusalOf } from "./probes.ts";
import { refuseOddOpenApi } from "./refuse-odd-openapi.ts";
import { serveOperation } from "./serve-operation.ts";

const CONNECTIONS = 64;
const MOST_ANSWER_BYTES = 4 * 1024 * 1024;

/** What shows that the API works, and that its read credential cannot write; see docs/graduation.md. */
export interface OpenApiSmoke {
  readonly checks: readonly SmokeCheck[];
  /** A harmless call of one of the served writes, which the API must refuse (401 or 403) with the read credential. */
  readonly refusesWrites?: { readonly call: string; readonly with: Readonly<Record<string, unknown>> };
}

/** An API by its document, what of it is served, and under which rules. */
export interface OpenApiOptions
  extends Pick<DomainOptions<unknown>, "owner" | "purpose" | "concern" | "endpoint" | "rollout"> {
  /** OpenAPI 3.0 or 3.1, in YAML or JSON. */
  readonly document: DocumentSource;
  /** Where the API is, what stands before every path included; the document's own first server, where that is a public https address, unless said otherwise. */
  readonly baseUrl?: string | URL;
  /** What the API is shown; one for everything, or one that may only look beside one that may write. */
  readonly credential?:
    | UpstreamCredential
    | { readonly read?: UpstreamCredential; readonly write?: UpstreamCredential };
  /** The operations that become tools, by their `operationId` or by method and path (`"GET /pets/{id}"`); no other does. */
  readonly serve: Readonly<Record<string, ServedOperation>>;
  /** The header by which the API makes one effect per key: of every write that is served. Then a write whose outcome is unknown may be sent again. */
  readonly idempotencyHeader?: string;
  /** An operation without arguments whose 2xx says that the API is well; asked at the start and by `/health`. */
  readonly health?: string;
  /** False unless said otherwise: the gate starts without the API, and serves it as down. */
  readonly required?: boolean;
  /** Calls of all its tools together, e.g. `"600/min"`. */
  readonly quota?: Rate;
  /** Calls at once, each on a connection of its own; 64 unless said otherwise. */
  readonly concurrency?: number;
  /** The longest answer that is read; 4 MiB unless said otherwise. */
  readonly maxAnswerBytes?: number;
  /** Says in its own words what an answer other than 2xx means, for every operation that does not say it itself. */
  readonly errors?: OperationOptions["errors"];
  readonly smoke?: OpenApiSmoke;
}

/**
 * A domain whose tools are operations of an API that has an OpenAPI description: those that `serve` names and no other,
 * each with the effect that is declared there. Throws `DefinitionError` where document and config do not go together.
 */
export function openapi(name: string, options: OpenApiOptions): AnyDomain {
  const place = { domain: name };
  refuseOddOpenApi(options, place);
  const document = readDocument(options.document, place);
  const { idempotencyHeader } = options;
  const address = addressOf(document, options.baseUrl);
  const api: ApiParts = {
    document,
    basePath: address.basePath,
    addressIsSaid: options.baseUrl !== undefined,
    idempotencyHeader,
  };
  const { owner, purpose, concern, endpoint, rollout, smoke } = options;
  const credentials = credentialsOf(options.credential);
  const backend: BackendDeclaration<ApiClient> = {
    required: options.required ?? false,
    concurrency: options.concurrency ?? CONNECTIONS,
    ...(options.quota !== undefined && { quota: options.quota }),
    takesIdempotencyKey: idempotencyHeader !== undefined,
    start: async ({ access }, host) =>
      ApiClient.open({
        address,
        credential: await credentials.open(access, host),
        callsAtOnce: options.concurrency ?? CONNECTIONS,
        maxAnswerBytes: options.maxAnswerBytes ?? MOST_ANSWER_BYTES,
      }),
    ...(options.health !== undefined && { health: healthOf(api, options.health, place) }),
    stop: (client) => client.close(),
  };
  const operationOf = new Map<string, string>();
  const smokeOf = ({ checks, refusesWrites: probe }: OpenApiSmoke): Smoke<ApiClient> => ({
    checks,
    ...(probe !== undefined && {
      refusesWrites: refusalOf(api, { probe, serve: options.serve, operationOf }, place),
    }),
  });
  const domain = defineDomain<ApiClient>(name, {
    owner,
    purpose,
    concern,
    ...(endpoint !== undefined && { endpoint }),
    ...(rollout !== undefined && { rollout }),
    backend,
    ...(smoke !== undefined && { smoke: smokeOf(smoke) }),
  });
  for (const [operation, served] of Object.entries(options.serve)) {
    operationOf.set(serveOperation({ domain, api, errors: options.errors }, operation, served), operation);
  }
  return markOpenApi(domain);
}
