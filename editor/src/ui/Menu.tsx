/** A menu under a button: items with a word, an icon, a shortcut, and a reason when disabled. */
import type { LucideIcon } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactElement } from "react";
import { classNames } from "./classNames";
import { Kbd } from "./Kbd";

export interface MenuAction {
  label: string;
  icon?: LucideIcon;
  /** What it does, in a line below the label. */
  help?: string;
  shortcut?: string;
  danger?: boolean;
  disabledReason?: string | null;
  onSelect: () => void;
}

/** `null` draws a line, a string a heading. */
export type MenuItem = MenuAction | string | null;

interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement;
  /** A function is asked when the menu opens, for lists that take long to make. */
  items: readonly MenuItem[] | (() => readonly MenuItem[]);
  align?: "start" | "end";
  defaultOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** A drop-down menu. */
export function Menu({ trigger, items, align = "end", ...root }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false} {...root}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-[70dvh] min-w-44 overflow-y-auto rounded-lg border border-line bg-raised p-1 text-ink text-sm shadow-xl"
        >
          <MenuLines items={items} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function MenuLines({ items }: Pick<MenuProps, "items">) {
  const lines = typeof items === "function" ? items() : items;
  return lines.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a menu's lines have no other identity
    <MenuLine key={index} item={item} />
  ));
}

function MenuLine({ item }: { item: MenuItem }) {
  if (item === null) return <DropdownMenu.Separator className="my-1 h-px bg-line" />;
  if (typeof item === "string")
    return (
      <DropdownMenu.Label className="px-2 py-1 font-medium text-muted text-xs">
        {item}
      </DropdownMenu.Label>
    );
  const { icon: Icon, disabledReason } = item;
  const help = disabledReason ?? item.help;
  return (
    <DropdownMenu.Item
      disabled={Boolean(disabledReason)}
      onSelect={item.onSelect}
      className={classNames(
        "flex cursor-pointer select-none items-start gap-2 rounded-md px-2 py-1.5 outline-none",
        "data-[highlighted]:bg-hover data-[disabled]:cursor-not-allowed data-[disabled]:text-muted",
        item.danger && "text-danger",
      )}
    >
      {Icon && <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />}
      <span className="flex-1">
        {item.label}
        {help && <span className="block max-w-64 text-muted text-xs">{help}</span>}
      </span>
      {item.shortcut && <Kbd>{item.shortcut}</Kbd>}
    </DropdownMenu.Item>
  );
}
