/** One of a few, all in view. */
import { useId } from "react";

interface ChoiceProps<Value extends string> {
  name: string;
  value: Value;
  options: Record<Value, string>;
  onChange: (value: Value) => void;
}

/** The radio buttons. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { name, value, options, onChange } = props;
  const group = useId();
  return (
    <fieldset className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <legend className="mb-1 font-medium">{name}</legend>
      {(Object.entries(options) as [Value, string][]).map(([one, word]) => (
        <label key={one} className="flex cursor-pointer items-center gap-1.5">
          <input
            type="radio"
            name={group}
            checked={one === value}
            onChange={() => onChange(one)}
            className="accent-(--accent)"
          />
          {word}
        </label>
      ))}
    </fieldset>
  );
}
