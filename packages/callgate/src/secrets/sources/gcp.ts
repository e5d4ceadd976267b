import { fieldOf, splitField } from "./field-of.ts";
import { orInstall } from "./or-install.ts";

const NOT_FOUND = 5;

/**
 * Reads by Google's own client, which finds the credentials. It speaks REST, not gRPC, whose connections would stay;
 * `CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER` is where, unless it is Google's own, as for `gcloud`.
 */
export async function readGcp(name: string, signal: AbortSignal): Promise<string | undefined> {
  const [path, field] = splitField(name);
  const { v1 } = await orInstall("@google-cloud/secret-manager", () => import("@google-cloud/secret-manager"));
  const client = new v1.SecretManagerServiceClient({ fallback: true, ...endpoint() });
  try {
    const version = path.includes("/versions/") ? path : `${path}/versions/latest`;
    const [{ payload }] = await unlessLate(client.accessSecretVersion({ name: version }), signal);
    const data = payload?.data;
    return fieldOf(data === null || data === undefined ? undefined : Buffer.from(data as Uint8Array).toString(), field);
  } catch (error) {
    if (codeOf(error) === NOT_FOUND) return undefined;
    throw signal.aborted ? new Error("Google did not answer in time") : whyNot(error);
  } finally {
    await client.close();
  }
}

function endpoint() {
  const url = URL.parse(process.env["CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER"] ?? "");
  if (url === null) return {};
  const isPlain = url.protocol === "http:";
  return {
    apiEndpoint: url.hostname,
    port: Number(url.port || (isPlain ? 80 : 443)),
    protocol: isPlain ? "http" : "https",
  };
}

/** The client takes no signal; what it still says later is nobody's. */
function unlessLate<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    work.then(resolve, reject);
  });
}

function codeOf(error: unknown): number | undefined {
  const code = (error as { readonly code?: unknown }).code;
  return typeof code === "number" ? code : undefined;
}

const STATUSES: Readonly<Record<number, string>> = {
  7: "the credentials may not read it (PERMISSION_DENIED)",
  8: "it was asked too often (RESOURCE_EXHAUSTED)",
  9: "that version is disabled or destroyed (FAILED_PRECONDITION)",
  14: "Google cannot be reached (UNAVAILABLE)",
  16: "the credentials are not taken (UNAUTHENTICATED)",
};

/** In words of ours: Google's may hold parts of a credential. */
function whyNot(error: unknown): Error {
  const code = codeOf(error);
  if (code !== undefined) return new Error(STATUSES[code] ?? `Google answers with status ${code}`);
  return new Error(
    /default credentials/i.test(String(error))
      ? "there are no Google credentials here: see GOOGLE_APPLICATION_CREDENTIALS"
      : "Google's client could not ask for it",
  );
}
