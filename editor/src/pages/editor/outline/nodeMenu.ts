/** What can be done to a node through a menu: everything that a pointer does on the canvas. */
import {
  Copy,
  CopyPlus,
  Group,
  MoveUp,
  Plus,
  Scissors,
  Spline,
  Trash2,
  Ungroup,
} from "lucide-react";
import { addressesOf, type NodeKey, neighbours, nodeAt, scopesIn } from "@/definition/addresses";
import { connect, disconnect, possibleTargets } from "@/definition/commands/connecting";
import { deleteNodes } from "@/definition/commands/deleting";
import { moveNodes, reorderNode, whyNotMove } from "@/definition/commands/moving";
import { duplicateNodes } from "@/definition/commands/pasting";
import { unwrapNode, type Wrapper, wrapNodes } from "@/definition/commands/wrapping";
import { type DefinitionDoc, titleOf } from "@/definition/document";
import type { MenuItem } from "@/ui/Menu";
import type { InsertPlace } from "../canvas/RunContext";
import { copySelection } from "../clipboard";
import { scopeTitle } from "../inserting";
import type { EditorStore } from "../store";

const WRAPPERS: readonly { type: Wrapper; label: string }[] = [
  { type: "branch", label: "Put into a branch" },
  { type: "foreach", label: "Repeat for each item" },
  { type: "loop", label: "Put into a loop" },
];
const LISTED = 12;

/** Returns the lines of the menu of `key`. */
export function nodeMenu(
  store: EditorStore,
  document: DefinitionDoc,
  key: NodeKey,
  insert: (where: InsertPlace) => void,
): MenuItem[] {
  const { run } = store.getState();
  const title = (other: NodeKey) => {
    const node = nodeAt(document, other);
    return node ? titleOf(node) : other;
  };
  const targets = possibleTargets(document, key).slice(0, LISTED);
  const { after } = neighbours(document, key);
  const bodies = scopesIn(document, key);
  return [
    {
      label: "Add a step after it",
      icon: Plus,
      shortcut: "/",
      onSelect: () => insert({ after: key }),
    },
    { label: "Add a step before it", icon: Plus, onSelect: () => insert({ before: key }) },
    {
      label: "Add a step beside what follows",
      icon: Plus,
      onSelect: () => insert({ beside: key }),
    },
    ...bodies.map((body) => ({
      label: `Add a step into ${scopeTitle(document, body.key)}`,
      icon: Plus,
      onSelect: () => insert({ scope: body.key }),
    })),
    null,
    ...targets.map((target) => ({
      label: `Connect to ${title(target)}`,
      icon: Spline,
      onSelect: () => run((now) => connect(now, key, target)),
    })),
    ...after.map((target) => ({
      label: `Disconnect from ${title(target)}`,
      icon: Spline,
      onSelect: () => run((now) => disconnect(now, key, target)),
    })),
    null,
    {
      label: "Move up in the list",
      icon: MoveUp,
      onSelect: () => run((now) => reorderNode(now, key, -1)),
    },
    ...movesOf(document, key).map(({ scope, label }) => ({
      label,
      icon: MoveUp,
      onSelect: () => run((now) => moveNodes(now, [key], scope)),
    })),
    ...WRAPPERS.map(({ type, label }) => ({
      label,
      icon: Group,
      onSelect: () => run((now) => wrapNodes(now, [key], type)),
    })),
    ...(bodies.length === 1
      ? [{ label: "Take apart", icon: Ungroup, onSelect: () => run((now) => unwrapNode(now, key)) }]
      : []),
    null,
    {
      label: "Copy",
      icon: Copy,
      shortcut: "Mod+C",
      onSelect: () => void copySelection(store, [key]),
    },
    {
      label: "Cut",
      icon: Scissors,
      shortcut: "Mod+X",
      onSelect: () => {
        void copySelection(store, [key]);
        run((now) => deleteNodes(now, [key]));
      },
    },
    {
      label: "Duplicate",
      icon: CopyPlus,
      shortcut: "Mod+D",
      onSelect: () => run((now) => duplicateNodes(now, [key])),
    },
    {
      label: "Delete",
      icon: Trash2,
      shortcut: "Del",
      danger: true,
      onSelect: () => run((now) => deleteNodes(now, [key])),
    },
  ];
}

/** Returns the bodies that a node can move into, and the way out of its own. */
function movesOf(document: DefinitionDoc, key: NodeKey): { scope: string; label: string }[] {
  const { nodes, scopes } = addressesOf(document);
  const own = nodes.get(key)?.scope ?? "";
  const around = scopes.get(own)?.holder;
  const out =
    around == null
      ? []
      : [{ scope: nodes.get(around)?.scope ?? "", label: "Move out of its body" }];
  const siblings = [...scopes.values()].filter(
    ({ key: scope, holder }) =>
      holder !== null &&
      holder !== key &&
      scope !== own &&
      nodes.get(holder)?.scope === own &&
      whyNotMove(document, [key], scope) === null,
  );
  return [
    ...out,
    ...siblings.slice(0, LISTED).map(({ key: scope }) => ({
      scope,
      label: `Move into ${scopeTitle(document, scope)}`,
    })),
  ];
}
