/** The palette over the page, opened where something is to be inserted. */
import { Dialog } from "@/ui/Dialog";
import type { PaletteEntry } from "./entries";
import { Palette } from "./Palette";

interface PaletteDialogProps {
  open: boolean;
  /** Where it comes, in words. */
  where: string;
  onChoose: (entry: PaletteEntry) => void;
  onClose: () => void;
}

/** The dialog. */
export function PaletteDialog({ open, where, onChoose, onClose }: PaletteDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(still) => still || onClose()}
      title="Add a step"
      description={where}
    >
      <div className="-mx-4 -my-3 h-[55dvh]">
        <Palette autoFocus onChoose={onChoose} />
      </div>
    </Dialog>
  );
}
