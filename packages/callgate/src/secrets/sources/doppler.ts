import { askHttp, memberOf } from "./ask-http.ts";
import { toText } from "./field-of.ts";

/** Reads a secret over Doppler's HTTP API; `DOPPLER_API_HOST` is where that is, unless it is Doppler's own. */
export async function readDoppler(name: string, signal: AbortSignal): Promise<string | undefined> {
  const token = process.env["DOPPLER_TOKEN"];
  if (token === undefined || token === "") throw new Error("DOPPLER_TOKEN is not set");
  const [secret = "", config, project] = name.split("/").toReversed();
  const url = new URL("/v3/configs/config/secret", process.env["DOPPLER_API_HOST"] || "https://api.doppler.com");
  const query = { ...(project && { project }), ...(config && { config }), name: secret };
  url.search = new URLSearchParams(query).toString();
  const headers = { authorization: `Bearer ${token}`, accept: "application/json" };
  const { status, body } = await askHttp({ url, headers }, signal);
  if (status === 404) return undefined;
  if (status === 401) throw new Error("DOPPLER_TOKEN is not taken (401)");
  if (status === 403) throw new Error("DOPPLER_TOKEN may not read it (403)");
  if (status !== 200) throw new Error(`Doppler answers ${status}`);
  // With the secrets that it refers to put in.
  return toText(memberOf(body, "value", "computed"));
}
