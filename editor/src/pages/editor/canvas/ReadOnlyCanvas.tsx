/** The graph of a version, with the states of one run; shown, never changed. */
import { ReactFlowProvider } from "@xyflow/react";
import { useEffect, useMemo, useState } from "react";
import type { DefinitionDoc } from "@/definition/document";
import { arrange } from "@/definition/layout/arrange";
import { withoutOverlaps } from "@/definition/layout/withoutOverlaps";
import { createEditorStore, EditorStoreProvider } from "../store";
import { Canvas } from "./Canvas";

interface ReadOnlyCanvasProps {
  definition: DefinitionDoc;
  executionId: string;
  selected: string | null;
  onSelect: (nodeId: string | null) => void;
}

/** The canvas; it fills its parent. */
export function ReadOnlyCanvas(props: ReadOnlyCanvasProps) {
  const { definition, executionId, selected, onSelect } = props;
  const document = useMemo(() => withoutOverlaps(definition, arrange), [definition]);
  const [store] = useState(() => createEditorStore({ document, readOnly: true }));

  useEffect(() => store.setState({ document, saved: document }), [store, document]);
  useEffect(() => store.getState().select(selected === null ? [] : [selected]), [store, selected]);
  useEffect(
    () =>
      store.subscribe(({ selection }, before) => {
        if (selection !== before.selection) onSelect(selection[0] ?? null);
      }),
    [store, onSelect],
  );

  return (
    <EditorStoreProvider store={store}>
      <ReactFlowProvider>
        <Canvas executionId={executionId} onInsert={null} />
      </ReactFlowProvider>
    </EditorStoreProvider>
  );
}

export default ReadOnlyCanvas;
