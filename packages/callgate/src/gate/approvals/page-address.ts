/** Where people reach the gate's pages. */
export class PageAddress {
  #url: string | undefined;

  constructor(publicUrl: string | undefined) {
    this.#url = publicUrl?.replace(/\/+$/, "");
  }

  /** Where the gate listens; counts only where its config names no public address. */
  servedAt(url: string): void {
    this.#url ??= url;
  }

  /** Undefined where nothing is served over HTTP. */
  approval(id: string): string | undefined {
    return this.#url === undefined ? undefined : `${this.#url}/approvals/${id}`;
  }
}
