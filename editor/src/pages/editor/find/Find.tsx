/** Finds a step or a command by part of its name. */
import { Command } from "cmdk";
import { Search } from "lucide-react";
import { addressesOf } from "@/definition/addresses";
import { titleOf } from "@/definition/document";
import { Dialog } from "@/ui/Dialog";
import { Kbd } from "@/ui/Kbd";
import { type Action, KEYS } from "../keyboard/keys";
import { nodeLook, nodeSummary } from "../nodeLooks";
import { useDocument } from "../store";
import { fits } from "./fits";

interface FindProps {
  /** What is looked for. */
  what: "step" | "command";
  onStep: (key: string) => void;
  onCommand: (action: Action) => void;
  onClose: () => void;
}

const ITEM =
  "flex cursor-pointer items-center gap-2.5 rounded-md px-2 py-1.5 text-sm data-[selected=true]:bg-hover";

/** The dialog, while it is open. */
export function Find({ what, onStep, onCommand, onClose }: FindProps) {
  const document = useDocument();
  const close = (then: () => void) => {
    onClose();
    then();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={what === "step" ? "Find a step" : "Find a command"}
    >
      <Command filter={fits} label={what} loop className="-mx-4 -my-3 flex h-[50dvh] flex-col">
        <div className="flex items-center gap-2 border-line border-b px-4">
          <Search aria-hidden className="size-4 text-muted" />
          <Command.Input
            autoFocus
            placeholder={what === "step" ? "Name, id or tool" : "What to do"}
            className="h-10 w-full bg-transparent text-sm outline-none placeholder:text-muted"
          />
        </div>
        <Command.List className="min-h-0 flex-1 overflow-y-auto p-2">
          <Command.Empty className="p-4 text-center text-muted text-sm">
            Nothing fits.
          </Command.Empty>
          {what === "step"
            ? [...addressesOf(document).nodes.values()].map(({ key, node }) => {
                const { icon: Icon } = nodeLook(node);
                return (
                  <Command.Item
                    key={key}
                    value={key}
                    keywords={[titleOf(node), nodeSummary(node), node.type]}
                    onSelect={() => close(() => onStep(key))}
                    className={ITEM}
                  >
                    <Icon aria-hidden className="size-4 shrink-0 text-muted" />
                    <span className="min-w-0 flex-1 truncate">{titleOf(node)}</span>
                    <span className="font-mono text-muted text-xs">{key}</span>
                  </Command.Item>
                );
              })
            : KEYS.filter(
                (one, index) => KEYS.findIndex((other) => other.action === one.action) === index,
              ).map(({ action, keys, help }) => (
                <Command.Item
                  key={action}
                  value={help}
                  onSelect={() => close(() => onCommand(action))}
                  className={ITEM}
                >
                  <span className="flex-1">{help}</span>
                  <Kbd>{keys}</Kbd>
                </Command.Item>
              ))}
        </Command.List>
      </Command>
    </Dialog>
  );
}
