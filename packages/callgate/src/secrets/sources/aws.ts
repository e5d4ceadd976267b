import { fieldOf, splitField } from "./field-of.ts";
import { orInstall } from "./or-install.ts";

/** Reads by AWS's own client, which finds region and credentials, and comes again where it is throttled. */
export async function readAws(name: string, signal: AbortSignal): Promise<string | undefined> {
  const [id, field] = splitField(name);
  const sdk = await orInstall("@aws-sdk/client-secrets-manager", () => import("@aws-sdk/client-secrets-manager"));
  const client = new sdk.SecretsManagerClient({ maxAttempts: 5 });
  try {
    const command = new sdk.GetSecretValueCommand({ SecretId: id });
    const { SecretString, SecretBinary } = await client.send(command, { abortSignal: signal });
    const text = SecretString ?? (SecretBinary && Buffer.from(SecretBinary).toString());
    return fieldOf(text, field);
  } catch (error) {
    if (error instanceof sdk.ResourceNotFoundException) return undefined;
    throw signal.aborted ? new Error("AWS did not answer in time") : whyNot(error);
  } finally {
    client.destroy();
  }
}

/** The name of what went wrong: AWS's words may hold parts of a credential. */
function whyNot(error: unknown): Error {
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  return new Error(/^(?:Error|TypeError)$/.test(name) ? message : `AWS says ${name}`);
}
