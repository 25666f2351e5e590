/** The list of keys, opened by `?`. */
import { Dialog } from "@/ui/Dialog";
import { Kbd } from "@/ui/Kbd";
import { KEYS, MOUSE_KEYS } from "./keys";

/** The dialog. */
export function KeyboardHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onOpenChange={(still) => still || onClose()} title="Keys">
      <dl className="grid grid-cols-1 gap-x-6 gap-y-1 text-sm sm:grid-cols-2">
        {[...KEYS, ...MOUSE_KEYS].map(({ keys, help }) => (
          <div key={keys} className="flex items-center justify-between gap-3">
            <dt>{help}</dt>
            <dd>
              <Kbd>{keys}</Kbd>
            </dd>
          </div>
        ))}
      </dl>
      <p className="mt-3 text-muted text-xs">
        None of them does anything while you type in a field, except saving and running.
      </p>
    </Dialog>
  );
}
