/** The graph to draw on: steps, containers, edges; moving, connecting, choosing. */
import "@xyflow/react/dist/base.css";
import "./canvas.css";
import {
  Background,
  type Connection,
  Controls,
  MarkerType,
  MiniMap,
  ReactFlow,
  useReactFlow,
} from "@xyflow/react";
import { Plus } from "lucide-react";
import { type DragEvent, type KeyboardEvent, useCallback, useEffect, useMemo, useRef } from "react";
import { connect, whyNotConnect } from "@/definition/commands/connecting";
import type { NodeDoc } from "@/definition/document";
import { Button } from "@/ui/Button";
import { useEditor, useEditorStore, useReadOnly } from "../store";
import { ContainerNode } from "./ContainerNode";
import { NODE_MIME } from "./dragged";
import { originOf, scopeAt } from "./dragging";
import type { FlowEdge, FlowNode } from "./flow";
import { InsertableEdge } from "./InsertableEdge";
import { documentLayout } from "./layoutOfDocument";
import { CanvasContext, type InsertPlace } from "./RunContext";
import { StepNode } from "./StepNode";
import { useFlow } from "./useFlow";

/** From so many nodes on only those in view are kept on the page. */
const MANY = 200;
/** Fewer steps are seen at once, and a map would lie on top of them. */
const WORTH_A_MAP = 20;
const NODE_TYPES = { step: StepNode, container: ContainerNode };
const EDGE_TYPES = { insertable: InsertableEdge };
const EDGE_DEFAULTS = { markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 } };
const MAP_SIZE = { width: 132, height: 92 };
const REFIT_MS = 150;
const FIT = { maxZoom: 1, padding: 0.15 };

interface CanvasProps {
  executionId: string | null;
  onInsert: ((where: InsertPlace) => void) | null;
  /** Puts a node that was dragged from the palette into a graph, at a place relative to it. */
  onDropNode?: (node: NodeDoc, scope: string, at: { x: number; y: number }) => void;
  /** Opens the inspector, as Enter and a double click do. */
  onOpen?: () => void;
}

/** The canvas; it fills its parent. */
export function Canvas({ executionId, onInsert, onDropNode, onOpen }: CanvasProps) {
  const store = useEditorStore();
  const readOnly = useReadOnly();
  const count = useEditor((state) => state.document.nodes?.length ?? 0);
  const flow = useFlow();
  const { screenToFlowPosition, fitView } = useReactFlow();
  // The run's panel takes room: what one watches is to stay in view.
  const watching = executionId !== null;
  const watched = useRef(watching);
  useEffect(() => {
    if (watched.current === watching) return;
    watched.current = watching;
    const timer = setTimeout(() => void fitView(FIT), REFIT_MS);
    return () => clearTimeout(timer);
  }, [watching, fitView]);
  const insert = readOnly ? null : onInsert;
  const context = useMemo(() => ({ executionId, onInsert: insert }), [executionId, insert]);

  const onConnect = useCallback(
    ({ source, target }: Connection) =>
      store.getState().run((document) => connect(document, source, target)),
    [store],
  );
  const isValid = useCallback(
    ({ source, target }: Connection | FlowEdge) =>
      whyNotConnect(store.getState().document, source, target) === null,
    [store],
  );
  const onDrop = (event: DragEvent) => {
    const text = event.dataTransfer.getData(NODE_MIME);
    if (!text || !onDropNode || readOnly) return;
    event.preventDefault();
    const { document } = store.getState();
    const point = screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const layout = documentLayout(document);
    const scope = scopeAt(document, layout, point);
    const origin = originOf(document, layout, scope);
    onDropNode(JSON.parse(text) as NodeDoc, scope, {
      x: point.x - origin.x,
      y: point.y - origin.y,
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (readOnly) return;
    if ((event.key === "Delete" || event.key === "Backspace") && flow.removeEdge()) {
      event.preventDefault();
      event.stopPropagation();
    }
    const edge = flow.edges.find((one) => one.id === flow.selectedEdge);
    if (event.key === "Enter" && edge && onInsert) onInsert({ on: [edge.source, edge.target] });
  };

  return (
    <CanvasContext value={context}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the canvas inside takes the focus */}
      <div className="relative h-full w-full" onKeyDown={onKeyDown}>
        {count === 0 && insert && (
          <div className="pointer-events-none absolute inset-0 z-10 flex items-center justify-center">
            <Button
              icon={Plus}
              className="pointer-events-auto border-dashed"
              onClick={() => insert({ scope: "" })}
            >
              Draw the first step
            </Button>
          </div>
        )}
        <ReactFlow<FlowNode, FlowEdge>
          nodes={flow.nodes}
          edges={flow.edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          defaultEdgeOptions={EDGE_DEFAULTS}
          onNodesChange={flow.onNodesChange}
          onEdgesChange={flow.onEdgesChange}
          onConnect={onConnect}
          isValidConnection={isValid}
          onDrop={onDrop}
          onDragOver={(event) => event.preventDefault()}
          {...(onOpen ? { onNodeDoubleClick: onOpen } : {})}
          nodesDraggable={!readOnly}
          nodesConnectable={!readOnly}
          edgesFocusable
          elevateNodesOnSelect={false}
          deleteKeyCode={null}
          selectionKeyCode="Shift"
          multiSelectionKeyCode={["Shift", "Meta", "Control"]}
          zoomOnDoubleClick={false}
          fitView
          fitViewOptions={FIT}
          minZoom={0.05}
          maxZoom={2}
          onlyRenderVisibleElements={flow.nodes.length > MANY || count > MANY}
          proOptions={{ hideAttribution: true }}
          ariaLabelConfig={{ "node.a11yDescription.default": DESCRIPTION }}
        >
          <Background gap={20} />
          <Controls showInteractive={false} fitViewOptions={FIT} />
          {flow.nodes.length >= WORTH_A_MAP && (
            <MiniMap pannable zoomable ariaLabel="Map of the workflow" style={MAP_SIZE} />
          )}
        </ReactFlow>
      </div>
    </CanvasContext>
  );
}

const DESCRIPTION =
  "Press Enter or Space to select, then the arrow keys to move it, Delete to delete it, / to add a step after it.";
