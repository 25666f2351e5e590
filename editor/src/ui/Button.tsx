/** Buttons with words, and buttons with an icon alone, which must be given a label. */
import { LoaderCircle, type LucideIcon } from "lucide-react";
import type { ButtonHTMLAttributes, Ref } from "react";
import { classNames } from "./classNames";
import { Tooltip } from "./Tooltip";

type Look = "primary" | "secondary" | "quiet" | "danger";

const LOOKS: Record<Look, string> = {
  primary: "bg-accent text-on-accent border-transparent hover:opacity-90",
  secondary: "bg-surface text-ink border-line hover:bg-hover",
  quiet: "bg-transparent text-ink border-transparent hover:bg-hover",
  danger: "bg-danger text-on-danger border-transparent hover:opacity-90",
};

const SHAPE =
  "inline-flex items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap " +
  "disabled:opacity-55 disabled:cursor-not-allowed aria-disabled:opacity-55 aria-disabled:cursor-not-allowed";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  small?: boolean;
  icon?: LucideIcon;
  /** Shows a spinner and takes no click. */
  busy?: boolean;
  /** Why it cannot be pressed; shown on hover and focus, so the button stays focusable. */
  disabledReason?: string | null;
  ref?: Ref<HTMLButtonElement>;
}

/** A button with words. */
export function Button({
  look = "secondary",
  small = false,
  icon: Icon,
  busy = false,
  disabledReason,
  className,
  children,
  onClick,
  type = "button",
  ...rest
}: ButtonProps) {
  const blocked = busy || Boolean(disabledReason);
  const button = (
    <button
      {...rest}
      type={type}
      aria-disabled={blocked || undefined}
      aria-busy={busy || undefined}
      onClick={blocked ? (event) => event.preventDefault() : onClick}
      className={classNames(
        SHAPE,
        LOOKS[look],
        small ? "h-7 px-2 text-xs" : "h-8 px-3 text-sm",
        className,
      )}
    >
      {busy ? (
        <LoaderCircle aria-hidden className="size-4 animate-spin" />
      ) : (
        Icon && <Icon aria-hidden className="size-4 shrink-0" />
      )}
      {children}
    </button>
  );
  return disabledReason ? <Tooltip text={disabledReason}>{button}</Tooltip> : button;
}

interface IconButtonProps extends Omit<ButtonProps, "children" | "icon"> {
  icon: LucideIcon;
  /** What it does; also its tooltip. */
  label: string;
}

/** A square button with an icon; its label is spoken, and shown on hover. */
export function IconButton({
  icon: Icon,
  label,
  look = "quiet",
  small = false,
  busy = false,
  disabledReason,
  className,
  onClick,
  type = "button",
  ...rest
}: IconButtonProps) {
  const blocked = busy || Boolean(disabledReason);
  return (
    <Tooltip text={disabledReason ? `${label}: ${disabledReason}` : label}>
      <button
        {...rest}
        type={type}
        aria-label={label}
        aria-disabled={blocked || undefined}
        onClick={blocked ? (event) => event.preventDefault() : onClick}
        className={classNames(SHAPE, LOOKS[look], small ? "size-7" : "size-8", className)}
      >
        {busy ? (
          <LoaderCircle aria-hidden className="size-4 animate-spin" />
        ) : (
          <Icon aria-hidden className="size-4" />
        )}
      </button>
    </Tooltip>
  );
}
