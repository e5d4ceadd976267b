/** The codes of what an API answers when it does not do what was asked. `docs/openapi.md` lists the same. */
export type ApiErrorCode =
  | "api_refused_arguments"
  | "api_not_found"
  | "api_conflict"
  | "api_refused"
  | "api_credential_refused"
  | "api_busy"
  | "api_failed"
  | "api_redirected"
  | "api_unreadable"
  | "api_unreachable";
