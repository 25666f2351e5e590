/** Makes a workflow of its own of the selected steps: asks for its name, creates it, and puts one
 * step in their place that runs it. */
import { Workflow } from "lucide-react";
import { useState } from "react";
import { judge } from "@/api/editing";
import { useCreateWorkflow } from "@/api/workflows";
import { extractNodes } from "@/definition/commands/extracting";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { TextInput } from "@/ui/inputs";
import { messageOf } from "@/ui/placeholders";
import { useEditorStore } from "../store";

/** The button and its dialog. */
export function ExtractWorkflow({ keys }: { keys: readonly string[] }) {
  const store = useEditorStore();
  const create = useCreateWorkflow();
  const [name, setName] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const open = () => {
    const { document, tell } = store.getState();
    try {
      extractNodes(document, keys, "");
    } catch (error) {
      return tell({ text: messageOf(error), tone: "danger" });
    }
    setProblem(null);
    setName(`${document.name}: a part`);
  };
  const go = async () => {
    const wanted = name?.trim() ?? "";
    if (wanted === "") return setProblem("A name is needed.");
    setBusy(true);
    try {
      const { child } = extractNodes(store.getState().document, keys, wanted);
      const verdict = await judge(child, new AbortController().signal);
      const error = verdict.diagnostics.find((one) => one.severity === "error");
      if (error) return setProblem(`It would not run by itself: ${error.message}`);
      const made = await create.mutateAsync({ definition: child });
      store.getState().run((now) => extractNodes(now, keys, wanted).replace(made.id));
      setName(null);
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button icon={Workflow} onClick={open}>
        Make a workflow of them
      </Button>
      <Dialog
        open={name !== null}
        onOpenChange={(isOpen) => isOpen || setName(null)}
        title="Make a workflow of the selected steps"
        description="The steps move into a workflow of its own, which other workflows can run too. One step in their place runs it; what they read from here is handed in."
        width="narrow"
        footer={
          <>
            <Button onClick={() => setName(null)}>Cancel</Button>
            <Button look="primary" busy={busy} onClick={() => void go()}>
              Make it
            </Button>
          </>
        }
      >
        <Field label="Name of the new workflow" required error={problem}>
          {(parts) => (
            <TextInput
              {...parts}
              value={name ?? ""}
              maxLength={200}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
      </Dialog>
    </>
  );
}
