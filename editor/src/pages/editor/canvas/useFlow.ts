/** The nodes and edges on the canvas, kept in step with document and selection, and dragging. */
import type { EdgeChange, NodeChange } from "@xyflow/react";
import { useCallback, useMemo, useRef, useState } from "react";
import type { NodeKey } from "@/definition/addresses";
import { disconnect } from "@/definition/commands/connecting";
import type { Position } from "@/definition/document";
import { useDocument, useEditor, useEditorStore } from "../store";
import { dropNodes, dropTarget } from "./dragging";
import { type FlowEdge, type FlowNode, flowEdges, flowNodes } from "./flow";
import { documentLayout } from "./layoutOfDocument";

const STILL: ReadonlyMap<NodeKey, Position> = new Map();

/** Returns what the canvas draws, and what it tells of changes to. */
export function useFlow() {
  const store = useEditorStore();
  const document = useDocument();
  const selection = useEditor((state) => state.selection);
  const [dragged, setDragged] = useState(STILL);
  const [edge, setEdge] = useState<string | null>(null);
  const drawn = useRef<ReadonlyMap<NodeKey, FlowNode>>(new Map());
  const joined = useRef<ReadonlyMap<string, FlowEdge>>(new Map());
  const shown = useRef<ReadonlyMap<NodeKey, FlowNode>>(new Map());

  const nodes = useMemo(() => {
    const made = flowNodes(document, documentLayout(document), drawn.current);
    drawn.current = new Map(made.map((node) => [node.id, node]));
    return made;
  }, [document]);

  const chosen = useMemo(() => new Set(selection), [selection]);
  const placed = useMemo(() => {
    const made = nodes.map((node) => {
      const position = dragged.get(node.id) ?? node.position;
      const selected = chosen.has(node.id);
      if (position === node.position && !selected) return node;
      const old = shown.current.get(node.id);
      const same =
        old?.selected === selected &&
        old.position.x === position.x &&
        old.position.y === position.y &&
        old.width === node.width &&
        old.height === node.height &&
        old.parentId === node.parentId;
      return same ? old : { ...node, position, selected };
    });
    shown.current = new Map(made.map((node) => [node.id, node]));
    return made;
  }, [nodes, dragged, chosen]);

  const edges = useMemo(() => {
    const made = flowEdges(document, documentLayout(document).routes, joined.current);
    joined.current = new Map(made.map((one) => [one.id, one]));
    return edge === null
      ? made
      : made.map((one) => (one.id === edge ? { ...one, selected: true } : one));
  }, [document, edge]);

  // Arrow keys move without a drag, so places are taken over here and not at a drag's end.
  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      const state = store.getState();
      const moves = new Map<NodeKey, Position>();
      let dragging = false;
      const selected = new Set(state.selection);
      for (const change of changes) {
        if (change.type === "position" && change.position) {
          moves.set(change.id, change.position);
          dragging ||= change.dragging ?? false;
        } else if (change.type === "position" && change.dragging === false) {
          const at = shown.current.get(change.id)?.position;
          if (at) moves.set(change.id, at);
        } else if (change.type === "select") {
          if (change.selected) selected.add(change.id);
          else selected.delete(change.id);
        }
      }
      state.select([...selected]);
      if (selected.size > 0) setEdge(null);
      if (moves.size === 0 || state.readOnly) return;
      if (dragging) {
        const target = dropTarget(state.document, documentLayout(state.document), moves);
        if (target !== state.dropTarget) store.setState({ dropTarget: target });
        return setDragged((before) => new Map([...before, ...moves]));
      }
      store.setState({ dropTarget: null });
      const really = [...moves].filter(([key, at]) => {
        const old = drawn.current.get(key)?.position;
        return !old || Math.abs(old.x - at.x) > 0.5 || Math.abs(old.y - at.y) > 0.5;
      });
      setDragged(STILL);
      if (really.length > 0)
        state.run((now) => dropNodes(now, documentLayout(now), new Map(really)), { burst: "move" });
    },
    [store],
  );

  const onEdgesChange = useCallback((changes: EdgeChange<FlowEdge>[]) => {
    for (const change of changes) {
      if (change.type === "select") setEdge(change.selected ? change.id : null);
    }
  }, []);

  /** Takes the selected edge away; returns whether there was one. */
  const removeEdge = useCallback(() => {
    const found = edge === null ? undefined : joined.current.get(edge);
    if (!found) return false;
    setEdge(null);
    store.getState().run((now) => disconnect(now, found.source, found.target));
    return true;
  }, [store, edge]);

  return { nodes: placed, edges, onNodesChange, onEdgesChange, removeEdge, selectedEdge: edge };
}
