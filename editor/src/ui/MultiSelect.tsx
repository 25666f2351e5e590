/** Several of a few: a button that says what is chosen, with a menu of check marks. */
import { Check, ChevronDown } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { Button } from "./Button";
import type { Option } from "./inputs";

interface MultiSelectProps {
  label: string;
  options: readonly Option[];
  value: readonly string[];
  onChange: (value: string[]) => void;
}

/** The choice; nothing chosen means any. */
export function MultiSelect({ label, options, value, onChange }: MultiSelectProps) {
  const chosen = options.filter((option) => value.includes(option.value));
  const said = chosen.length > 2 ? `${chosen.length} chosen` : chosen.map(wordOf).join(", ");
  const toggle = (one: string) =>
    onChange(
      options
        .map((option) => option.value)
        .filter((it) => (it === one ? !value.includes(it) : value.includes(it))),
    );
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button>
          <span className="text-muted">{`${label}: `}</span>
          {said || "any"}
          <ChevronDown aria-hidden className="size-4 text-muted" />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-[70dvh] min-w-44 overflow-y-auto rounded-lg border border-line bg-raised p-1 text-ink text-sm shadow-xl"
        >
          {options.map((option) => (
            <DropdownMenu.CheckboxItem
              key={option.value}
              checked={value.includes(option.value)}
              // Several are chosen in one go: the menu stays.
              onSelect={(event) => event.preventDefault()}
              onCheckedChange={() => toggle(option.value)}
              className="relative flex cursor-pointer select-none items-center gap-2 rounded-md py-1.5 pr-3 pl-7 outline-none data-[highlighted]:bg-hover"
            >
              <DropdownMenu.ItemIndicator className="absolute left-2">
                <Check aria-hidden className="size-4" />
              </DropdownMenu.ItemIndicator>
              {option.label}
            </DropdownMenu.CheckboxItem>
          ))}
          {value.length > 0 && (
            <DropdownMenu.Item
              onSelect={() => onChange([])}
              className="mt-1 cursor-pointer select-none rounded-md border-line border-t py-1.5 pr-3 pl-7 text-muted outline-none data-[highlighted]:bg-hover"
            >
              Any
            </DropdownMenu.Item>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function wordOf(option: Option): string {
  return option.label;
}
