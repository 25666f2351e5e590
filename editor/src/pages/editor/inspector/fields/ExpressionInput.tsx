/** A box for a path, an expression or a template, with suggestions while one types. */
import { type KeyboardEvent, useId, useRef, useState } from "react";
import type { Scope } from "@/api/authoring";
import { TextArea } from "@/ui/inputs";
import { type Language, type Suggestion, suggestionsAt } from "./suggestions";

interface ExpressionInputProps {
  value: string;
  onChange: (value: string) => void;
  language: Language;
  scope: Scope | undefined;
  label: string;
  disabled?: boolean;
  placeholder?: string;
  invalid?: boolean;
  describedBy?: string;
  onFocus?: () => void;
  onBlur?: () => void;
}

/** The box and its list; the list is a listbox that the arrow keys move in. */
export function ExpressionInput(props: ExpressionInputProps) {
  const { value, onChange, language, scope } = props;
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const [shown, setShown] = useState<Suggestion[]>([]);
  const [active, setActive] = useState(0);

  const suggest = (text: string, caret: number) => {
    setShown(suggestionsAt(text, caret, language, scope));
    setActive(0);
  };
  const accept = (one: Suggestion) => {
    const next = value.slice(0, one.from) + one.text + value.slice(one.to);
    const caret = one.from + one.text.length;
    onChange(next);
    setShown([]);
    // The caret can be put there when the new text has been drawn.
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(caret, caret);
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      suggest(value, box.current?.selectionStart ?? value.length);
      return;
    }
    if (event.key === "Enter" && shown.length === 0 && language === "path") event.preventDefault();
    if (shown.length === 0) return;
    const chosen = shown[active];
    if (event.key === "ArrowDown") setActive((active + 1) % shown.length);
    else if (event.key === "ArrowUp") setActive((active + shown.length - 1) % shown.length);
    else if ((event.key === "Enter" || event.key === "Tab") && chosen) accept(chosen);
    else if (event.key === "Escape") setShown([]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const open = shown.length > 0;
  return (
    <div className="relative">
      <TextArea
        ref={box}
        aria-label={props.label}
        aria-haspopup="listbox"
        aria-controls={open ? `${id}-list` : undefined}
        aria-autocomplete="list"
        aria-activedescendant={open ? `${id}-${active}` : undefined}
        aria-invalid={props.invalid || undefined}
        aria-describedby={props.describedBy}
        className="field-sizing-content max-h-60 min-h-8 resize-none font-mono text-xs! leading-5"
        rows={Math.min(10, value.split("\n").length)}
        spellCheck={language === "template"}
        disabled={props.disabled}
        placeholder={props.placeholder}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
          suggest(event.target.value, event.target.selectionStart);
        }}
        onFocus={(event) => {
          props.onFocus?.();
          if (value === "" && language !== "template") suggest("", event.target.selectionStart);
        }}
        onBlur={() => {
          setShown([]);
          props.onBlur?.();
        }}
        onKeyDown={onKeyDown}
      />
      {open && (
        <div
          id={`${id}-list`}
          // At the lower edge of the panel it would open out of sight.
          ref={(list) => list?.scrollIntoView({ block: "nearest" })}
          role="listbox"
          aria-label="Suggestions"
          className="absolute inset-x-0 top-full z-40 mt-0.5 max-h-60 overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-xl"
        >
          {shown.map((one, at) => (
            // Pressed before the box loses the focus; the keys are the box's own.
            <div
              key={one.label}
              id={`${id}-${at}`}
              role="option"
              tabIndex={-1}
              aria-selected={at === active}
              onMouseDown={(event) => {
                event.preventDefault();
                accept(one);
              }}
              className={`flex cursor-pointer gap-2 rounded px-2 py-1 text-xs ${at === active ? "bg-hover" : ""}`}
            >
              <span className="font-mono">{one.label}</span>
              <span className="ml-auto truncate text-muted">{one.detail}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
