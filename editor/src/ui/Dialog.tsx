/** Dialogs: they take the focus, give it back, and close on Escape. */
import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import { type ReactNode, useState } from "react";
import { Button, IconButton } from "./Button";
import { classNames } from "./classNames";

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons, the main one last. */
  footer?: ReactNode;
  width?: "narrow" | "normal" | "wide";
  /** A panel on the right over the full height, instead of a box in the middle. */
  side?: boolean;
}

const WIDTHS = { narrow: "max-w-md", normal: "max-w-xl", wide: "max-w-5xl" };

/** A modal dialog. */
export function Dialog(props: DialogProps) {
  const { open, onOpenChange, title, description, children, footer } = props;
  const { width = "normal", side = false } = props;
  const opener = useOpener(open);
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-backdrop" />
        <Primitive.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          onOpenAutoFocus={focusFirst}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            // What opened it may be gone by now, as after a deletion.
            const back = opener?.isConnected ? opener : document.getElementById("page");
            back?.focus();
          }}
          className={classNames(
            "fixed z-40 flex flex-col border-line bg-surface text-ink shadow-2xl outline-none",
            side
              ? "inset-y-0 right-0 w-full border-l sm:w-[34rem]"
              : "top-1/2 left-1/2 max-h-[92dvh] w-[calc(100vw-1.5rem)] -translate-x-1/2 -translate-y-1/2 rounded-xl border",
            !side && WIDTHS[width],
          )}
        >
          <header className="flex items-start gap-3 border-line border-b px-4 py-3">
            <div className="min-w-0 flex-1">
              <Primitive.Title className="font-semibold text-base">{title}</Primitive.Title>
              {description && (
                <Primitive.Description asChild>
                  <div className="mt-0.5 text-muted text-sm">{description}</div>
                </Primitive.Description>
              )}
            </div>
            <Primitive.Close asChild>
              <IconButton icon={X} label="Close" small />
            </Primitive.Close>
          </header>
          <div data-dialog-part="body" className="min-h-0 flex-1 overflow-y-auto px-4 py-3">
            {children}
          </div>
          {footer && (
            <footer
              data-dialog-part="footer"
              className="flex flex-wrap justify-end gap-2 border-line border-t px-4 py-3"
            >
              {footer}
            </footer>
          )}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** Returns what had the focus when the dialog opened; of a menu, the button that leads to it. */
function useOpener(open: boolean): HTMLElement | null {
  const [known, setKnown] = useState<{ open: boolean; opener: HTMLElement | null }>({
    open: false,
    opener: null,
  });
  // Looked up before anything in the dialog can ask for the focus.
  if (known.open !== open) setKnown({ open, opener: open ? focused() : known.opener });
  return known.opener;
}

function focused(): HTMLElement | null {
  const { activeElement } = document;
  const menu = activeElement?.closest("[role=menu]");
  const button = menu && document.getElementById(menu.getAttribute("aria-labelledby") ?? "");
  if (button) return button;
  return activeElement instanceof HTMLElement ? activeElement : null;
}

/** Begins in the body or at the buttons below it: the first of all would be "Close". */
function focusFirst(event: Event): void {
  const content = event.currentTarget;
  if (!(content instanceof HTMLElement)) return;
  // What asked for the focus itself has it by now.
  const isInside = content.querySelector("[data-dialog-part]:focus-within") !== null;
  const first = content.querySelector<HTMLElement>(
    // Not a tab that is not open: with the focus it would be.
    '[data-dialog-part] :is(input, select, textarea, button):not([disabled], [readonly], [tabindex="-1"])',
  );
  event.preventDefault();
  if (!isInside) (first ?? content).focus();
}

interface ConfirmProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What happens, and whether it can be taken back. */
  children: ReactNode;
  confirm: string;
  danger?: boolean;
  busy?: boolean;
  /** Anything that keeps it from being confirmed, in words. */
  disabledReason?: string | null;
  onConfirm: () => void;
}

/** Asks once more before something happens. */
export function ConfirmDialog(props: ConfirmProps) {
  const { open, onOpenChange, title, children, confirm, onConfirm } = props;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      width="narrow"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Back</Button>
          <Button
            look={props.danger ? "danger" : "primary"}
            busy={props.busy ?? false}
            disabledReason={props.disabledReason ?? null}
            onClick={onConfirm}
          >
            {confirm}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
