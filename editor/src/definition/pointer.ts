/** JSON Pointers (RFC 6901) into a document, and changing one place of it.  Never mutates. */

export type Place = readonly (string | number)[];

/** Returns the JSON Pointer of `parts`; "" is the whole document. */
export function pointer(...parts: Place): string {
  return parts.map((part) => `/${String(part).replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");
}

/** Returns the parts of a JSON Pointer, all as texts. */
export function parsePointer(text: string): string[] {
  if (text === "") return [];
  return text
    .split("/")
    .slice(1)
    .map((part) => part.replace(/~1/g, "/").replace(/~0/g, "~"));
}

/** Returns whether `text` points at `ancestor` or at something in it. */
export function isWithin(text: string, ancestor: string): boolean {
  return text === ancestor || text.startsWith(`${ancestor}/`);
}

/** Returns what stands at `place`, `undefined` if nothing does. */
export function valueAt(value: unknown, place: Place): unknown {
  let found = value;
  for (const part of place) {
    if (typeof found !== "object" || found === null) return undefined;
    if (!Object.hasOwn(found, part)) return undefined;
    found = (found as Record<string | number, unknown>)[part];
  }
  return found;
}

/** Returns `value` with what stands at `place` changed; all that lies beside is shared. */
export function changeAt<T>(value: T, place: Place, change: (old: unknown) => unknown): T {
  const [part, ...rest] = place;
  if (part === undefined) return change(value) as T;
  if (Array.isArray(value)) {
    const index = Number(part);
    const old: unknown = value[index];
    const made = changeAt(old, rest, change);
    if (made === old) return value;
    return value.map((item, at) => (at === index ? made : item)) as T;
  }
  const record = (value ?? {}) as Record<string, unknown>;
  const old = Object.hasOwn(record, part) ? record[part] : undefined;
  const made = changeAt(old, rest, change);
  if (made === old) return value;
  return withField(record, String(part), made) as T;
}

/** Returns `record` with `field` set, or without it where `value` is `undefined`. */
export function withField<T extends object>(record: T, field: string, value: unknown): T {
  const own = record as Record<string, unknown>;
  if (value === undefined) {
    if (!Object.hasOwn(record, field)) return record;
    return Object.fromEntries(Object.entries(own).filter(([name]) => name !== field)) as T;
  }
  if (Object.hasOwn(record, field) && own[field] === value) return record;
  // Built from entries: a field called "__proto__" must stay a field.
  const entries = Object.entries(own).map(([name, old]) => [name, name === field ? value : old]);
  if (!Object.hasOwn(record, field)) entries.push([field, value]);
  return Object.fromEntries(entries) as T;
}
