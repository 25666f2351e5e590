/** Samples to begin with: what each shows, and a look at its steps before it is taken. */
import { ArrowLeft, LayoutTemplate } from "lucide-react";
import { useState } from "react";
import { FIRST_SAMPLE, type Sample, useSample, useSamples } from "@/api/samples";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { EmptyState, ErrorState, Skeleton } from "@/ui/placeholders";
import { SearchInput } from "@/ui/SearchInput";
import { ImportNotes } from "./ImportNotes";
import type { Creating } from "./NewWorkflow";
import { StepOutline } from "./StepOutline";

/** The gallery. */
export function SampleGallery(creating: Creating) {
  const [sought, setSought] = useState("");
  const [open, setOpen] = useState<string | null>(null);
  const samples = useSamples();
  if (samples.error) {
    return <ErrorState error={samples.error} onRetry={() => void samples.refetch()} />;
  }
  if (!samples.data) return <Skeleton lines={6} />;
  const chosen = samples.data.results.find((sample) => sample.name === open);
  if (chosen) {
    return <OneSample sample={chosen} onBack={() => setOpen(null)} {...creating} />;
  }
  const words = sought.toLowerCase();
  const found = samples.data.results
    .filter(({ title, description, node_types }) =>
      `${title} ${description} ${node_types.join(" ")}`.toLowerCase().includes(words),
    )
    .sort((a, b) => rankOf(a) - rankOf(b));
  return (
    <div className="flex flex-col gap-3 px-1 py-4">
      <SearchInput label="Search samples" value={sought} onChange={setSought} />
      {found.length === 0 && (
        <EmptyState icon={LayoutTemplate} title="No sample fits">
          Try another word.
        </EmptyState>
      )}
      <ul className="grid gap-2 sm:grid-cols-2">
        {found.map((sample) => (
          <li key={sample.name}>
            <button
              type="button"
              onClick={() => setOpen(sample.name)}
              className="flex h-full w-full flex-col gap-1 rounded-lg border border-line bg-surface p-3 text-left hover:bg-hover"
            >
              <span className="font-medium">{sample.title}</span>
              <span className="line-clamp-3 text-muted text-xs">{sample.description}</span>
              <Facts sample={sample} />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The one to begin with first, those that came from elsewhere last. */
function rankOf({ name, kind }: Sample): number {
  if (name === FIRST_SAMPLE) return 0;
  return kind === "celeriac" ? 1 : 2;
}

function Facts({ sample }: { sample: Sample }) {
  return (
    <span className="mt-auto flex flex-wrap gap-1 pt-1">
      {sample.name === FIRST_SAMPLE && <Badge tone="accent">Start here</Badge>}
      <Badge>{sample.node_count === 1 ? "1 step" : `${sample.node_count} steps`}</Badge>
      {sample.node_types.map((type) => (
        <Badge key={type}>{type.replaceAll("_", " ")}</Badge>
      ))}
      {sample.kind === "agipo" && <Badge tone="accent">from Agipo</Badge>}
    </span>
  );
}

interface OneSampleProps extends Creating {
  sample: Sample;
  onBack: () => void;
}

function OneSample({ sample, onBack, create, busy, problem }: OneSampleProps) {
  const record = useSample(sample.name);
  return (
    <div className="flex flex-col gap-3 px-1 py-4">
      <div>
        <Button small look="quiet" icon={ArrowLeft} onClick={onBack}>
          All samples
        </Button>
      </div>
      <h3 className="font-semibold text-base">{sample.title}</h3>
      <p className="max-w-prose text-sm">{sample.description}</p>
      <Facts sample={sample} />
      {record.error && <ErrorState error={record.error} onRetry={() => void record.refetch()} />}
      {record.isPending && <Skeleton lines={4} />}
      {record.data && (
        <>
          <StepOutline definition={record.data.definition} />
          <ImportNotes notes={record.data.notes} />
          {problem && (
            <p role="alert" className="text-danger text-sm">
              {problem}
            </p>
          )}
          <div>
            <Button look="primary" busy={busy} onClick={() => create(record.data.definition)}>
              Use this sample
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
