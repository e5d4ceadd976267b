import type { Page } from "../document.ts";
import { html } from "../markup.ts";

export interface SignIn {
  readonly action: string;
  readonly token: string;
  /** The page that was asked for. */
  readonly goTo: string;
  /** What was wrong with the last try. */
  readonly fault?: string;
}

/** What everybody sees who is not signed in, whatever they asked for: it says nothing of any request. */
export function signInView({ action, token, goTo, fault }: SignIn): Page {
  return {
    status: 200,
    title: "Sign in",
    main: html`<div class="card narrow">
<h1>Sign in</h1>
<p class="quiet">Approvals are decided by people. Use your personal key; an agent's key does not open this page.</p>
${fault !== undefined && html`<p class="warn" role="alert">${fault}</p>`}
<form method="post" action="${action}">
<input type="hidden" name="token" value="${token}">
<input type="hidden" name="go_to" value="${goTo}">
<p><label for="key">Personal key</label>
<input id="key" name="key" type="password" required autofocus autocomplete="current-password" spellcheck="false" maxlength="4000"></p>
<div class="deeds"><button class="approve">Sign in</button></div>
</form>
</div>`,
  };
}
