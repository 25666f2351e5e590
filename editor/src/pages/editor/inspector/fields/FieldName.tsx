/** The name of a field, which can be changed; it is taken when the box is left. */
import { useState } from "react";
import { TextInput } from "@/ui/inputs";

interface FieldNameProps {
  name: string;
  taken: ReadonlySet<string>;
  onRename: (name: string) => void;
  disabled: boolean;
}

/** The box. */
export function FieldName({ name, taken, onRename, disabled }: FieldNameProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const wanted = typed?.trim() ?? name;
  const refused = wanted === "" || (wanted !== name && taken.has(wanted));
  const settle = () => {
    if (!refused && wanted !== name) onRename(wanted);
    setTyped(null);
  };
  return (
    <TextInput
      small
      className="min-w-0 flex-1 font-mono"
      aria-label={`Name of the field ${name}`}
      aria-invalid={refused || undefined}
      title={refused ? "There is such a field already, or no name" : undefined}
      disabled={disabled}
      value={typed ?? name}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={settle}
      onKeyDown={(event) => {
        if (event.key === "Enter") settle();
        if (event.key === "Escape") setTyped(null);
      }}
    />
  );
}
