/** Random documents for tests of laws: nested graphs whose steps read each other's outputs. */
import type { DefinitionDoc, EdgeDoc, NodeDoc, ScopeDoc } from "../document";

export type Random = () => number;

/** Returns numbers from 0 to 1 that are the same for the same seed.  Source: mulberry32. */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Returns one of `items`. */
export function oneOf<T>(random: Random, items: readonly T[]): T {
  const found = items[Math.floor(random() * items.length)];
  if (found === undefined) throw new Error("there is nothing to choose from");
  return found;
}

/** Returns a document of up to three levels, all ids different. */
export function randomDocument(random: Random): DefinitionDoc {
  let count = 0;
  const newId = () => {
    count += 1;
    return `s${count}`;
  };

  const scope = (depth: number, seen: readonly string[]): ScopeDoc => {
    const nodes: NodeDoc[] = [];
    const edges: EdgeDoc[] = [];
    const size = 1 + Math.floor(random() * 4);
    for (let at = 0; at < size; at += 1) {
      const before = [...seen, ...nodes.map((node) => node.id)];
      const id = newId();
      const body = () => scope(depth + 1, before);
      const kind = depth < 3 ? random() : 0;
      if (kind > 0.85) {
        nodes.push({
          id,
          type: "branch",
          mode: "first",
          cases: [
            { id: "yes", when: before[0] ? `steps.${before[0]}.n > 1` : "true", body: body() },
            { id: "no", when: "true", body: { nodes: [], edges: [] } },
          ],
        });
      } else if (kind > 0.7) {
        nodes.push({ id, type: "foreach", items: { value: [1] }, body: body() });
      } else {
        const read = before.length > 0 ? oneOf(random, before) : null;
        nodes.push({
          id,
          type: "tool",
          tool: "log",
          input: {
            message: read ? { from: `steps.${read}.text` } : { value: "x" },
            data: { expression: read ? `{'a': steps.${read}.n, 'b': "steps.other"}` : "{}" },
            note: { template: read ? `{{ steps.${read}.text }} and steps.${read}` : "none" },
          },
        });
      }
      const previous = nodes.slice(0, -1);
      if (previous.length > 0 && random() > 0.2) edges.push([oneOf(random, previous).id, id]);
    }
    return { nodes, edges };
  };
  return { schema_version: 1, name: "random", ...scope(0, []) };
}

/** Makes `value` and all in it unchangeable, so that a command that writes into it throws. */
export function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
}
