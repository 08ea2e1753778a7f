// Debian's Firefox over WebDriver BiDi (W3C): just what the stories need of it.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";

export async function open() {
  const profile = mkdtempSync(join(tmpdir(), "firefox-"));
  const program = spawn("firefox-esr", ["--headless", "--remote-debugging-port=0", "--no-remote", "--profile", profile], { env: { ...process.env, HOME: profile, MOZ_DISABLE_CONTENT_SANDBOX: "1" } });
  const address = await new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Error(`Firefox did not start: ${said}`)), 60_000);
    program.stderr.on("data", (text) => {
      said += text;
      const found = said.match(/WebDriver BiDi listening on (ws:\/\/\S+)/);
      if (found) { clearTimeout(timer); resolve(found[1]); }
    });
    program.on("error", reject);
  });
  const socket = new WebSocket(`${address}/session`);
  await new Promise((resolve, reject) => { socket.on("open", resolve); socket.on("error", reject); });
  const waiting = new Map();
  socket.on("message", (text) => {
    const answer = JSON.parse(text);
    const one = waiting.get(answer.id);
    if (!one) return;
    waiting.delete(answer.id);
    if (answer.type === "error") one.reject(new Error(`${answer.error}: ${answer.message}`)); else one.resolve(answer.result);
  });
  let last = 0;
  const send = (method, params) => new Promise((resolve, reject) => {
    last += 1;
    waiting.set(last, { resolve, reject });
    socket.send(JSON.stringify({ id: last, method, params }));
  });
  await send("session.new", { capabilities: {} });
  const { contexts: [{ context }] } = await send("browsingContext.getTree", {});
  const go = (url) => send("browsingContext.navigate", { context, url, wait: "complete" });
  /** Runs a function in the page and answers what it answers, through JSON. */
  const run = async (work, ...args) => {
    const expression = `(async () => JSON.stringify(await (${work})(...${JSON.stringify(args)})))()`;
    const { result, exceptionDetails } = await send("script.evaluate", { expression, target: { context }, awaitPromise: true });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return result.value === undefined ? undefined : JSON.parse(result.value);
  };
  const close = () => { socket.terminate(); program.kill("SIGKILL"); rmSync(profile, { recursive: true, force: true, maxRetries: 5 }); };
  return { go, run, close };
}
