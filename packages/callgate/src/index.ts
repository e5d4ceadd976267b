export { command } from "./approvals/notify/command.ts";
export type { NoticeContent } from "./approvals/notify/notice-body.ts";
export { type WebhookOptions, type WebhookPatience, webhook } from "./approvals/notify/webhook.ts";
export type {
  ApprovalAsked,
  ApprovalEvent,
  ApprovalLevel,
  ApprovalNotice,
  ApprovalPolicyAsked,
  ApprovalRule,
  ApprovalRules,
  ApprovalsConfig,
  Notifier,
  NotifierStart,
  RunningNotifier,
} from "./define/approval.ts";
export type { BackendDeclaration, BackendSecrets, Rate } from "./define/backend.ts";
export type { BackendHost } from "./define/backend-host.ts";
export { CallError, type CallErrorOptions, type ErrorCategory, isCallError, type Retry } from "./define/call-error.ts";
export type { CheckConfig, CheckRuleId, CheckSeverity } from "./define/check.ts";
export { type ContentBlock, type ContentResult, content } from "./define/content.ts";
export type { CallContext, CallLog, CallTrace, CommitContext, PlanContext } from "./define/context.ts";
export { DefinitionError } from "./define/definition-error.ts";
export {
  type AnyDomain,
  type Domain,
  type DomainOptions,
  defineDomain,
  type Smoke,
  type SmokeCheck,
} from "./define/domain.ts";
export type { Effect } from "./define/effect.ts";
export { errorCodes, type GateErrorCode } from "./define/error-codes.ts";
export { type FileFlags, type FlagSource, fileFlags } from "./define/flags.ts";
export type {
  AssertedIdentity,
  AuditConfig,
  AuthenticateFunction,
  Authenticator,
  CallersConfig,
  CatalogueConfig,
  ClientsConfig,
  GateConfig,
  LimitsConfig,
  PresentedCredential,
  Role,
  ServerConfig,
  TasksConfig,
} from "./define/gate-config.ts";
export { type ApiKeysAuthenticator, apiKeys, defineGate } from "./define/gate-config.ts";
export { type InputRequest, type InputRequired, type InputResponse, inputRequired } from "./define/input-required.ts";
export { type RedisDeclaration, type RedisOptions, redis } from "./define/redis.ts";
export type {
  CompleteValues,
  PromptArgument,
  PromptDeclaration,
  PromptMessage,
  PromptResult,
  ResourceContent,
  ResourceDeclaration,
  ResourceResult,
} from "./define/resource.ts";
export { type InputOf, type JsonSchema, jsonSchema, type OutputOf, type Schema } from "./define/schema.ts";
export {
  aws,
  doppler,
  env,
  file,
  gcp,
  op,
  optional,
  type SecretKind,
  type SecretReference,
  vault,
} from "./define/secret.ts";
export type { Identity, Subject, SubjectKind } from "./define/subject.ts";
export type {
  IncludeSchemas,
  LongRunning,
  Plan,
  ReadDeclaration,
  Renamed,
  Schedule,
  ToolDeclaration,
  ToolRules,
  WriteDeclaration,
} from "./define/tool.ts";
export type { Gate } from "./gate/open/create-gate.ts";
export { BootError } from "./gate/served/served-domain.ts";
export { type OpenGateOptions, openGate } from "./operations/open-gate.ts";
export type { StoreDeclaration } from "./store/port.ts";
export { type PostgresOptions, postgres } from "./store/postgres/postgres.ts";
export { type SqliteOptions, sqlite } from "./store/sqlite/sqlite.ts";
export { storeFromEnvironment } from "./store/store-from-environment.ts";
export { endOnSignals, type GracefulEnd } from "./transports/end-on-signals.ts";
export { createMemoryTransport, type MemoryTransport, type MemoryTransportOptions } from "./transports/memory.ts";
export { type ServedGate, type ServeHttpOptions, serveHttp } from "./transports/serve-http.ts";
export { type ServedStdio, type ServeStdioOptions, serveStdio } from "./transports/serve-stdio.ts";
export type { CredentialUse, ReachedServer, UpstreamCredential } from "./upstream/credential.ts";
export { bearer, headerCredential } from "./upstream/credentials/bearer.ts";
export { clientCredentials } from "./upstream/credentials/client-credentials.ts";
export type { GrantingServer } from "./upstream/credentials/granted.ts";
export type { ClientAtNamedServer } from "./upstream/credentials/named-by-server.ts";
export { type RefreshingOptions, refreshing } from "./upstream/credentials/refreshing.ts";
export { type StatementOptions, statement } from "./upstream/credentials/statement.ts";
export { together } from "./upstream/credentials/together.ts";
export type { AuthorizationServer, ClientKey, GateClient } from "./upstream/credentials/token-endpoint.ts";
export { type TokenExchangeOptions, tokenExchange } from "./upstream/credentials/token-exchange.ts";
export { type WorkloadIdentityOptions, workloadIdentity } from "./upstream/credentials/workload-identity.ts";
export type { ApiAnswer } from "./upstream/openapi/answers/api-answer.ts";
export type { ApiPaging } from "./upstream/openapi/answers/paging.ts";
export type { DocumentSource } from "./upstream/openapi/document/read-document.ts";
export { type OpenApiOptions, type OpenApiSmoke, openapi } from "./upstream/openapi/openapi.ts";
export {
  type DerivedSchema,
  type DryRun,
  destructive,
  type FixedValue,
  type LookupOperation,
  type OperationOptions,
  type OperationPlan,
  type ReadOptions,
  read,
  type ServedOperation,
  type WriteOptions,
  write,
} from "./upstream/openapi/operation-options.ts";
export { upstream } from "./upstream/upstream.ts";
export type {
  NetworkAddress,
  ProgramAddress,
  UpstreamOptions,
  UpstreamRules,
  UpstreamTool,
} from "./upstream/upstream-options.ts";
export { bridge2025 } from "./wire/bridge-2025/load-bridge.ts";
