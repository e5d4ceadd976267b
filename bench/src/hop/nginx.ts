import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readPort } from "../port-argument.ts";
import { findNginx } from "./ensure-nginx.ts";
import { readPlace } from "./upstream-place.ts";

// nginx as a plain reverse proxy with connections that stay open on both sides: the floor of what a hop can cost.
const program = findNginx();
if (program === undefined) throw new Error("nginx is not here.");
const folder = fileURLToPath(new URL("../../results/nginx/", import.meta.url));
mkdirSync(folder, { recursive: true });
const upstream = new URL(readPlace().url);
const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
  (name) => `  ${name}_temp_path ${folder}${name};`,
);

const configuration = `
daemon off;
worker_processes 1;
pid ${folder}nginx.pid;
error_log stderr warn;
events { worker_connections 1024; }
http {
  access_log off;
${temporary.join("\n")}
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  upstream mcp { server ${upstream.host}; keepalive 128; keepalive_requests 1000000000; keepalive_timeout 1h; }
  server {
    listen 127.0.0.1:${readPort()};
    location / {
      proxy_pass http://mcp;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
}
`;
writeFileSync(`${folder}nginx.conf`, configuration);
const child = spawn(program, ["-p", folder, "-e", "stderr", "-c", `${folder}nginx.conf`], { stdio: "inherit" });
child.once("exit", (code) => process.exit(code ?? 1));
// The signal that ends the bench's process group reaches nginx as well; this process ends after it.
process.once("SIGTERM", () => undefined);
