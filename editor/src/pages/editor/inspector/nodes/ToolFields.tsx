/** A node that calls a registered tool: which one, with whose account. */
import { ExternalLink } from "lucide-react";
import { Link } from "react-router";
import { useTool, useToolsNamed } from "@/api/authoring";
import { useConnectionsOf } from "@/api/connections";
import { pointer } from "@/definition/pointer";
import { Badge } from "@/ui/Badge";
import { Field } from "@/ui/Field";
import { Select } from "@/ui/inputs";
import { useSettled } from "../Authoring";
import { FieldProblems } from "../FieldProblems";
import { TextField } from "./TextField";
import { type NodeFieldsProps, textIn } from "./types";

const TYPED_MS = 400;

/** The fields of a tool node. */
export function ToolFields({ node, place, set, readOnly }: NodeFieldsProps) {
  const name = textIn(node, "tool");
  const { data: tool } = useTool(useSettled(name, TYPED_MS));
  const { data: known } = useToolsNamed("");
  return (
    <>
      <TextField
        label="Tool"
        required
        place={[...place, "tool"]}
        value={name}
        disabled={readOnly}
        suggestions={(known?.results ?? []).map((one) => ({
          value: one.name,
          label: one.title ?? one.name,
        }))}
        onChange={(value) => set("tool", value ?? "")}
      />
      {tool && (
        <div className="flex flex-col gap-1 text-sm">
          <div className="flex flex-wrap items-center gap-2">
            <span className="font-medium">{tool.title ?? tool.name}</span>
            {tool.group && <Badge>{tool.group}</Badge>}
          </div>
          <p className="text-muted text-xs">{tool.description}</p>
        </div>
      )}
      {tool === null && name !== "" && (
        <p className="text-warning text-xs">No tool of this name is registered here.</p>
      )}
      {(tool?.needs_connection || typeof node.connection === "string") && (
        <Connection
          toolkit={tool?.toolkit ?? null}
          value={textIn(node, "connection")}
          place={[...place, "connection"]}
          onChange={(value) => set("connection", value)}
          disabled={readOnly}
        />
      )}
    </>
  );
}

interface ConnectionProps {
  toolkit: string | null;
  value: string;
  place: (string | number)[];
  onChange: (value: string | undefined) => void;
  disabled: boolean;
}

function Connection({ toolkit, value, place, onChange, disabled }: ConnectionProps) {
  const { data = [] } = useConnectionsOf(toolkit);
  const labels = data.map((one) => one.label || String(one.id));
  const options = [
    { value: "", label: "The owner's only one" },
    ...[...new Set([...labels, ...(value ? [value] : [])])].map((label) => ({
      value: label,
      label,
    })),
  ];
  return (
    <div data-place={pointer(...place)} className="flex flex-col gap-1">
      <Field
        label="Connection"
        help={
          data.length === 0 && toolkit ? `There is no connection to ${toolkit} yet.` : undefined
        }
        aside={
          <Link to="/connections" className="flex items-center gap-1 text-accent text-xs underline">
            Connections <ExternalLink aria-hidden className="size-3" />
          </Link>
        }
      >
        {(parts) => (
          <Select
            {...parts}
            options={options}
            value={value}
            disabled={disabled}
            onChange={(next) => onChange(next || undefined)}
          />
        )}
      </Field>
      <FieldProblems place={place} />
    </div>
  );
}
