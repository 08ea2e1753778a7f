// What this browser keeps, and sends to nobody. Storage may be forbidden (a sandbox, a private window): then nothing is kept.

/** What is kept under a name, or an empty object. */
export function load(name) {
  try { return JSON.parse(localStorage.getItem(`terugkijken.${name}`)) || {}; } catch { return {}; }
}

/** Keeps something under a name. Answers whether it is kept. */
export function save(name, value) {
  try {
    localStorage.setItem(`terugkijken.${name}`, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** Takes away what is kept under a name. */
export function wipe(name) {
  try { localStorage.removeItem(`terugkijken.${name}`); } catch { /* Then nothing is kept anyway. */ }
}
