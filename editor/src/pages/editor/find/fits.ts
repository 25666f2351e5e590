/** How well a name fits what was typed.  Pure.  The usual fuzzy match finds "http" in "what the
 * person says": here the letters must stand together. */

/** Returns 0 for what does not fit, up to 1 for what begins with it; each word must be found. */
export function fits(value: string, search: string, keywords: readonly string[] = []): number {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const [title = value, ...rest] = keywords.map((one) => one.toLowerCase());
  const others = [value.toLowerCase(), ...rest];
  const scores = words.map((word) => {
    if (title.startsWith(word)) return 1;
    if (title.includes(` ${word}`)) return 0.9;
    if (title.includes(word)) return 0.8;
    return others.some((one) => one.includes(word)) ? 0.4 : 0;
  });
  return scores.length === 0 ? 1 : Math.min(...scores);
}
