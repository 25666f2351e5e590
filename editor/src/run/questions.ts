/** What an execution waits for somebody to say, and how the answer is sent.  Pure. */
import type { AnswerPlace } from "@/api/answering";
import type { Suspended } from "@/api/execution";
import type { JsonSchema } from "@/contracts/json";
import type { StepView } from "@/execution/view";

export interface Question {
  /** Names it among those that are open. */
  id: string;
  kind: "approval" | "step" | "event";
  title: string;
  /** The run that asks, if it is one of the execution itself. */
  key: string;
  stepName: string;
  /** What is shown to whoever answers. */
  shown: unknown;
  /** JSON Schema of the answer; `null` is anything. */
  form: JsonSchema | null;
  /** Where the answer belongs. */
  to: AnswerPlace;
  since: string | null;
  until: string | null;
  /** User names and groups that are asked. */
  assignees: string[];
}

interface ReasonLike {
  key: string | null;
  execution_id: string;
  until: string | null;
  since: string | null;
  details: Record<string, unknown>;
}

/** Returns the open questions: suspended runs, then awaited events. */
export function questionsOf(
  executionId: string,
  suspended: readonly Suspended[],
  steps: Iterable<StepView>,
  reasons: readonly ReasonLike[] = [],
): Question[] {
  const runs = new Map([...steps].map((step) => [step.key, step]));
  const asked = suspended.map((it): Question => {
    const own = it.execution_id === executionId ? runs.get(it.key) : undefined;
    const reason = reasons.find(
      (one) => one.execution_id === it.execution_id && one.key === it.key,
    );
    const payload = object(it.payload);
    const name = own?.name ?? it.step_id;
    return {
      id: `${it.execution_id}/${it.key}`,
      kind: it.task === null ? "step" : "approval",
      title: text(payload.title) ?? text(payload.question) ?? `“${name}” asks for an answer`,
      key: it.key,
      stepName: name,
      shown: it.task === null ? it.payload : payload.context,
      form: (it.form as JsonSchema | null) ?? null,
      to: placeOf(executionId, it),
      since: own?.suspendedAt ?? reason?.since ?? null,
      until: own?.until ?? reason?.until ?? null,
      assignees: list(reason?.details.assignees),
    };
  });
  const events = [...runs.values()]
    .filter((step) => step.status === "waiting" && step.event)
    .map(
      (step): Question => ({
        id: `${executionId}/${step.key}`,
        kind: "event",
        title: `Waits for the event “${step.event}”`,
        key: step.key,
        stepName: step.name,
        shown: undefined,
        form: null,
        to: { execution: executionId, event: step.event ?? "" },
        since: step.startedAt,
        until: step.until,
        assignees: [],
      }),
    );
  return [...asked, ...events];
}

/** Answers go to the outermost execution: it is the one that leads on to those inside it. */
function placeOf(execution: string, it: Suspended): AnswerPlace {
  if (it.task !== null) return { task: it.task };
  return it.execution_id === execution
    ? { execution, step: it.key, index: null }
    : { execution, step: it.path, index: it.indexes.at(-1) ?? null };
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | null {
  return typeof value === "string" && value ? value : null;
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
