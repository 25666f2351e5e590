/**
 * Making a workflow of its own of some steps, with one step in their place that runs it.  What the
 * steps read from outside becomes the new workflow's input.  Refuses, with what to do instead,
 * wherever the steps would receive or hand on something else than before.
 */
import { isObject } from "@/contracts/json";
import { addressesOf, type Entry, type NodeKey } from "../addresses";
import {
  type DefinitionDoc,
  type EdgeDoc,
  edgesOf,
  type NodeDoc,
  nodesOf,
  positionsOf,
  titleOf,
} from "../document";
import { CommandError, type Edit } from "../edit";
import { idsIn } from "../everyNode";
import { freeId } from "../ids";
import type { Way } from "../rerooting";
import { readings } from "../sources";
import {
  changeScope,
  entryOf,
  leadsTo,
  scopeEntryOf,
  withEdges,
  withNodes,
  withPositions,
} from "./change";
import { outermost } from "./deleting";
import { changeSources, type Read, readsOf, takesWhole } from "./handedOver";

export interface Extraction {
  /** The new workflow, to be created first. */
  child: DefinitionDoc;
  /** Puts a step that runs it in the place of the steps. */
  replace: (workflowId: string) => Edit;
}

/** Returns the workflow that nodes of one graph make, and the edit that puts it in their place. */
export function extractNodes(
  document: DefinitionDoc,
  keys: readonly NodeKey[],
  name: string,
): Extraction {
  const chosen = outermost(document, keys).map((key) => entryOf(document, key));
  const [first] = chosen;
  if (!first) throw refused("Select the steps to take out first.");
  if (chosen.some((entry) => entry.scope !== first.scope))
    throw refused("Select steps of one body.");
  const scope = scopeEntryOf(document, first.scope).scope;
  const own = new Set(chosen.map((entry) => entry.node));
  const ids = new Set(chosen.map((entry) => entry.node.id));
  const edges = edgesOf(scope);
  const merged = edges.map(([a, b]) => [ids.has(a) ? "" : a, ids.has(b) ? "" : b] as EdgeDoc);
  if (merged.some(([a, b]) => a !== b && a === "" && leadsTo(merged.filter(isNoLoop), b, ""))) {
    throw refused("A step outside stands between the selected ones. Select it too.");
  }
  const exit = exitOf(document, chosen, ids);
  const outer = edges.map(
    ([a, b]): EdgeDoc => [ids.has(a) ? exit.id : a, ids.has(b) ? exit.id : b],
  );
  const left = outer.filter(([a, b]) => a !== b);
  const inner = edges.filter(([a, b]) => ids.has(a) && ids.has(b));
  const nodes = nodesOf(scope).filter((node) => own.has(node));
  const entries = entriesOf(nodes, edges, ids);
  const needed = neededBy(nodes, entries);
  const fields = fieldsFor(needed);
  if (fields.size > 0) {
    const whole = nodes.find((node) => entries.has(node) && takesWhole(node));
    if (whole) {
      throw refused(
        `${titleOf(whole)} takes what is handed over as a whole. Give it an input of its own, or select the step before it too.`,
      );
    }
  }
  const ways = [...fields].map(([key, field]): [Way, Way] => [wayOf(key), ["inputs", field]]);
  const child: DefinitionDoc = {
    schema_version: 1,
    name,
    ...inputsOf(document, fields),
    ...headerOf(document, needed),
    output: { from: `steps${written(exit.id)}` },
    nodes: nodes.map((node) => changeSources(node, ways, entries.has(node))),
    edges: inner,
    ui: { positions: placesIn(document, nodes) },
  };
  const input = Object.fromEntries(
    [...fields].map(([key, field]) => [field, { from: pathOf(wayOf(key)) }]),
  );
  return {
    child,
    replace(workflowId) {
      const runner: NodeDoc = {
        id: exit.id,
        type: "workflow",
        name,
        workflow: workflowId,
        ...(fields.size > 0 ? { input } : {}),
      };
      const at = nodesOf(scope).indexOf(exit);
      const made = changeScope(document, first.scope, (old) => {
        const list = nodesOf(old).flatMap((node, index) =>
          index === at ? [runner] : own.has(node) ? [] : [node],
        );
        return withEdges(withNodes(old, list), left);
      });
      const gone = idsIn({ nodes }).filter((id) => id !== exit.id);
      return {
        document: withPositions(made, new Map(gone.map((id) => [id, null]))),
        label: `take ${ids.size} step${ids.size === 1 ? "" : "s"} out as a workflow`,
        select: [exit.id],
      };
    },
  };
}

/** The step whose output is the piece's: the runner is called as it was, so all that reads it, or
 * is handed it, goes on as before. */
function exitOf(
  document: DefinitionDoc,
  chosen: readonly Entry[],
  ids: ReadonlySet<string>,
): NodeDoc {
  const { nodes, scopes } = addressesOf(document);
  const scope = scopes.get(chosen[0]?.scope ?? "")?.scope ?? {};
  const edges = edgesOf(scope);
  const inside = new Set(idsIn({ nodes: chosen.map((entry) => entry.node) }));
  const needed = new Set(edges.filter(([a, b]) => ids.has(a) && !ids.has(b)).map(([a]) => a));
  for (const id of readOutside(document, inside)) needed.add(id);
  const leads = new Set(edges.map(([from]) => from));
  const last = [...ids].filter((id) => !leads.has(id));
  // What nothing follows is put out by a graph that says nothing else.
  if (scope.output == null) for (const id of last) needed.add(id);
  const end = last.at(-1);
  if (needed.size === 0 && end !== undefined) needed.add(end);
  const [only, other] = [...needed];
  if (other !== undefined) {
    throw refused(
      `Steps outside take over from ${[...needed].join(" and ")}. Select steps of which one hands on.`,
    );
  }
  const node = only === undefined || !ids.has(only) ? undefined : nodes.get(only)?.node;
  if (!node) throw refused(`${only} is read from outside, from within another step. Select less.`);
  return node;
}

function isNoLoop([from, to]: EdgeDoc): boolean {
  return from !== to;
}

function readOutside(document: DefinitionDoc, inside: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  for (const { key, source } of readings(document)) {
    if (key !== null && inside.has(key)) continue;
    for (const read of readsOf(source)) {
      if (read.root === "steps" && read.part !== null && inside.has(read.part))
        found.add(read.part);
    }
  }
  return found;
}

/** The steps that receive what is handed over to the piece. */
function entriesOf(
  nodes: readonly NodeDoc[],
  edges: readonly EdgeDoc[],
  ids: ReadonlySet<string>,
): Set<NodeDoc> {
  const entries = new Set<NodeDoc>();
  let handed: string | null = null;
  for (const node of nodes) {
    const before = edges.filter(([, to]) => to === node.id).map(([from]) => from);
    const outside = before.filter((id) => !ids.has(id));
    if (outside.length > 0 && outside.length < before.length) {
      throw refused(
        `${titleOf(node)} waits for steps inside and outside. Select those before it too.`,
      );
    }
    if (outside.length < before.length) continue;
    entries.add(node);
    const hand = outside.sort().join(" ");
    if (handed !== null && handed !== hand) {
      throw refused("The selected steps begin after different steps. Select steps of one way.");
    }
    if (before.length > 0 && ((node.join ?? "all") !== "all" || node.collect === true)) {
      throw refused(
        `${titleOf(node)} says how it takes over from the steps before it. Leave it outside.`,
      );
    }
    handed = hand;
  }
  return entries;
}

/** Everything outside that is read inside, by `root` and part. */
function neededBy(nodes: readonly NodeDoc[], entries: ReadonlySet<NodeDoc>): Map<string, Read> {
  const inside = new Set(idsIn({ nodes }));
  const needed = new Map<string, Read>();
  for (const node of nodes) {
    changeSources(node, [], entries.has(node), (source, shadowed, isHanded) => {
      for (const read of readsOf(source)) {
        const { root, part } = read;
        if (shadowed.has(root) || (root === "steps" && part !== null && inside.has(part))) continue;
        if (root === "input" && !isHanded) continue;
        if ((root === "inputs" || root === "steps") && part === null) {
          throw refused(
            `${titleOf(node)} reads all of ${root} at once. Let it read single fields.`,
          );
        }
        const whole =
          root === "input" || root === "item" || root === "index" || root === "iteration";
        needed.set(JSON.stringify(whole ? [root] : [root, part]), read);
      }
    });
  }
  return needed;
}

/** The new workflow's input fields, by the way that was read; nothing where all comes by itself. */
function fieldsFor(needed: ReadonlyMap<string, Read>): Map<string, string> {
  const fields = new Map<string, string>();
  const taken = new Set<string>();
  const asked = [...needed].filter(([, { root }]) => !COMES_ALONG.has(root));
  if (asked.every(([, { root }]) => root === "input")) return fields;
  // Inputs keep their names; others give way.
  const inOrder = asked.sort(
    ([, a], [, b]) => Number(b.root === "inputs") - Number(a.root === "inputs"),
  );
  for (const [key, { root, part }] of inOrder) {
    const whole = root === "input" || part === null || wayOf(key).length === 1;
    const field = freeId(taken, whole ? root : (part ?? root));
    taken.add(field);
    fields.set(key, field);
  }
  return fields;
}

/** What a nested execution has from the one around it, or gets a copy of here. */
const COMES_ALONG: ReadonlySet<string> = new Set(["configs", "state", "context", "trigger"]);

function inputsOf(document: DefinitionDoc, fields: ReadonlyMap<string, string>) {
  if (fields.size === 0) return {};
  const declared = isObject(document.inputs) ? document.inputs.properties : undefined;
  const properties = [...fields].map(([key, field]) => {
    const [root, part] = wayOf(key);
    const known = root === "inputs" && part && isObject(declared) ? declared[part] : undefined;
    return [field, known ?? {}];
  });
  return { inputs: { type: "object", properties: Object.fromEntries(properties) } };
}

function headerOf(document: DefinitionDoc, needed: ReadonlyMap<string, Read>) {
  const made: Record<string, unknown> = {};
  const roots = new Set([...needed.values()].map(({ root }) => root));
  for (const field of ["configs", "state", "context"]) {
    if (roots.has(field) && document[field] !== undefined) made[field] = document[field];
  }
  if (document.retry != null) made.retry = document.retry;
  return made;
}

function placesIn(document: DefinitionDoc, nodes: readonly NodeDoc[]) {
  const inside = new Set(idsIn({ nodes }));
  return Object.fromEntries(Object.entries(positionsOf(document)).filter(([id]) => inside.has(id)));
}

function wayOf(key: string): Way {
  return JSON.parse(key) as [string, ...string[]];
}

function pathOf([root, ...parts]: Way): string {
  return root + parts.map(written).join("");
}

function written(part: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
}

function refused(message: string): CommandError {
  return new CommandError("extract.refused", message);
}
