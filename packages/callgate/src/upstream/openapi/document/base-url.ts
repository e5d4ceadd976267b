import { isIP } from "node:net";
import { DefinitionError, type DefinitionPlace } from "../../../define/definition-error.ts";
import type { WrittenBy } from "../../../outbound/may-reach.ts";
import { type ApiDocument, objectsOf } from "./api-document.ts";

/** Where an API is: the origin that connections are made to, and what every path of it begins with. */
export interface ApiAddress {
  readonly origin: string;
  /** Without a slash at its end. */
  readonly basePath: string;
  /** `outside`: the document alone names it, and only a public address is connected to. */
  readonly writtenBy: Extract<WrittenBy, "config" | "outside">;
}

const SAY_IT = 'Say where it is: baseUrl: "https://api.example.com/v1".';

/**
 * The address of an API: the one that the author says, else the document's own. One within the own network is never
 * taken from a document: whoever wrote that would choose what the gate reaches (SECURITY 24).
 */
export function addressOf(document: ApiDocument, baseUrl: string | URL | undefined): ApiAddress {
  const { place } = document;
  if (baseUrl !== undefined) return { ...toAddress(baseUrl, place), writtenBy: "config" };
  const [server] = objectsOf(document.root["servers"]);
  const said = server?.["url"];
  if (typeof said !== "string" || !/^https:\/\/[^{}]+$/.test(said)) {
    throw new DefinitionError(place, "its document says no complete https address.", SAY_IT);
  }
  const { hostname } = URL.parse(said) ?? { hostname: "" };
  if (
    !hostname.includes(".") ||
    isIP(hostname.replaceAll(/[[\]]/g, "")) !== 0 ||
    /\.(local|localhost|internal)$/.test(hostname)
  ) {
    throw new DefinitionError(place, `its document says that it is at ${said}, which may be anywhere.`, SAY_IT);
  }
  return { ...toAddress(said, place), writtenBy: "outside" };
}

function toAddress(said: string | URL, place: DefinitionPlace): Omit<ApiAddress, "writtenBy"> {
  const url = URL.parse(String(said));
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new DefinitionError(place, `its baseUrl "${String(said)}" is no address of http or https.`, SAY_IT);
  }
  if (url.username !== "" || url.password !== "") {
    throw new DefinitionError(
      place,
      "its baseUrl has a credential in it.",
      "Use `credential`, with a reference to it.",
    );
  }
  if (url.search !== "" || url.hash !== "") {
    throw new DefinitionError(
      place,
      "its baseUrl has more than a path.",
      "Give values that every call has by `fixed`.",
    );
  }
  return { origin: url.origin, basePath: url.pathname.replace(/\/+$/, "") };
}
