// Which features of HTML and CSS a mail uses, and which mail programs drop one of them: by the data of caniemail.com.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { caniemail } from "caniemail";

/** The five that most people read mail with; Outlook.com is in the data and not yet in the package, see below. */
export const PROGRAMS = ["gmail.*", "outlook.windows", "outlook.macos", "outlook.ios", "outlook.android", "apple-mail.*", "yahoo.*"];

const entry = createRequire(import.meta.url).resolve("caniemail");
const { data } = JSON.parse(readFileSync(join(entry.slice(0, entry.indexOf("caniemail")), "caniemail/data/caniemail.json")));

/** What of a mail is dropped, as "program: feature". */
export function dropped(html) {
  const { issues } = caniemail({ clients: PROGRAMS, html });
  const found = [...issues.errors].flatMap(([program, list]) => list.map(({ title }) => `${program}: ${title}`));
  return [...found, ...droppedByOutlookCom(html)];
}

/** Elements, attributes and properties as the data names them. */
export function features(html) {
  const used = new Set();
  for (const [, tag, rest] of html.matchAll(/<([a-z0-9]+)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*\/?>/g)) {
    used.add(`html-${tag}`);
    for (const [, name, value = ""] of rest.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)) {
      if (name !== "style") used.add(`html-${name}`);
      else for (const part of value.split(";").filter(Boolean)) used.add(`css-${part.split(":")[0].trim()}`);
    }
  }
  return used;
}

function droppedByOutlookCom(html) {
  const used = features(html);
  return data.flatMap(({ slug, stats }) => {
    const versions = Object.values(stats.outlook["outlook-com"] ?? {});
    return used.has(slug) && versions.at(-1)?.startsWith("n") ? [`outlook.com: ${slug}`] : [];
  });
}

/** How many of the features that a mail uses are judged there at all. */
export const judged = (html) => data.filter(({ slug }) => features(html).has(slug)).length;
