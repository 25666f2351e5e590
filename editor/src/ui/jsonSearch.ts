/** Paths into JSON values, and where a text occurs in one.  Pure; refuses to look at more than it
 * can in a moment, and says so. */

export type JsonPath = readonly (string | number)[];

const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Returns a path as expressions write it: `lines[0].price`, `["odd key"]`. */
export function pathText(path: JsonPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (!PLAIN.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text ? `${text}.${part}` : part;
  }, "");
}

/** Names a path among others. */
export function pathKey(path: JsonPath): string {
  return JSON.stringify(path);
}

export interface Found {
  /** Keys of the paths where the text occurs. */
  readonly hits: ReadonlySet<string>;
  /** Keys of those and of everything around them. */
  readonly open: ReadonlySet<string>;
  /** Whether there may be more. */
  readonly cut: boolean;
}

const MOST_HITS = 200;
const MOST_VISITS = 200_000;

/** Returns where `text` occurs in keys and leaves of `value`; case does not matter. */
export function searchJson(value: unknown, text: string): Found {
  const wanted = text.trim().toLowerCase();
  const hits = new Set<string>();
  const open = new Set<string>();
  let visits = 0;
  let cut = false;
  const stack: [JsonPath, unknown][] = wanted ? [[[], value]] : [];
  while (stack.length) {
    const [path, at] = stack.pop() as [JsonPath, unknown];
    visits += 1;
    if (visits > MOST_VISITS || hits.size >= MOST_HITS) {
      cut = true;
      break;
    }
    const name = path.at(-1);
    const isLeaf = at === null || typeof at !== "object";
    const matches =
      (typeof name === "string" && name.toLowerCase().includes(wanted)) ||
      (isLeaf && String(at).toLowerCase().includes(wanted));
    if (matches) {
      hits.add(pathKey(path));
      for (let end = path.length - 1; end >= 0; end -= 1) open.add(pathKey(path.slice(0, end)));
    }
    if (!isLeaf) {
      const entries = entriesOf(at);
      // The stack takes the last first: what stands first is to be found first.
      for (let index = Math.min(entries.length, MOST_VISITS) - 1; index >= 0; index -= 1) {
        const entry = entries[index];
        if (entry) stack.push([[...path, entry[0]], entry[1]]);
      }
    }
  }
  return { hits, open, cut };
}

/** Returns the entries of an object or a list, with numbers for the places of a list. */
export function entriesOf(value: object): [string | number, unknown][] {
  return Array.isArray(value)
    ? value.map((item, index): [number, unknown] => [index, item])
    : Object.entries(value);
}

/** Returns the size of the groups in which `count` entries are shown: 1 for no groups. */
export function groupSize(count: number): number {
  const most = 100;
  if (count <= 2 * most) return 1;
  let size = most;
  while (count / size > most) size *= most;
  return size;
}
