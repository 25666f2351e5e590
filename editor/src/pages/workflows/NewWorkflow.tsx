/** Makes a workflow: from nothing, from a sample, from a file, from pasted text. */
import { useNavigate } from "react-router";
import { useCreateWorkflow } from "@/api/workflows";
import { Dialog } from "@/ui/Dialog";
import { messageOf } from "@/ui/placeholders";
import { Tabs } from "@/ui/Tabs";
import { BlankWorkflow } from "./BlankWorkflow";
import { ImportWorkflow } from "./ImportWorkflow";
import { SampleGallery } from "./SampleGallery";

export interface Creating {
  create: (definition: Record<string, unknown>, name?: string) => void;
  busy: boolean;
  /** What the server said against it. */
  problem: string | null;
}

interface NewWorkflowProps {
  /** Which way is open, as the address says; `null` shows nothing. */
  way: string | null;
  onWay: (way: string | null) => void;
}

/** The dialog. */
export function NewWorkflow({ way, onWay }: NewWorkflowProps) {
  const navigate = useNavigate();
  const mutation = useCreateWorkflow();
  const creating: Creating = {
    busy: mutation.isPending,
    problem: mutation.error ? messageOf(mutation.error) : null,
    create: (definition, name) =>
      mutation.mutate(
        { definition, ...(name ? { name } : {}) },
        { onSuccess: (made) => void navigate(`/workflows/${encodeURIComponent(made.id)}`) },
      ),
  };
  const ways = [
    { id: "blank", label: "Blank", content: <BlankWorkflow {...creating} /> },
    { id: "sample", label: "From a sample", content: <SampleGallery {...creating} /> },
    { id: "file", label: "From a file", content: <ImportWorkflow from="file" {...creating} /> },
    { id: "json", label: "Paste JSON", content: <ImportWorkflow from="json" {...creating} /> },
  ];
  const known = ways.some(({ id }) => id === way) ? way : "blank";
  return (
    <Dialog
      open={way !== null}
      onOpenChange={(open) => open || onWay(null)}
      title="New workflow"
      width="wide"
    >
      <Tabs
        label="Ways to begin"
        tabs={ways}
        value={known ?? "blank"}
        onChange={(id) => {
          mutation.reset();
          onWay(id);
        }}
      />
    </Dialog>
  );
}
