/** An edge with a plus in its middle.  Drawn in the graph's own SVG: a thousand cost little. */
import { BaseEdge, type EdgeProps, getSmoothStepPath } from "@xyflow/react";
import { memo } from "react";
import { pathThrough } from "@/definition/layout/routes";
import type { FlowEdge } from "./flow";
import { useCanvas } from "./RunContext";

const RADIUS = 9;
const HANDLE = 6;
const BEND = 10;
/** An end that is farther from where its route expects it was moved since: it is being dragged. */
const MOVED = 3;

/** The edge. */
export const InsertableEdge = memo(function InsertableEdge(props: EdgeProps<FlowEdge>) {
  const { onInsert } = useCanvas();
  const { path, x, y } = drawn(props);
  return (
    <>
      <BaseEdge
        id={props.id}
        path={path}
        interactionWidth={24}
        {...(props.markerEnd ? { markerEnd: props.markerEnd } : {})}
      />
      {onInsert && (
        // A pointer's shortcut: by keyboard, Enter on the edge itself does the same.
        // biome-ignore lint/a11y/noStaticElementInteractions: see above
        <g
          className="insert-on-edge cursor-pointer"
          transform={`translate(${x} ${y})`}
          onClick={(event) => {
            event.stopPropagation();
            onInsert({ on: [props.source, props.target] });
          }}
        >
          <circle r={RADIUS} className="fill-surface stroke-line-strong" />
          <path d="M-4 0H4M0 -4V4" className="stroke-muted" strokeWidth={1.6} />
        </g>
      )}
    </>
  );
});

function drawn(props: EdgeProps<FlowEdge>): { path: string; x: number; y: number } {
  const { sourceX, sourceY, targetX, targetY } = props;
  const route = props.data?.route;
  const still =
    route &&
    Math.abs(targetX - sourceX - route.end.x) < MOVED &&
    // The dots at which edges end stand out of the boxes a little.
    Math.abs(targetY - sourceY - route.end.y) < MOVED + 2 * HANDLE;
  if (!still) {
    const [path, x, y] = getSmoothStepPath({ ...props, borderRadius: BEND });
    return { path, x, y };
  }
  const corners = route.corners.map(({ x, y }) => ({ x: x + sourceX, y: y + sourceY }));
  const points = [{ x: sourceX, y: sourceY }, ...corners, { x: targetX, y: targetY }];
  const last = points.at(-2);
  // The last turn is measured from the source, the target's dot from the target.
  if (last) last.x = targetX;
  const { path, middle } = pathThrough(points, BEND);
  return { path, x: middle.x, y: middle.y };
}
