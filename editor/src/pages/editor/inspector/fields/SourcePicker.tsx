/** Picks what to read: a searchable tree of what this place may name, with types and last values. */
import { ChevronDown, ChevronRight, ListTree } from "lucide-react";
import { Popover } from "radix-ui";
import { useState } from "react";
import type { Scope } from "@/api/authoring";
import { IconButton } from "@/ui/Button";
import { TextInput } from "@/ui/inputs";
import { Skeleton } from "@/ui/placeholders";
import { partOfName, partsIn, type SourcePart, sampleText, searchParts } from "./sourceTree";

interface SourcePickerProps {
  scope: Scope | undefined;
  /** Whether the scope could not be asked for. */
  failed: boolean;
  label: string;
  onPick: (path: string) => void;
  onOpen: () => void;
  disabled?: boolean;
  /** Open at once: somebody has just chosen to pick. */
  startOpen?: boolean;
}

/** The button and what it opens. */
export function SourcePicker(props: SourcePickerProps) {
  const { scope, label, onPick, onOpen } = props;
  const [open, setOpen] = useState(props.startOpen ?? false);
  const [query, setQuery] = useState("");
  const pick = (path: string) => {
    setOpen(false);
    setQuery("");
    onPick(path);
  };
  return (
    <Popover.Root
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        if (next) onOpen();
      }}
    >
      <Popover.Trigger asChild>
        <IconButton
          icon={ListTree}
          look="secondary"
          label={`Pick a source for ${label}`}
          disabled={props.disabled}
        />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label={`Sources for ${label}`}
          className="z-50 flex max-h-[60dvh] w-96 max-w-[calc(100vw-1rem)] flex-col gap-2 rounded-lg border border-line bg-raised p-2 text-ink shadow-xl"
        >
          <TextInput
            type="search"
            aria-label="Search sources"
            placeholder="Search names, fields, steps"
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
          <div className="min-h-0 flex-1 overflow-y-auto">
            {scope ? (
              <Choices scope={scope} query={query} pick={pick} />
            ) : props.failed ? (
              <p className="p-2 text-muted text-sm">
                What can be read here is not known at the moment. Write the path by hand.
              </p>
            ) : (
              <Skeleton lines={4} />
            )}
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface ChoicesProps {
  scope: Scope;
  query: string;
  pick: (path: string) => void;
}

function Choices({ scope, query, pick }: ChoicesProps) {
  const searching = query.trim() !== "";
  const parts = searching ? searchParts(scope.names, query) : scope.names.map(partOfName);
  return (
    <>
      {parts.length === 0 && (
        <p className="p-2 text-muted text-sm">
          {searching
            ? "Nothing of that name can be read here."
            : "There is nothing to read here yet."}
        </p>
      )}
      <ul>
        {parts.map((part) => (
          <Part key={part.path} part={part} pick={pick} flat={searching} />
        ))}
      </ul>
      {!searching && scope.unavailable.length > 0 && (
        <details className="mt-2 border-line border-t pt-2 text-xs">
          <summary className="cursor-pointer text-muted">
            {`${scope.unavailable.length} steps that cannot be read here`}
          </summary>
          <ul className="mt-1 flex flex-col gap-1">
            {scope.unavailable.map((one) => (
              <li key={one.step_id}>
                <span className="font-medium">{one.title}</span>{" "}
                <span className="text-muted">{one.message}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

interface PartProps {
  part: SourcePart;
  pick: (path: string) => void;
  /** Found by a search: shown with its whole path, not to be opened. */
  flat: boolean;
}

function Part({ part, pick, flat }: PartProps) {
  const [open, setOpen] = useState(false);
  const inner = flat ? [] : partsIn(part);
  return (
    <li>
      <div className="flex items-center gap-0.5">
        {inner.length > 0 ? (
          <button
            type="button"
            aria-expanded={open}
            aria-label={`${open ? "Fold" : "Open"} ${part.label}`}
            onClick={() => setOpen(!open)}
            className="rounded p-0.5 hover:bg-hover"
          >
            {open ? (
              <ChevronDown aria-hidden className="size-4" />
            ) : (
              <ChevronRight aria-hidden className="size-4" />
            )}
          </button>
        ) : (
          <span className="w-5 shrink-0" />
        )}
        <button
          type="button"
          onClick={() => pick(part.path)}
          className="flex min-w-0 flex-1 items-baseline gap-2 rounded px-1.5 py-1 text-left text-sm hover:bg-hover"
        >
          <span className="shrink-0">{flat ? part.path : part.label}</span>
          <span className="shrink-0 text-muted text-xs">{part.type}</span>
          <span className="ml-auto truncate font-mono text-muted text-xs">
            {sampleText(part.sample)}
          </span>
        </button>
      </div>
      {open && (
        <ul className="ml-3 border-line border-l pl-1">
          {inner.map((one) => (
            <Part key={one.path} part={one} pick={pick} flat={false} />
          ))}
        </ul>
      )}
    </li>
  );
}
