import type { IncomingMessage } from "node:http";

/** What a path of these pages stands for. */
export type PageRoute =
  | { readonly kind: "list" }
  | { readonly kind: "sign-in" }
  | { readonly kind: "sign-out" }
  | { readonly kind: "approval"; readonly approvalId: string };

const ROOT = "/approvals";
const APPROVAL_ID = /^[A-Za-z0-9_-]{1,100}$/;

/** Where the pages are, as people reach them: behind a proxy the gate may stand below a path of its own. */
export class PagePlaces {
  readonly root: string;
  readonly #public: URL | undefined;

  constructor(publicUrl: string | undefined) {
    const url = publicUrl === undefined ? undefined : new URL(publicUrl);
    this.root = `${url?.pathname.replace(/\/+$/, "") ?? ""}${ROOT}`;
    this.#public = url;
  }

  get secure(): boolean {
    return this.#public?.protocol === "https:";
  }

  of(approvalId: string): string {
    return `${this.root}/${approvalId}`;
  }

  /** Where a browser finds what there is to see of a route. */
  hrefOf(route: PageRoute): string {
    return route.kind === "approval" ? this.of(route.approvalId) : this.root;
  }

  /** Where a form may lead after signing in: within these pages, and to nothing that acts. */
  goTo(text: string | undefined): PageRoute {
    const path = text?.startsWith(this.root) === true ? ROOT + text.slice(this.root.length) : "";
    const route = routeOf(path);
    return route?.kind === "approval" ? route : { kind: "list" };
  }

  /**
   * Whether a form was sent by a page of this gate, as browsers say it themselves. One that says neither where it comes
   * from nor how is not believed.
   */
  sentItself(request: IncomingMessage): boolean {
    const { origin, host, "sec-fetch-site": site } = request.headers;
    if (site !== undefined && site !== "same-origin") return false;
    if (origin === undefined) return site === "same-origin";
    if (origin === this.#public?.origin) return true;
    // Reached by its public name, it is at its public address alone: not at the same name without TLS.
    return host !== this.#public?.host && (origin === `http://${host}` || origin === `https://${host}`);
  }
}

/** Undefined for a path that is none of these pages'. */
export function routeOf(path: string): PageRoute | undefined {
  if (path === ROOT || path === `${ROOT}/`) return { kind: "list" };
  if (!path.startsWith(`${ROOT}/`)) return undefined;
  const name = path.slice(ROOT.length + 1);
  if (name === "sign-in" || name === "sign-out") return { kind: name };
  return APPROVAL_ID.test(name) ? { kind: "approval", approvalId: name } : undefined;
}
