/** The list of what can be added: search it, press Enter, or drag from it. */
import { Command } from "cmdk";
import { Search } from "lucide-react";
import { useMemo } from "react";
import { NODE_MIME } from "../canvas/dragged";
import { fits } from "../find/fits";
import { nodeLook } from "../nodeLooks";
import type { PaletteEntry } from "./entries";
import { recentEntries, rememberEntry } from "./recent";
import { usePalette } from "./usePalette";

interface PaletteProps {
  onChoose: (entry: PaletteEntry) => void;
  /** Takes the focus at once, as in a dialog. */
  autoFocus?: boolean;
  /** Lets entries be dragged onto the canvas. */
  draggable?: boolean;
}

/** The palette; it fills its parent. */
export function Palette({ onChoose, autoFocus = false, draggable = false }: PaletteProps) {
  const entries = usePalette();
  const groups = useMemo(() => grouped(entries), [entries]);
  const choose = (entry: PaletteEntry) => {
    rememberEntry(entry.id);
    onChoose(entry);
  };
  return (
    <Command filter={fits} label="Add a step" className="flex h-full min-h-0 flex-col" loop>
      <div className="flex items-center gap-2 border-line border-b px-3">
        <Search aria-hidden className="size-4 shrink-0 text-muted" />
        <Command.Input
          autoFocus={autoFocus}
          placeholder="Search steps, tools, workflows"
          className="h-10 w-full bg-transparent text-sm outline-none placeholder:text-muted"
        />
      </div>
      <Command.List className="min-h-0 flex-1 overflow-y-auto p-1.5">
        <Command.Empty className="p-4 text-center text-muted text-sm">
          Nothing is called that. Tools that apps register appear here by themselves.
        </Command.Empty>
        {groups.map(([group, list]) => (
          <Command.Group
            key={group}
            heading={group}
            className="text-sm [&>[cmdk-group-heading]]:px-2 [&>[cmdk-group-heading]]:pt-2 [&>[cmdk-group-heading]]:font-medium [&>[cmdk-group-heading]]:text-muted [&>[cmdk-group-heading]]:text-xs"
          >
            {list.map((entry) => (
              <Line
                key={entry.id}
                entry={entry}
                prefix={group}
                draggable={draggable}
                onChoose={choose}
              />
            ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command>
  );
}

interface LineProps {
  entry: PaletteEntry;
  prefix: string;
  draggable: boolean;
  onChoose: (entry: PaletteEntry) => void;
}

function Line({ entry, prefix, draggable, onChoose }: LineProps) {
  const { icon: Icon } = nodeLook(entry.node);
  return (
    <Command.Item
      value={`${prefix}/${entry.id}`}
      keywords={[entry.title, entry.description, entry.node.type, entry.also ?? ""]}
      onSelect={() => onChoose(entry)}
      draggable={draggable}
      onDragStart={(event) => {
        event.dataTransfer.setData(NODE_MIME, JSON.stringify(entry.node));
        event.dataTransfer.effectAllowed = "copy";
      }}
      className="flex cursor-pointer items-start gap-2.5 rounded-md px-2 py-1.5 data-[selected=true]:bg-hover"
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />
      <span className="min-w-0">
        <span className="block truncate">{entry.title}</span>
        <span className="line-clamp-2 text-muted text-xs">{entry.description}</span>
      </span>
    </Command.Item>
  );
}

function grouped(entries: readonly PaletteEntry[]): [string, PaletteEntry[]][] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const recent = recentEntries().flatMap((id) => byId.get(id) ?? []);
  const groups = new Map<string, PaletteEntry[]>();
  if (recent.length > 0) groups.set("Recent", recent);
  for (const entry of entries) {
    const list = groups.get(entry.group);
    if (list) list.push(entry);
    else groups.set(entry.group, [entry]);
  }
  return [...groups];
}
