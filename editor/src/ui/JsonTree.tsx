/** A JSON value as a tree that opens a level at a time; many entries come in groups.  Shows text
 * only, never markup. */
import { ChevronDown, ChevronRight } from "lucide-react";
import {
  createContext,
  memo,
  type ReactNode,
  useContext,
  useDeferredValue,
  useMemo,
  useState,
} from "react";
import { classNames } from "./classNames";
import { TextInput } from "./inputs";
import {
  entriesOf,
  type Found,
  groupSize,
  type JsonPath,
  pathKey,
  pathText,
  searchJson,
} from "./jsonSearch";

const SHOWN_CHARACTERS = 2_000;

interface JsonTreeProps {
  value: unknown;
  /** Levels that are open from the start. */
  open?: number;
  /** Offers a search over the tree. */
  searchable?: boolean;
  /** What paths that are copied begin with, as in `steps.fetch`. */
  prefix?: string;
}

interface Surroundings {
  found: Found | null;
  prefix: string;
}

const Around = createContext<Surroundings>({ found: null, prefix: "" });

/** The tree of `value`. */
export function JsonTree({ value, open = 1, searchable = false, prefix = "" }: JsonTreeProps) {
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text);
  const found = useMemo(() => (wanted.trim() ? searchJson(value, wanted) : null), [value, wanted]);
  const around = useMemo(() => ({ found, prefix }), [found, prefix]);
  return (
    <div className="break-words font-mono text-xs">
      {searchable && (
        <div className="mb-1 flex items-center gap-2 font-sans">
          <TextInput
            small
            type="search"
            aria-label="Search in the value"
            placeholder="Search"
            value={text}
            onChange={(event) => setText(event.target.value)}
            className="max-w-56"
          />
          <span aria-live="polite" className="text-muted">
            {found && hitsText(found)}
          </span>
        </div>
      )}
      <Around value={around}>
        <Branch path={NOWHERE} value={value} open={open} />
      </Around>
    </div>
  );
}

const NOWHERE: JsonPath = [];

function hitsText(found: Found): string {
  if (found.hits.size === 0) return "Not found";
  return `${found.cut ? "More than " : ""}${found.hits.size} found`;
}

interface BranchProps {
  path: JsonPath;
  value: unknown;
  open: number;
}

const Branch = memo(function Branch({ path, value, open }: BranchProps) {
  const { found } = useContext(Around);
  const [chosen, setChosen] = useState<boolean | null>(null);
  const id = pathKey(path);
  const isHit = found?.hits.has(id) ?? false;
  if (value === null || typeof value !== "object") {
    return (
      <Line path={path} value={value} hit={isHit} className="pl-4">
        <Name path={path} />
        <Leaf value={value} />
      </Line>
    );
  }
  const count = Array.isArray(value) ? value.length : Object.keys(value).length;
  const isOpen = chosen ?? (found?.open.has(id) || open > 0);
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return (
    <div>
      <Line path={path} value={value} hit={isHit}>
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setChosen(!isOpen)}
          className="inline-flex items-center rounded text-left hover:bg-hover"
        >
          <Icon aria-hidden className="size-4 shrink-0 text-muted" />
          <Name path={path} />
          <span className="text-muted">{Array.isArray(value) ? `[${count}]` : `{${count}}`}</span>
        </button>
      </Line>
      {isOpen && (
        <div className="ml-2 border-line border-l pl-1">
          <Entries path={path} entries={entriesOf(value)} open={open - 1} />
        </div>
      )}
    </div>
  );
});

interface EntriesProps {
  path: JsonPath;
  entries: [string | number, unknown][];
  open: number;
  /** The place of the first of them. */
  base?: number;
}

/** The entries themselves, or groups of them where they are many. */
function Entries({ path, entries, open, base = 0 }: EntriesProps) {
  const size = groupSize(entries.length);
  if (size === 1) {
    return entries.map(([key, child]) => (
      <Branch key={key} path={[...path, key]} value={child} open={open} />
    ));
  }
  const starts = Array.from({ length: Math.ceil(entries.length / size) }, (_, it) => it * size);
  return starts.map((start) => (
    <Group
      key={start}
      path={path}
      start={base + start}
      entries={entries.slice(start, start + size)}
      open={open}
    />
  ));
}

function Group({ path, entries, start, open }: EntriesProps & { start: number }) {
  const { found } = useContext(Around);
  const [chosen, setChosen] = useState<boolean | null>(null);
  const holdsHit = useMemo(
    () =>
      found !== null &&
      entries.some(([key]) => {
        const id = pathKey([...path, key]);
        return found.open.has(id) || found.hits.has(id);
      }),
    [found, entries, path],
  );
  const isOpen = chosen ?? holdsHit;
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setChosen(!isOpen)}
        className="inline-flex items-center rounded text-left text-muted hover:bg-hover"
      >
        <Icon aria-hidden className="size-4" />
        {`${start} … ${start + entries.length - 1}`}
      </button>
      {isOpen && (
        <div className="ml-2 border-line border-l pl-1">
          <Entries path={path} entries={entries} open={open} base={start} />
        </div>
      )}
    </div>
  );
}

interface LineProps {
  path: JsonPath;
  value: unknown;
  hit: boolean;
  className?: string;
  children: ReactNode;
}

function Line({ path, value, hit, className, children }: LineProps) {
  const { prefix } = useContext(Around);
  const own = pathText(path);
  const text = prefix && own && !own.startsWith("[") ? `${prefix}.${own}` : prefix + own;
  return (
    <div className={classNames("group/line", className, hit && "rounded bg-warning-soft")}>
      {children}
      <span className="ml-2 font-sans opacity-0 focus-within:opacity-100 group-hover/line:opacity-100">
        {path.length > 0 && <Copy label="Copy path" text={() => text} />}
        <Copy label="Copy value" text={() => textOf(value)} />
      </span>
    </div>
  );
}

function Copy({ label, text }: { label: string; text: () => string }) {
  const [copied, setCopied] = useState(false);
  return (
    <button
      type="button"
      tabIndex={-1}
      onBlur={() => setCopied(false)}
      onClick={() => void navigator.clipboard?.writeText(text()).then(() => setCopied(true))}
      className="mr-1 rounded px-1 text-accent text-xs hover:bg-hover"
    >
      {copied ? "Copied" : label}
    </button>
  );
}

/** Returns a value as text for the clipboard: a text as it is, anything else as JSON. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");
}

function Name({ path }: { path: JsonPath }) {
  const name = path.at(-1);
  return name === undefined ? null : (
    <span className="whitespace-pre text-accent">{`${name}: `}</span>
  );
}

function Leaf({ value }: { value: unknown }) {
  const [whole, setWhole] = useState(false);
  if (typeof value !== "string") {
    return <span className="text-state-running">{String(value)}</span>;
  }
  const cut = value.length > SHOWN_CHARACTERS && !whole;
  return (
    <span className="whitespace-pre-wrap text-state-completed">
      {JSON.stringify(cut ? value.slice(0, SHOWN_CHARACTERS) : value)}
      {cut && (
        <button
          type="button"
          className="ml-1 text-accent underline"
          onClick={() => setWhole(true)}
        >{`show all ${value.length} characters`}</button>
      )}
    </span>
  );
}
