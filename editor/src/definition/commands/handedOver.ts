/**
 * What a step reads of what is outside of it, by place: what is handed over counts in its input,
 * or in its own fields where it has no input; items and rounds count up to the next repetition.
 */
import { isObject } from "@/contracts/json";
import { casesOf, type NodeDoc, nodesOf, type ScopeDoc } from "../document";
import { rerootSource, type Way, waysReadBy } from "../rerooting";
import { changeInput, changeOutput, changeOwn } from "../sources";

export interface Read {
  root: string;
  /** `null` where the whole is read, or a part that is worked out. */
  part: string | null;
}

/** Returns what a source reads. */
export function readsOf(source: unknown): Read[] {
  return waysReadBy(source).flatMap(([root, part]) => (ROOTS.has(root) ? [{ root, part }] : []));
}

const ROOTS = new Set(
  "inputs input steps state context configs trigger item index iteration".split(" "),
);

/** Is told each source, the names that have another value there than outside, and whether `input`
 * is what is handed over to the step as a whole. */
export type SeeSource = (source: unknown, shadowed: ReadonlySet<string>, isHanded: boolean) => void;

const NOTHING: ReadonlySet<string> = new Set();

/** Returns `node` with all that it and its bodies read by the first of two ways read by the second;
 * `input` only where it means what an entry was handed over. */
export function changeSources(
  node: NodeDoc,
  ways: readonly (readonly [Way, Way])[],
  isEntry: boolean,
  see?: SeeSource,
  shadowed: ReadonlySet<string> = NOTHING,
): NodeDoc {
  const change = (around: ReadonlySet<string>, isHanded: boolean) => (source: unknown) => {
    see?.(source, around, isHanded);
    return ways.reduce((made, [from, to]) => {
      const applies = !around.has(from[0]) && (from[0] !== "input" || isHanded);
      return applies ? rerootSource(made, from, to) : made;
    }, source);
  };
  const hasInput = isObject(node.input);
  let made = changeInput(node, change(shadowed, isEntry));
  // A loop's condition looks at what its body put out.
  made = changeOwn(made, change(shadowed, isEntry && !hasInput && node.type !== "loop"));
  const inside = new Set([...shadowed, ...(SHADOWS[node.type] ?? [])]);
  const inBody = <T extends ScopeDoc>(scope: T): T => {
    const nodes = nodesOf(scope).map((one) => changeSources(one, ways, false, see, inside));
    return { ...changeOutput(scope, change(inside, false)), ...(scope.nodes ? { nodes } : {}) };
  };
  if (node.type !== "branch" && isObject(made.body)) made = { ...made, body: inBody(made.body) };
  const cases = casesOf(made);
  if (cases.length === 0) return made;
  return {
    ...made,
    cases: cases.map((one) => (one.body ? { ...one, body: inBody(one.body) } : one)),
  };
}

const SHADOWS: Record<string, readonly string[]> = {
  foreach: ["item", "index"],
  loop: ["iteration"],
};

/** Returns whether a step uses what is handed over to it otherwise than by reading `input`. */
export function takesWhole(node: NodeDoc): boolean {
  if (isObject(node.input)) return false;
  switch (node.type) {
    case "map":
      return node.fields == null;
    case "approval":
      return false;
    case "bail":
      return node.result == null;
    case "foreach":
      return node.items == null;
    default:
      return true;
  }
}
