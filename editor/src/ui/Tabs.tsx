/** Tabs; which one is open is the caller's to keep, in the URL where that helps. */
import { Tabs as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { classNames } from "./classNames";

export interface Tab {
  id: string;
  label: ReactNode;
  content: ReactNode;
}

interface TabsProps {
  tabs: Tab[];
  value: string;
  onChange: (id: string) => void;
  label: string;
  className?: string;
}

/** A row of tabs over the panel of the open one; the others are not rendered. */
export function Tabs({ tabs, value, onChange, label, className }: TabsProps) {
  return (
    <Primitive.Root
      value={value}
      onValueChange={onChange}
      className={classNames("flex min-h-0 flex-col", className)}
    >
      <Primitive.List
        aria-label={label}
        className="flex shrink-0 gap-1 overflow-x-auto border-line border-b px-2"
      >
        {tabs.map((tab) => (
          <Primitive.Trigger
            key={tab.id}
            value={tab.id}
            className="whitespace-nowrap border-transparent border-b-2 px-2 py-1.5 text-muted text-sm hover:text-ink focus-visible:outline-offset-[-2px] data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {tab.label}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {tabs.map((tab) => (
        <Primitive.Content
          key={tab.id}
          value={tab.id}
          className="min-h-0 flex-1 overflow-y-auto focus-visible:outline-offset-[-2px]"
        >
          {tab.content}
        </Primitive.Content>
      ))}
    </Primitive.Root>
  );
}
