/** What holds for every command on every document, tried on many of both. */
import { expect, test } from "vitest";
import { addressesOf, type NodeKey } from "../addresses";
import { type DefinitionDoc, edgesOf } from "../document";
import { CommandError, type Edit } from "../edit";
import { fragmentFromText, fragmentOf, fragmentToText } from "../fragment";
import { readDocument } from "../readDocument";
import { frozen, oneOf, type Random, randomDocument, seeded } from "../testing/randomDocument";
import { addCase, moveCase, removeCase, setCase } from "./cases";
import { leadsTo } from "./change";
import { connect, disconnect, possibleTargets, whyNotConnect } from "./connecting";
import { deleteNodes } from "./deleting";
import { setNodeField } from "./fields";
import { insertNode } from "./inserting";
import { moveNodes, reorderNode } from "./moving";
import { duplicateNodes, pasteFragment } from "./pasting";
import { renameNodeId } from "./renamingIds";
import { unwrapNode, wrapNodes } from "./wrapping";

type Command = (document: DefinitionDoc, random: Random, keys: readonly NodeKey[]) => Edit;

const some = (random: Random, keys: readonly NodeKey[]) => keys.filter(() => random() < 0.4);
const COMMANDS: Record<string, Command> = {
  insert: (doc, random, keys) =>
    insertNode(doc, {
      node: { id: "new", type: "tool", tool: "log" },
      ...oneOf(random, [
        { after: oneOf(random, keys) },
        { before: oneOf(random, keys) },
        { beside: oneOf(random, keys) },
        { scope: oneOf(random, [...addressesOf(doc).scopes.keys()]) },
      ]),
    }),
  delete: (doc, random, keys) => deleteNodes(doc, some(random, keys)),
  connect: (doc, random, keys) => connect(doc, oneOf(random, keys), oneOf(random, keys)),
  disconnect: (doc, random, keys) => disconnect(doc, oneOf(random, keys), oneOf(random, keys)),
  rename: (doc, random, keys) => renameNodeId(doc, oneOf(random, keys), `r${random()}`.slice(0, 9)),
  move: (doc, random, keys) =>
    moveNodes(doc, some(random, keys), oneOf(random, [...addressesOf(doc).scopes.keys()])),
  reorder: (doc, random, keys) => reorderNode(doc, oneOf(random, keys), oneOf(random, [-1, 1])),
  duplicate: (doc, random, keys) => duplicateNodes(doc, some(random, keys)),
  paste: (doc, random, keys) =>
    pasteFragment(doc, fragmentFromText(fragmentToText(fragmentOf(doc, some(random, keys)))), {
      scope: oneOf(random, [...addressesOf(doc).scopes.keys()]),
    }),
  wrap: (doc, random, keys) =>
    wrapNodes(doc, some(random, keys), oneOf(random, ["branch", "loop", "foreach"])),
  unwrap: (doc, random, keys) => unwrapNode(doc, oneOf(random, keys)),
  addCase: (doc, random, keys) => addCase(doc, oneOf(random, keys)),
  removeCase: (doc, random, keys) => removeCase(doc, oneOf(random, keys), 0),
  moveCase: (doc, random, keys) => moveCase(doc, oneOf(random, keys), 0, 1),
  renameCase: (doc, random, keys) => setCase(doc, oneOf(random, keys), 0, { id: "renamed" }),
  field: (doc, random, keys) => setNodeField(doc, oneOf(random, keys), "timeout", random()),
};

/** Returns what is wrong with a document that a command made. */
function faults(document: DefinitionDoc): string[] {
  const found: string[] = [];
  const read = readDocument(document);
  if (!read.document) return [read.problem];
  const { nodes, scopes } = addressesOf(document);
  for (const key of nodes.keys())
    if (key.includes("~")) found.push(`the id of ${key} is there twice`);
  for (const [name, { scope, nodes: own }] of scopes) {
    const edges = edgesOf(scope);
    for (const [from, to] of edges) {
      if (!own.includes(from) || !own.includes(to))
        found.push(`edge ${from} ${to} leaves "${name}"`);
      if (leadsTo(edges, to, from)) found.push(`a circle through ${from} and ${to}`);
    }
    if (new Set(edges.map(String)).size < edges.length) found.push(`an edge of "${name}" twice`);
  }
  const placed = Object.keys(document.ui?.positions ?? {});
  for (const id of placed) if (!nodes.has(id)) found.push(`a place of ${id}, which is gone`);
  return found;
}

test("commands in any order leave a document whole, and never write into what they are given", () => {
  for (let seed = 1; seed <= 150; seed += 1) {
    const random = seeded(seed);
    let document = frozen(randomDocument(random));
    const done: string[] = [];
    for (let step = 0; step < 12; step += 1) {
      const keys = [...addressesOf(document).nodes.keys()];
      if (keys.length === 0 || keys.length > 120) break;
      const name = oneOf(random, Object.keys(COMMANDS));
      done.push(name);
      try {
        document = frozen(COMMANDS[name]?.(document, random, keys).document ?? document);
      } catch (error) {
        if (!(error instanceof CommandError)) throw new Error(`seed ${seed}, ${done}: ${error}`);
      }
      expect(faults(document), `seed ${seed}, ${done}`).toEqual([]);
    }
  }
});

test("an id that is changed and changed back leaves no trace", () => {
  for (let seed = 1; seed <= 150; seed += 1) {
    const random = seeded(seed);
    const document = frozen(randomDocument(random));
    const key = oneOf(random, [...addressesOf(document).nodes.keys()]);
    const there = renameNodeId(document, key, "elsewhere").document;

    expect(JSON.stringify(there)).not.toMatch(new RegExp(`steps\\.${key}\\.`));
    expect(renameNodeId(there, "elsewhere", key).document, `seed ${seed}`).toEqual(document);
  }
});

test("what is pasted into an empty workflow is what was copied", () => {
  for (let seed = 1; seed <= 80; seed += 1) {
    const random = seeded(seed);
    const document = randomDocument(random);
    const root = [...(addressesOf(document).scopes.get("")?.nodes ?? [])];
    const text = fragmentToText(fragmentOf(document, root));
    const made = pasteFragment({ name: "empty" }, fragmentFromText(text)).document;

    expect(made.nodes).toEqual(document.nodes);
    expect(made.edges ?? []).toEqual(document.edges ?? []);
  }
});

test("a wrapped step that is unwrapped again reads and is read as before", () => {
  for (let seed = 1; seed <= 80; seed += 1) {
    const random = seeded(seed);
    const document = randomDocument(random);
    const key = oneOf(random, [...(addressesOf(document).scopes.get("")?.nodes ?? [])]);
    const wrapped = wrapNodes(document, [key], "foreach");
    const holder = addressesOf(wrapped.document).scopes.get(
      addressesOf(wrapped.document).nodes.get(key)?.scope ?? "",
    )?.holder;
    const made = unwrapNode(wrapped.document, holder ?? "").document;

    const shape = (doc: DefinitionDoc) => ({
      nodes: new Set(doc.nodes?.map((node) => JSON.stringify(node))),
      edges: new Set(doc.edges?.map(String)),
    });
    expect(shape(made), `seed ${seed}`).toEqual(shape(document));
  }
});

test("exactly those targets are offered that an edge may go to", () => {
  for (let seed = 1; seed <= 80; seed += 1) {
    const random = seeded(seed);
    const document = randomDocument(random);
    for (const { key, scope } of addressesOf(document).nodes.values()) {
      const siblings = addressesOf(document).scopes.get(scope)?.nodes ?? [];
      const allowed = siblings.filter((other) => whyNotConnect(document, key, other) === null);

      expect(possibleTargets(document, key), `seed ${seed}, ${key}`).toEqual(allowed);
    }
  }
});
