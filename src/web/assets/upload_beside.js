// Captions, pictures and hand-outs that were chosen or dropped with recordings: each goes to the recording whose name it begins with,
// once that is there, and its row says what became of it.
import { fill, lang, make, tell, words } from "./upload_ask.js";

const KINDS = [[/\.(vtt|srt)$/i, "captions", "language"], [/\.(jpe?g|png|webp)$/i, "poster", ""], [/\.[a-z0-9]{1,8}$/i, "handouts", "title"]];
/** As a folder compares names: in one spelling of letters with marks. */
const spelled = (name) => name.normalize("NFC").toLowerCase();
const stem = (job) => spelled(job.file.name.replace(/\.[^.]+$/, ""));

/** What stands between the name of the recording and the ending: a language, a title or nothing; null when it belongs to another. */
function between(job, file) {
  const name = file.name.normalize("NFC");
  if (!spelled(name).startsWith(`${stem(job)}.`)) return null;
  return name.slice(stem(job).length + 1).split(".").slice(0, -1).join(".");
}

/** Where it goes. A picture that says more than the name of the recording is a hand-out. */
function kind(job, file) {
  const is = ([ending, name]) => ending.test(file.name) && (name !== "poster" || between(job, file) === "");
  return KINDS.find(is);
}

/** The recording that a file belongs to: of several names that it begins with the longest one. */
export const belongs = (jobs, { file, series }) => jobs
  .filter((job) => job.series === series && between(job, file) !== null && kind(job, file))
  .reduce((best, job) => (best && stem(best).length >= stem(job).length ? best : job), undefined);

/** Why the portal did not take it, as the page says it that a form without script would lead to. */
async function refusal(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector(".field-error")?.textContent ?? "";
}

async function send(job, file, address) {
  const [, name, field] = kind(job, file);
  const body = new FormData();
  if (field) body.append(field, between(job, file));
  body.append("file", file, file.name);
  const line = job.words.appendChild(make("span", {}, file.name));
  let sentence = words["beside-failed"];
  try {
    const answer = await fetch(`${address}/${name}?lang=${lang}`, { method: "POST", body, redirect: "manual" });
    sentence = answer.type === "opaqueredirect" ? words["beside-added"] : `${sentence} ${await refusal(answer)}`;
  } catch { /* The connection broke: the sentence says that it is not there. */ }
  line.textContent = fill(sentence, { name: file.name });
  tell(line.textContent);
}

/** Sends what belongs to a recording, one after another, now that it has a page. */
export async function sendBeside(job) {
  if (job.isSendingBeside || !job.recording) return;
  job.isSendingBeside = true;
  while (job.beside.length) await send(job, job.beside[0], job.recording).then(() => job.beside.shift());
  job.isSendingBeside = false;
}
