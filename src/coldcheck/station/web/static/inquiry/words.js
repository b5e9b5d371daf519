// The words of this page, as the hub put them into it in the reader's language; the scripts make none of their own.

const words = JSON.parse(document.getElementById("words").textContent);

/** The sentence of a key, its places filled. */
export function t(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_whole, name) => String(values[name]));
}

/** The word for what the record calls by a key of its own, that key in plain letters where there is none. */
export const named = (key) => words[key] ?? key.replaceAll("_", " ");
