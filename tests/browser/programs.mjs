// Programs that the stories start. However the run ends, none of them outlives it.

import { spawn } from "node:child_process";
import { rmSync } from "node:fs";

const running = new Set();

/** Starts a program that works in `folder`; `end` stops it and takes the folder away. */
export function start(command, args, folder, env) {
  const program = spawn(command, args, { cwd: folder, env: { PATH: process.env.PATH, ...env } });
  const end = () => {
    running.delete(end);
    program.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  running.add(end);
  return { program, end };
}

/** Waits for the first line of `stream` that matches; a program that ends or says nothing in time is a failure in words. */
export function said({ program }, stream, pattern, seconds) {
  return new Promise((resolve, reject) => {
    let text = "";
    const fail = (reason) => { clearTimeout(timer); reject(new Error(`${reason}: ${text.trim().split("\n").slice(-5).join("\n")}`)); };
    const timer = setTimeout(() => fail(`nothing like ${pattern} after ${seconds} s`), seconds * 1000);
    const listen = (chunk) => {
      text += chunk;
      const found = text.match(pattern);
      if (found) { clearTimeout(timer); resolve(found); }
    };
    program[stream].on("data", listen);
    program.on("error", (error) => fail(`${program.spawnfile} does not start (${error.message})`));
    program.on("exit", (code, signal) => fail(`${program.spawnfile} ended (${signal ?? code})`));
  });
}

process.on("exit", () => { for (const end of running) end(); });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));
