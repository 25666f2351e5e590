/** A JSON value as a tree that opens a level at a time.  Shows text only, never markup. */
import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";

const SHOWN_AT_ONCE = 100;
const SHOWN_CHARACTERS = 2_000;

interface JsonTreeProps {
  value: unknown;
  /** Levels that are open from the start. */
  open?: number;
}

/** The tree of `value`. */
export function JsonTree({ value, open = 1 }: JsonTreeProps) {
  return (
    <div className="break-words font-mono text-xs">
      <Branch name={null} value={value} open={open} />
    </div>
  );
}

function Branch({ name, value, open }: { name: string | null; value: unknown; open: number }) {
  const [isOpen, setOpen] = useState(open > 0);
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  if (value === null || typeof value !== "object") {
    return (
      <div className="pl-4">
        <Name name={name} />
        <Leaf value={value} />
      </div>
    );
  }
  const entries = Object.entries(value);
  const summary = Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`;
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="inline-flex items-center rounded text-left hover:bg-hover"
      >
        <Icon aria-hidden className="size-4 text-muted" />
        <Name name={name} />
        <span className="text-muted">{summary}</span>
      </button>
      {isOpen && (
        <div className="ml-2 border-line border-l pl-1">
          {entries.slice(0, shown).map(([key, child]) => (
            <Branch key={key} name={key} value={child} open={open - 1} />
          ))}
          {entries.length > shown && (
            <button
              type="button"
              className="ml-4 text-accent underline"
              onClick={() => setShown(shown + SHOWN_AT_ONCE)}
            >
              {`${entries.length - shown} more`}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function Name({ name }: { name: string | null }) {
  return name === null ? null : <span className="text-accent">{`${name}: `}</span>;
}

function Leaf({ value }: { value: unknown }) {
  if (typeof value !== "string") {
    return <span className="text-state-running">{String(value)}</span>;
  }
  const cut = value.length > SHOWN_CHARACTERS;
  return (
    <span className="whitespace-pre-wrap text-state-completed">
      {JSON.stringify(cut ? value.slice(0, SHOWN_CHARACTERS) : value)}
      {cut && <span className="text-muted">{` … ${value.length} characters`}</span>}
    </span>
  );
}
