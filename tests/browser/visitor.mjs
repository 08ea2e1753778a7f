// A visitor with a fresh browser window, and an eye on what the portal's pages do behind their back.

/** The address that is not there: its 404, and no other failed answer, belongs to the stories. */
export const NOWHERE = "/nergens";

/** The cookies there are, for those who sign in: one as long as they are, and one by which their browser is known afterwards. */
export const SIGN_IN = "terugkijken";
export const DEVICE = "terugkijken-device";

/** A page inside the browser itself, not something that leaves the machine. */
const INSIDE = ["data:", "blob:", "about:", "chrome-error:"];

/** What stories that expect to be refused may see: the refusal itself. */
const REFUSED = /frame-ancestors|img-src 'none'|Failed to load resource/;

/**
 * Opens a window. Whatever it asks of another site, whatever fails, is refused by the policy or is logged as an error lands
 * in `faults`. `alsoAllowed`: addresses of other sites the story has set up. `expectsErrors`: the story is about a refusal.
 * `signsIn`: a coordinator, who may keep the cookie of the sign-in.
 */
export async function arrive(browser, base, faults, { alsoAllowed = [], expectsErrors = false, signsIn = false, ...options } = {}) {
  const context = await browser.newContext({ locale: "nl-NL", viewport: { width: 1280, height: 900 }, ...options });
  const own = new Set([base, ...alsoAllowed].filter((address) => address.startsWith("http")).map((address) => new URL(address).origin));
  const isOwn = (address) => INSIDE.some((scheme) => address.startsWith(scheme)) || own.has(new URL(address).origin);
  context.on("request", (request) => {
    if (!isOwn(request.url())) faults.push(`asked ${request.url()}`);
  });
  context.on("response", (answer) => {
    const isPlanned = new URL(answer.url()).pathname === NOWHERE || expectsErrors;
    if (answer.status() >= 400 && !isPlanned) faults.push(`${answer.status()} from ${answer.url()}`);
  });
  context.on("console", (message) => {
    if (message.type() !== "error") return;
    const isPlanned = message.location().url.includes(NOWHERE) || (expectsErrors && REFUSED.test(message.text()));
    if (!isPlanned) faults.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => faults.push(`script: ${error.error().message}`));
  context.on("page", (page) => page.on("websocket", (socket) => { if (!isOwn(socket.url().replace(/^ws/, "http"))) faults.push(`asked ${socket.url()}`); }));
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return { context, page, signsIn };
}

/** At the end of a story: nothing was left behind but what stays in this browser. */
export async function depart({ context, signsIn }, faults) {
  const isPlanned = ({ name, httpOnly, sameSite }) => signsIn && [SIGN_IN, DEVICE].includes(name) && httpOnly && sameSite === "Lax";
  const cookies = (await context.cookies()).filter((cookie) => !isPlanned(cookie));
  if (cookies.length) faults.push(`cookies: ${cookies.map((cookie) => cookie.name)}`);
}
