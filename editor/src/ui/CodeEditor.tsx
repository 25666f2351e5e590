/** A text editor for JSON, Python and expressions, loaded when it is first needed. */
import { lazy, Suspense } from "react";
import type { CodeMirrorProps } from "./CodeMirror";
import { Skeleton } from "./placeholders";

const CodeMirror = lazy(() => import("./CodeMirror"));

/** The editor, with grey lines until it is there. */
export function CodeEditor(props: CodeMirrorProps) {
  return (
    <Suspense fallback={<Skeleton lines={4} />}>
      <CodeMirror {...props} />
    </Suspense>
  );
}
