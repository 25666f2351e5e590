/** What the server says about one place of the document, under the field that writes it. */
import { CircleAlert, TriangleAlert } from "lucide-react";
import { isWithin, type Place, pointer } from "@/definition/pointer";
import { useFieldDiagnostics } from "../store";

interface FieldProblemsProps {
  place: Place;
  /** Parts of it whose problems are shown elsewhere. */
  except?: Iterable<string | number>;
}

/** The problems at `place` and inside it. */
export function FieldProblems({ place, except = [] }: FieldProblemsProps) {
  const elsewhere = [...except].map((part) => pointer(...place, part));
  const found = useFieldDiagnostics([...place]).filter(
    ({ path }) => !elsewhere.some((part) => isWithin(path, part)),
  );
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
