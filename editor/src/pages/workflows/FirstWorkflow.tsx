/** What somebody sees who has no workflow yet: a sample that runs, one click away. */
import { FilePlus2, type LucideIcon, Sparkles } from "lucide-react";
import { useNavigate } from "react-router";
import { FIRST_SAMPLE, readSample, useSamples } from "@/api/samples";
import { useCreateWorkflow } from "@/api/workflows";
import { Button } from "@/ui/Button";
import { EmptyState, messageOf } from "@/ui/placeholders";
import { useToast } from "@/ui/Toast";

interface FirstWorkflowProps {
  icon: LucideIcon;
  onNew: (way: string) => void;
}

/** The invitation. */
export function FirstWorkflow({ icon, onNew }: FirstWorkflowProps) {
  const navigate = useNavigate();
  const toast = useToast();
  const samples = useSamples();
  const create = useCreateWorkflow();
  const first =
    samples.data?.results.find((it) => it.name === FIRST_SAMPLE) ?? samples.data?.results[0];
  const start = async () => {
    if (!first) return;
    try {
      const { definition } = await readSample(first.name);
      const made = await create.mutateAsync({ definition });
      await navigate(`/workflows/${encodeURIComponent(made.id)}`);
    } catch (error) {
      toast({ title: "The sample was not created", body: messageOf(error), tone: "danger" });
    }
  };
  return (
    <EmptyState
      icon={icon}
      title="Draw your first workflow"
      actions={
        <>
          {first && (
            <Button
              look="primary"
              icon={Sparkles}
              busy={create.isPending}
              onClick={() => void start()}
            >
              {`Start with “${first.title}”`}
            </Button>
          )}
          <Button onClick={() => onNew("sample")}>Look at the samples</Button>
          <Button icon={FilePlus2} onClick={() => onNew("blank")}>
            Begin with nothing
          </Button>
        </>
      }
    >
      A workflow is a row of steps that run by themselves: at a click, on a schedule, or when a
      program asks. The first sample runs as it is, so you can watch it before you change it.
    </EmptyState>
  );
}
