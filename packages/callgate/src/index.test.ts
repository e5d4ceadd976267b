import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

/** What users import: whatever is added or taken away here is a change to them. */
it("exports these values", async () => {
  expect(byLetter(Object.keys(await import("./index.ts")))).toMatchInlineSnapshot(`
    "BootError
    CallError
    DefinitionError
    apiKeys aws
    bearer bridge2025
    clientCredentials command content createMemoryTransport
    defineDomain defineGate destructive doppler
    endOnSignals env errorCodes
    file fileFlags
    gcp
    headerCredential
    inputRequired isCallError
    jsonSchema
    op openGate openapi optional
    postgres
    read redis refreshing
    serveHttp serveStdio sqlite statement storeFromEnvironment
    together tokenExchange
    upstream
    vault
    webhook workloadIdentity write"
  `);
});

it("exports these types", () => {
  const text = readFileSync(join(import.meta.dirname, "index.ts"), "utf8");
  const names = [...text.matchAll(/^export (type )?\{([^}]*)\}/gm)].flatMap(([, allTypes, list = ""]) =>
    [...list.matchAll(/(type )?(\w+)/g)].flatMap(([, type = allTypes, name = ""]) => (type === undefined ? [] : name)),
  );
  expect(byLetter(names)).toMatchInlineSnapshot(`
    "AnyDomain ApiAnswer ApiKeysAuthenticator ApiPaging ApprovalAsked ApprovalEvent ApprovalLevel ApprovalNotice ApprovalPolicyAsked ApprovalRule ApprovalRules ApprovalsConfig AssertedIdentity AuditConfig AuthenticateFunction Authenticator AuthorizationServer
    BackendDeclaration BackendHost BackendSecrets
    CallContext CallErrorOptions CallLog CallTrace CallersConfig CatalogueConfig CheckConfig CheckRuleId CheckSeverity ClientAtNamedServer ClientKey ClientsConfig CommitContext CompleteValues ContentBlock ContentResult CredentialUse
    DerivedSchema DocumentSource Domain DomainOptions DryRun
    Effect ErrorCategory
    FileFlags FixedValue FlagSource
    Gate GateClient GateConfig GateErrorCode GracefulEnd GrantingServer
    Identity IncludeSchemas InputOf InputRequest InputRequired InputResponse
    JsonSchema
    LimitsConfig LongRunning LookupOperation
    MemoryTransport MemoryTransportOptions
    NetworkAddress NoticeContent Notifier NotifierStart
    OpenApiOptions OpenApiSmoke OpenGateOptions OperationOptions OperationPlan OutputOf
    Plan PlanContext PostgresOptions PresentedCredential ProgramAddress PromptArgument PromptDeclaration PromptMessage PromptResult
    Rate ReachedServer ReadDeclaration ReadOptions RedisDeclaration RedisOptions RefreshingOptions Renamed ResourceContent ResourceDeclaration ResourceResult Retry Role RunningNotifier
    Schedule Schema SecretKind SecretReference ServeHttpOptions ServeStdioOptions ServedGate ServedOperation ServedStdio ServerConfig Smoke SmokeCheck SqliteOptions StatementOptions StoreDeclaration Subject SubjectKind
    TasksConfig TokenExchangeOptions ToolDeclaration ToolRules
    UpstreamCredential UpstreamOptions UpstreamRules UpstreamTool
    WebhookOptions WebhookPatience WorkloadIdentityOptions WriteDeclaration WriteOptions"
  `);
});

/** A line for each letter that names begin with. */
function byLetter(names: readonly string[]): string {
  const lines = Map.groupBy(names.toSorted(), ([letter = ""]) => letter);
  return [...lines.values()].map((line) => line.join(" ")).join("\n");
}
