/** An edge with a plus in its middle.  Drawn in the graph's own SVG: a thousand cost little. */
import { BaseEdge, type EdgeProps, getSmoothStepPath } from "@xyflow/react";
import { memo } from "react";
import type { FlowEdge } from "./flow";
import { useCanvas } from "./RunContext";

const RADIUS = 9;

/** The edge. */
export const InsertableEdge = memo(function InsertableEdge(props: EdgeProps<FlowEdge>) {
  const { onInsert } = useCanvas();
  const [path, x, y] = getSmoothStepPath({ ...props, borderRadius: 10 });
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
