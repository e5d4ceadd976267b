// First of all: it holds for what is made from then on.
import "./young-objects.ts";
import { runCli } from "./run-cli.ts";

// A reader that has seen enough (`callgate audit search | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

process.exitCode = await runCli(process.argv.slice(2));
