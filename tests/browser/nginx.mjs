// A real nginx in front of a portal, with its own defaults or with the lines of the README.

import { mkdtempSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as programs from "./programs.mjs";

const README = new URL("../../README.md", import.meta.url);
/** Seconds within which it answers. */
const PATIENCE = 30;

/** The lines of the README for a portal at this address. */
export function readme(base) {
  const [, first, second] = readFileSync(README, "utf8").match(/Behind nginx: `([^`]+)`[^`]*`([^`]+)`/);
  return `${first} ${second}`.replace("http://127.0.0.1:8080", base);
}

/** Those of somebody who stops at the first. */
export const bare = (base) => `proxy_pass ${base}; proxy_set_header Host $http_host;`;

/** Starts it; `lines` are those of its location. Answers its address, and how to end it. */
export async function start(lines) {
  const folder = mkdtempSync(join(tmpdir(), "terugkijken-nginx-"));
  for (const name of ["body", "proxy"]) mkdirSync(join(folder, name));
  const port = await freePort();
  writeFileSync(join(folder, "nginx.conf"), `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log; events {}
http { access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
server { listen 127.0.0.1:${port}; location / { ${lines} } } }
`);
  const started = programs.start("nginx", ["-p", folder, "-c", "nginx.conf"], folder, {});
  const base = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + PATIENCE * 1000;
  while (!await fetch(`${base}/healthz`).then((answer) => answer.ok, () => false)) {
    if (Date.now() > deadline) { started.end(); throw new Error(`nginx does not answer at ${base}`); }
  }
  return { base, end: started.end };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
