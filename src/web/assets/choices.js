// How somebody likes to watch: speed, volume, captions, their size, and whether keys are used. It counts for every recording.
import { load, save } from "./storage.js";

const NAME = "choices";

/** What was chosen, by name. */
export const choices = () => load(NAME);

/** Remembers one choice. */
export function choose(name, value) {
  save(NAME, { ...load(NAME), [name]: value });
}
