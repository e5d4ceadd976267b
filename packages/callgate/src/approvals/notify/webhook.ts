import { createHmac } from "node:crypto";
import type { ApprovalNotice, Notifier } from "../../define/approval.ts";
import { DefinitionError } from "../../define/definition-error.ts";
import type { SecretReference } from "../../define/secret.ts";
import { guardedFetch } from "../../outbound/guarded-fetch.ts";
import { resolveSecret } from "../../secrets/resolve-secret.ts";
import { type Delivered, Deliveries } from "./deliveries.ts";
import { type NoticeContent, noticeId, toNoticeBody } from "./notice-body.ts";

/** Where notices are posted, and how they are signed. */
export interface WebhookOptions extends NoticeContent {
  /** `https:`, or `http:` on this machine. */
  readonly url: string;
  /** What notices are signed with: `whsec_` and base64 as Standard Webhooks writes it, or any text of 24 bytes or more. */
  readonly secret: SecretReference;
}

/** How patient a webhook is, in milliseconds. */
export interface WebhookPatience {
  readonly tryMs: number;
  readonly waitsMs: readonly number[];
}

const PATIENCE: WebhookPatience = { tryMs: 10_000, waitsMs: [1_000, 5_000, 30_000, 120_000, 600_000] };
const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
const LEAST_SECRET_BYTES = 24;

/**
 * Posts each notice as JSON, signed as Standard Webhooks 1.0 says, and tries again for some minutes where it does not
 * arrive. Throws `DefinitionError` for an address that notices may not go to; follows no redirect.
 */
export function webhook(options: WebhookOptions, patience: WebhookPatience = PATIENCE): Notifier {
  const url = toTarget(options.url);
  return {
    kind: "webhook",
    secrets: [options.secret],
    start: ({ log }) => {
      const key = toKey(options.secret);
      const deliveries = new Deliveries<ApprovalNotice>({
        name: `the webhook at ${url.host}`,
        log,
        send: (notice, signal) => post({ url, key, id: noticeId(notice), body: toNoticeBody(notice, options) }, signal),
        ...patience,
      });
      return {
        notify: (notice) => deliveries.add(notice),
        close: (withinMs) => deliveries.close(withinMs),
      };
    },
  };
}

function toTarget(text: string): URL {
  const url = URL.parse(text);
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.has(url.hostname));
  if (url === null || !isSafe || url.username !== "" || url.password !== "")
    throw new DefinitionError(
      {},
      `A webhook cannot post to ${url === null ? "what is no URL" : `${url.protocol}//${url.host}`}.`,
      "Use https:, or http: on this machine, without a name or password in the address.",
    );
  return url;
}

function toKey(reference: SecretReference): Buffer {
  const secret = resolveSecret(reference) ?? "";
  const key = secret.startsWith("whsec_") ? Buffer.from(secret.slice("whsec_".length), "base64") : Buffer.from(secret);
  if (key.length >= LEAST_SECRET_BYTES) return key;
  throw new DefinitionError(
    {},
    `The webhook's secret in ${reference.name} is shorter than ${LEAST_SECRET_BYTES} bytes.`,
    "Make one: node -p \"'whsec_' + crypto.randomBytes(32).toString('base64')\".",
  );
}

interface Post {
  readonly url: URL;
  readonly key: Buffer;
  readonly id: string;
  readonly body: string;
}

async function post({ url, key, id, body }: Post, signal: AbortSignal): Promise<Delivered> {
  const timestamp = Math.floor(Date.now() / 1_000);
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  const headers = {
    "content-type": "application/json",
    "user-agent": "callgate",
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": `v1,${signature}`,
  };
  const response = await guardedFetch(url, { method: "POST", redirect: "manual", signal, headers, body }, "config");
  // Nothing of an answer is read: it may be long, or never end.
  await response.body?.cancel();
  if (response.ok) return "done";
  const why = `it answered ${response.status}`;
  const moved = response.status >= 300 && response.status < 400;
  return moved || response.status === 410 ? { never: why } : { again: why };
}
