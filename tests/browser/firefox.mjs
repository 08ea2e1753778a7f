// Debian's Firefox over WebDriver BiDi (W3C): just what the stories need of it.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";
import * as programs from "./programs.mjs";

/** Seconds for Firefox to start on a busy machine. */
const PATIENCE = 60;

/** A Firefox of its own. `close` throws when a page asked something of a site that no story went to, or a script broke. */
export async function open() {
  const profile = mkdtempSync(join(tmpdir(), "firefox-"));
  const started = programs.start("firefox-esr", ["--headless", "--remote-debugging-port=0", "--no-remote", "--profile", profile], profile, { HOME: profile, MOZ_DISABLE_CONTENT_SANDBOX: "1" });
  try {
    const [, address] = await programs.said(started, "stderr", /WebDriver BiDi listening on (ws:\/\/\S+)/, PATIENCE);
    return await converse(`${address}/session`, started.end);
  } catch (error) {
    started.end();
    throw error;
  }
}

async function converse(address, end) {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => { socket.on("open", resolve); socket.on("error", reject); });
  const waiting = new Map();
  const visited = new Set();
  const asked = new Set();
  const broken = [];
  socket.on("message", (text) => {
    const heard = JSON.parse(text);
    if (heard.method === "network.beforeRequestSent") asked.add(heard.params.request.url);
    if (heard.method === "log.entryAdded" && heard.params.level === "error") broken.push(heard.params.text);
    const one = waiting.get(heard.id);
    if (!one) return;
    waiting.delete(heard.id);
    if (heard.type === "error") one.reject(new Error(`${heard.error}: ${heard.message}`)); else one.resolve(heard.result);
  });
  let last = 0;
  const send = (method, params) => new Promise((resolve, reject) => {
    last += 1;
    waiting.set(last, { resolve, reject });
    socket.send(JSON.stringify({ id: last, method, params }));
  });
  await send("session.new", { capabilities: {} });
  await send("session.subscribe", { events: ["network.beforeRequestSent", "log.entryAdded"] });
  const { contexts: [{ context }] } = await send("browsingContext.getTree", {});

  const go = (url) => {
    visited.add(new URL(url).origin);
    return send("browsingContext.navigate", { context, url, wait: "complete" });
  };
  const size = (width, height) => send("browsingContext.setViewport", { context, viewport: { width, height } });
  /** Runs a function in the page and answers what it answers, through JSON. */
  const run = async (work, ...args) => {
    const expression = `(async () => JSON.stringify(await (${work})(...${JSON.stringify(args)})))()`;
    const { result, exceptionDetails } = await send("script.evaluate", { expression, target: { context }, awaitPromise: true });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return result.value === undefined ? undefined : JSON.parse(result.value);
  };
  /** Addresses of other sites that were asked, and scripts that broke. */
  const faults = () => [...[...asked].filter((url) => url.startsWith("http") && !visited.has(new URL(url).origin)).map((url) => `asked ${url}`), ...broken];
  const close = () => {
    socket.terminate();
    end();
    if (faults().length) throw new Error(`in Firefox: ${faults().slice(0, 10).join("\n")}`);
  };
  return { go, run, size, close, asked: () => [...asked], faults };
}
