/** The cases of a branch: adding, removing, ordering, renaming.  A branch keeps one at least. */
import { type NodeKey, neighbours } from "../addresses";
import { type CaseDoc, casesOf, type DefinitionDoc, type NodeDoc, titleOf } from "../document";
import { CommandError, type Edit } from "../edit";
import { idsIn } from "../everyNode";
import { freeId, isValidId } from "../ids";
import { changeNode, entryOf, withPositions } from "./change";
import { renameInReceived, renameRead } from "./renamingIds";

/** Adds a case behind the others, before an "otherwise" that always holds. */
export function addCase(document: DefinitionDoc, key: NodeKey, given?: Partial<CaseDoc>): Edit {
  const { node } = branchAt(document, key);
  const cases = casesOf(node);
  const taken = new Set(cases.map((one) => one.id));
  const wanted = given?.id && isValidId(given.id) ? given.id : "case";
  const made: CaseDoc = {
    when: "true",
    body: { nodes: [], edges: [] },
    ...given,
    id: freeId(taken, wanted),
  };
  const last = cases.at(-1);
  const always = node.mode === "first" && last?.when === "true";
  const list = always ? [...cases.slice(0, -1), made, last] : [...cases, made];
  return withCases(document, key, list, `add a case to ${titleOf(node)}`);
}

/** Removes a case with all that stands in it. */
export function removeCase(document: DefinitionDoc, key: NodeKey, index: number): Edit {
  const { node } = branchAt(document, key);
  const cases = casesOf(node);
  const gone = cases[index];
  if (!gone) throw new CommandError("case.unknown", "That case is gone.");
  if (cases.length === 1) {
    throw new CommandError("case.last", "A branch has one case at least. Delete the branch.");
  }
  const left = cases.filter((_, at) => at !== index);
  const edit = withCases(document, key, left, `remove the case ${gone.id}`);
  const places = new Map(idsIn(gone.body ?? {}).map((id) => [id, null]));
  return { ...edit, document: withPositions(edit.document, places) };
}

/** Moves a case to another place; where the first that holds wins, order decides. */
export function moveCase(document: DefinitionDoc, key: NodeKey, from: number, to: number): Edit {
  const { node } = branchAt(document, key);
  const list = [...casesOf(node)];
  const [moved] = list.splice(from, 1);
  if (!moved) throw new CommandError("case.unknown", "That case is gone.");
  list.splice(Math.max(0, Math.min(to, list.length)), 0, moved);
  return withCases(document, key, list, `move the case ${moved.id}`);
}

/** Changes a case; a new id is followed by all that reads the case's output. */
export function setCase(
  document: DefinitionDoc,
  key: NodeKey,
  index: number,
  patch: Partial<CaseDoc>,
): Edit {
  const { node } = branchAt(document, key);
  const cases = casesOf(node);
  const old = cases[index];
  if (!old) throw new CommandError("case.unknown", "That case is gone.");
  const id = patch.id ?? old.id;
  if (id !== old.id) {
    if (!isValidId(id))
      throw new CommandError("id.refused", "An id has letters, digits and _ - . :");
    if (cases.some((one) => one.id === id)) {
      throw new CommandError("id.refused", `Another case is called ${id} already.`);
    }
  }
  const list = cases.map((one, at) => (at === index ? { ...one, ...patch } : one));
  const edit = withCases(document, key, list, `change the case ${old.id}`);
  if (id === old.id) return edit;
  return { ...edit, document: renameCaseRead(edit.document, key, old.id, id) };
}

/** A branch puts out an object keyed by the ids of its cases. */
function renameCaseRead(
  document: DefinitionDoc,
  key: NodeKey,
  old: string,
  id: string,
): DefinitionDoc {
  const branch = entryOf(document, key).node.id;
  let made = renameRead(document, { path: ["steps", branch, old], to: id });
  for (const after of neighbours(made, key).after) {
    const node = entryOf(made, after).node;
    const keyed = node.collect === true || neighbours(made, after).before.length > 1;
    const path: [string, ...string[]] = keyed ? ["input", branch, old] : ["input", old];
    made = changeNode(made, after, (one) => renameInReceived(one, { path, to: id }));
  }
  return made;
}

function branchAt(document: DefinitionDoc, key: NodeKey) {
  const entry = entryOf(document, key);
  if (entry.node.type !== "branch") {
    throw new CommandError("case.no_branch", `${titleOf(entry.node)} is no branch.`);
  }
  return entry;
}

function withCases(
  document: DefinitionDoc,
  key: NodeKey,
  cases: readonly CaseDoc[],
  label: string,
): Edit {
  const made = changeNode(document, key, (node): NodeDoc => ({ ...node, cases }));
  return { document: made, label };
}
