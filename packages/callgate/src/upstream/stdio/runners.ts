import { isPinnedOnNpm, isPinnedOnPyPi } from "./pinned-spec.ts";

/** How a command names the packages that it fetches and runs. Its options are the same before and after its verbs. */
export interface Runner {
  /** What must stand before the package, e.g. `exec`. */
  readonly verbs: readonly string[];
  /** What the first word after the verbs is: a package to fetch, or something of one's own. */
  readonly runs: "package" | "own";
  /** Options that name a package; with one of them the first word is no package but a program of it. */
  readonly packages: readonly string[];
  /** Options that name packages beside what is run. */
  readonly beside: readonly string[];
  /** Other options that have a value of their own. */
  readonly valued: readonly string[];
  /** Options with which nothing is fetched: what runs is what is installed. */
  readonly installed: readonly string[];
  readonly isPinned: (spec: string) => boolean;
  readonly example: string;
}

const npm: Runner = {
  verbs: [],
  runs: "package",
  packages: ["-p", "--package"],
  beside: [],
  valued:
    "-w --workspace --registry --prefix -C --cache --userconfig --globalconfig --loglevel -c --call --script-shell --tag --before --otp --scope -L --location --node-options --omit --include --proxy --https-proxy --noproxy --cafile --user-agent --fetch-timeout --fetch-retries --maxsockets --install-strategy".split(
      " ",
    ),
  installed: ["--no", "--no-install"],
  isPinned: isPinnedOnNpm,
  example: "@1.2.3",
};
const pnpm: Runner = {
  ...npm,
  packages: ["--package"],
  valued: "-C --dir -F --filter --filter-prod --registry --loglevel --reporter --store-dir --allow-build".split(" "),
  installed: [],
};
const yarn: Runner = { ...npm, valued: ["--cwd", "--registry", "--cache-folder"], installed: [] };
const bun: Runner = { ...npm, valued: ["--cwd", "-c", "--config", "--env-file", "--registry"], installed: [] };
const uv: Runner = {
  verbs: [],
  runs: "package",
  packages: ["--from"],
  beside: ["-w", "--with"],
  valued:
    "-p --python --python-platform --python-preference -i --index --index-url --default-index --extra-index-url --index-strategy --keyring-provider --allow-insecure-host -f --find-links --directory --project --package --cache-dir --env-file --with-requirements --with-editable -c --constraints --overrides --excludes -b --build-constraints -C --config-setting --config-settings-package --color --config-file --resolution --prerelease --fork-strategy --exclude-newer --exclude-newer-package --link-mode --torch-backend -P --upgrade-package --reinstall-package --refresh-package --no-build-package --no-binary-package --no-build-isolation-package --no-sources-package --extra --no-extra --group --no-group --only-group --preview-features".split(
      " ",
    ),
  installed: ["--offline"],
  isPinned: isPinnedOnPyPi,
  example: "==1.2.3",
};
const pipx: Runner = { ...uv, packages: ["--spec"], valued: ["--python", "--index-url", "-i", "--pip-args"] };

/** By the name of the command. */
export const runners: ReadonlyMap<string, readonly Runner[]> = new Map([
  ["npx", [npm]],
  ["npm", ["exec", "x", "create", "init", "innit"].map((verb) => withVerbs(npm, verb))],
  ["pnpm", ["dlx", "create"].map((verb) => withVerbs(pnpm, verb))],
  ["pnpx", [pnpm]],
  ["yarn", ["dlx", "create"].map((verb) => withVerbs(yarn, verb))],
  ["bunx", [bun]],
  ["bun", [...["x", "create", "c"].map((verb) => withVerbs(bun, verb)), { ...withVerbs(bun, "run"), runs: "own" }]],
  ["uvx", [uv]],
  ["uv", [withVerbs(uv, "tool", "run"), { ...withVerbs(uv, "run"), runs: "own", packages: [] }]],
  ["pipx", [withVerbs(pipx, "run")]],
]);

function withVerbs(runner: Runner, ...verbs: readonly string[]): Runner {
  return { ...runner, verbs };
}
