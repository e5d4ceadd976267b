import { type IncomingHttpHeaders, request } from "node:http";

/** A page as it came. */
export interface Seen {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The page's words, without markup. */
  readonly words: string;
}

type Headers = Readonly<Record<string, string>>;

/** What a browser says of a form that a page of the gate itself has sent. */
const ownForm: Headers = { "sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate" };

/** A browser as far as it matters here: it keeps cookies, fills in forms, and says what it is told to say of itself. */
export class PageVisitor {
  readonly cookies = new Map<string, string>();
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  get(path: string, headers: Headers = {}): Promise<Seen> {
    return this.send(["GET", path], headers);
  }

  /** Posts fields as a page of the gate would, unless the headers say otherwise. */
  post(path: string, fields: Headers, headers: Headers = {}): Promise<Seen> {
    const body = new URLSearchParams(fields).toString();
    const type = { "content-type": "application/x-www-form-urlencoded" };
    return this.send(["POST", path], { ...type, origin: this.#origin, ...ownForm, ...headers }, body);
  }

  /** Signs in by the form, as a person does. */
  async signIn(key: string, path = "/approvals"): Promise<Seen> {
    const { text } = await this.get(path);
    return this.post("/approvals/sign-in", { ...hiddenFields(text), key });
  }

  /** Opens a request and presses a button of its form. */
  async decide(
    path: string,
    deed: string,
    more: { readonly note?: string; readonly headers?: Headers } = {},
  ): Promise<Seen> {
    const { text } = await this.get(path);
    return this.post(path, { ...hiddenFields(text), deed, note: more.note ?? "" }, more.headers);
  }

  send([method, path]: readonly [string, string], headers: Headers, body?: string): Promise<Seen> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    return new Promise((resolve, reject) => {
      const sent = request(
        `${this.#origin}${path}`,
        { method, headers: { ...(cookie !== "" && { cookie }), ...headers } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            for (const set of response.headers["set-cookie"] ?? []) this.#keep(set);
            const text = Buffer.concat(chunks).toString("utf8");
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text, words: wordsOf(text) });
          });
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
  }

  #keep(set: string): void {
    const [pair = ""] = set.split(";", 1);
    const cut = pair.indexOf("=");
    this.cookies.set(pair.slice(0, cut), pair.slice(cut + 1));
  }
}

/** The hidden fields of a page's last form: the one that decides, or signs in. */
export function hiddenFields(text: string): Record<string, string> {
  const form = text.slice(text.lastIndexOf("<form"));
  const found = form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g);
  return Object.fromEntries([...found].map(([, name, value]) => [name, value]));
}

function wordsOf(text: string): string {
  const [, body = ""] = text.split("<body>");
  return body
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll(/\s+/g, " ")
    .trim();
}
