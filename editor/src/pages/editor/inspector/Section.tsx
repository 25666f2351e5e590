/** A part of the inspector that can be folded away. */
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

interface SectionProps {
  title: string;
  /** A few words on what is inside, while it is folded. */
  summary?: string | null;
  open?: boolean;
  children: ReactNode;
}

/** The part with its heading. */
export function Section({ title, summary, open = false, children }: SectionProps) {
  return (
    <details open={open} className="group border-line border-t py-2">
      <summary className="flex cursor-pointer list-none items-center gap-1.5 rounded text-sm [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 text-muted group-open:rotate-90" />
        <h3 className="font-semibold">{title}</h3>
        {summary && (
          <span className="ml-auto truncate text-muted text-xs group-open:hidden">{summary}</span>
        )}
      </summary>
      <div className="flex flex-col gap-4 pt-3 pb-1">{children}</div>
    </details>
  );
}
