import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { askHttp, type HttpReply, memberOf } from "./ask-http.ts";
import { splitField, toText } from "./field-of.ts";

/**
 * Reads a field of Vault or OpenBao over their HTTP API, as `vault kv get -field` does: it asks where the path is mounted
 * and of which version that is, then for the secret.
 */
export async function readVault(name: string, signal: AbortSignal): Promise<string | undefined> {
  const [path, field = ""] = splitField(name);
  const ask = createAsk(signal);
  const mount = await ask(`sys/internal/ui/mounts/${path}`);
  if (mount.status !== 200) throw new Error(refusal(mount, "the place where it is mounted"));
  const isVersioned = memberOf(mount.body, "data", "options", "version") === "2";
  const reply = await ask(isVersioned ? withData(path, mount) : path);
  if (reply.status === 404) return undefined;
  if (reply.status !== 200) throw new Error(refusal(reply, "it"));
  const fields = memberOf(reply.body, "data", ...(isVersioned ? ["data"] : []));
  return toText(memberOf(fields, field));
}

function createAsk(signal: AbortSignal): (path: string) => Promise<HttpReply> {
  const address = URL.parse(setting("ADDR") ?? "");
  if (address === null) throw new Error("VAULT_ADDR is not set to an address such as https://vault.example.com:8200");
  const namespace = setting("NAMESPACE");
  const headers = {
    "x-vault-token": token(),
    "x-vault-request": "true",
    ...(namespace !== undefined && { "x-vault-namespace": namespace }),
  };
  const root = `${address.href.replace(/\/$/, "")}/v1/`;
  return (path) => askHttp({ url: new URL(root + path.split("/").map(encodeURIComponent).join("/")), headers }, signal);
}

/** Version 2 has its secrets behind `data` within the mount. */
function withData(path: string, { body }: HttpReply): string {
  const mount = memberOf(body, "data", "path");
  if (typeof mount !== "string" || !`${path}/`.startsWith(mount)) throw new Error("it is mounted nowhere on its path");
  return `${mount}data/${path.slice(mount.length)}`;
}

function refusal({ status }: HttpReply, what: string): string {
  if (status === 403) return `the token may not read ${what} (403)`;
  return status === 404 || status === 400 ? `nothing is mounted there (${status})` : `it answers ${status}`;
}

/** OpenBao's own names win where both are set. */
function setting(name: "ADDR" | "TOKEN" | "NAMESPACE"): string | undefined {
  return process.env[`BAO_${name}`] || process.env[`VAULT_${name}`] || undefined;
}

/** The variable, else the file that an agent keeps, else the one that `vault login` has left. */
function token(): string {
  const given = setting("TOKEN");
  if (given !== undefined) return given;
  const path = process.env["VAULT_TOKEN_FILE"] || join(homedir(), ".vault-token");
  try {
    return readFileSync(path, "utf8").trim();
  } catch (cause) {
    throw new Error(`VAULT_TOKEN is not set, and there is no ${path}`, { cause });
  }
}
