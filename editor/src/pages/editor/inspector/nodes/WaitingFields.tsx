/** Nodes that wait for a time or an event. */

import { DurationInput } from "@/ui/DurationInput";
import { MomentInput } from "@/ui/MomentInput";
import { SourceField } from "../fields/SourceField";
import { asHeld, asSource } from "../fields/sourceKinds";
import { TextField } from "./TextField";
import { type NodeFieldsProps, textIn } from "./types";

/** The fields of a sleep: how long. */
export function SleepFields({ node, place, set, readOnly }: NodeFieldsProps) {
  return (
    <SourceField
      label="Wait for"
      required
      place={[...place, "seconds"]}
      standing={{ node_id: node.id, at: "own" }}
      source={asSource(node.seconds)}
      kinds={["value", "from", "expression"]}
      fixed={(value, onChange) => (
        <DurationInput
          label="Wait for"
          value={typeof value === "number" ? value : undefined}
          onChange={(seconds) => onChange(seconds ?? 0)}
          disabled={readOnly}
        />
      )}
      help="Seconds, where it is read from somewhere. At most 366 days; nothing holds a worker meanwhile."
      onChange={(source) => set("seconds", asHeld(source))}
      disabled={readOnly}
    />
  );
}

/** The fields of a sleep until a moment. */
export function SleepUntilFields({ node, place, set, readOnly }: NodeFieldsProps) {
  return (
    <SourceField
      label="Wait until"
      required
      place={[...place, "at"]}
      standing={{ node_id: node.id, at: "own" }}
      source={asSource(node.at)}
      fixed={(value, onChange) => (
        <MomentInput
          aria-label="Wait until"
          value={typeof value === "string" ? value : ""}
          onChange={onChange}
          disabled={readOnly}
        />
      )}
      help="A moment that has passed does not wait. Text without a zone is UTC."
      onChange={(source) => set("at", asHeld(source) ?? "")}
      disabled={readOnly}
    />
  );
}

/** The fields of a wait for an event: its name; the timeout is among the limits. */
export function EventFields({ node, place, set, readOnly }: NodeFieldsProps) {
  return (
    <>
      <TextField
        label="Event"
        required
        place={[...place, "event"]}
        value={textIn(node, "event")}
        placeholder="payment-received"
        help="Whoever sends an event of this name to the execution lets it go on. An event that comes early is kept."
        disabled={readOnly}
        onChange={(value) => set("event", value ?? "")}
      />
      <p className="text-muted text-xs">
        How long it waits at most is its timeout, below under “Limits and failures”.
      </p>
    </>
  );
}
