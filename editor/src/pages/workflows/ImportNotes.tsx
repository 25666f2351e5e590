/** What of a document from elsewhere could not be carried over. */
import { TriangleAlert } from "lucide-react";
import type { Note } from "@/api/samples";

/** The notes; nothing where there are none. */
export function ImportNotes({ notes }: { notes: readonly Note[] }) {
  if (notes.length === 0) return null;
  return (
    <section
      aria-label="Not carried over"
      className="rounded-lg border border-line bg-warning-soft p-3"
    >
      <h4 className="flex items-center gap-1.5 font-medium text-sm text-warning">
        <TriangleAlert aria-hidden className="size-4" />
        {notes.length === 1 ? "One thing to know" : `${notes.length} things to know`}
      </h4>
      <ul className="mt-1 flex list-disc flex-col gap-1 pl-5 text-sm">
        {notes.map((note) => (
          <li key={`${note.code} ${note.path} ${note.message}`}>
            {note.message}
            {note.path && <code className="ml-1 break-all text-muted text-xs">{note.path}</code>}
          </li>
        ))}
      </ul>
    </section>
  );
}
