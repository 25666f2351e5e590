/** A search: what is typed counts a moment after the last key, or at once with Enter. */
import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import { TextInput } from "./inputs";

const PAUSE_MS = 300;

interface SearchInputProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
}

/** The field. */
export function SearchInput({ label, value, onChange, placeholder }: SearchInputProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => onChange(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <div className="relative min-w-44 max-w-80 flex-1">
      <Search aria-hidden className="absolute top-2 left-2.5 size-4 text-muted" />
      <TextInput
        type="search"
        aria-label={label}
        placeholder={placeholder ?? label}
        value={typed}
        maxLength={100}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => event.key === "Enter" && onChange(typed.trim())}
        className="pl-8"
      />
    </div>
  );
}
