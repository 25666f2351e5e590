/** What the server says about one place of the document, under the field that writes it. */
import { CircleAlert, TriangleAlert } from "lucide-react";
import type { Place } from "@/definition/pointer";
import { useFieldDiagnostics } from "../store";

/** The problems at `place` and inside it. */
export function FieldProblems({ place }: { place: Place }) {
  const found = useFieldDiagnostics([...place]);
  if (found.length === 0) return null;
  return (
    <ul className="flex flex-col gap-0.5 text-xs">
      {found.map((one) => (
        <li
          key={`${one.code}${one.path}${one.message}`}
          className={`flex gap-1 ${one.severity === "error" ? "text-danger" : "text-warning"}`}
        >
          {one.severity === "error" ? (
            <CircleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
          ) : (
            <TriangleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
          )}
          <span>
            <span className="sr-only">{one.severity}: </span>
            {one.message}
            {one.fix && <span className="block text-muted">{one.fix}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
