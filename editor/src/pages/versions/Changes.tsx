/** What one version changed, line by line, in the words of the server. */
import { useQuery } from "@tanstack/react-query";
import { call } from "@/api/call";
import { Badge } from "@/ui/Badge";
import { changeText, type Difference } from "./changeText";

/** The list; nothing for the first version. */
export function Changes({ workflowId, number }: { workflowId: string; number: number }) {
  const difference = useQuery({
    queryKey: ["workflow", workflowId, "versions", number, "diff"],
    queryFn: () =>
      call<Difference>(
        "GET",
        `/api/workflows/${encodeURIComponent(workflowId)}/versions/${number}/diff/`,
        { query: { against: number - 1 } },
      ),
    enabled: number > 1,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const found = difference.data;
  if (!found) return null;
  return (
    <div className="mb-3">
      {found.same_plan && (
        <p className="mb-2 text-muted text-sm">
          Both run alike: only what people see was changed, such as where steps are drawn.
        </p>
      )}
      <ul className="flex flex-col gap-1 text-sm">
        {found.changes.slice(0, SHOWN).map((change) => (
          <li key={`${change.op} ${change.path}`} className="flex flex-wrap items-baseline gap-2">
            <Badge>{WORDS[change.op] ?? change.op}</Badge>
            {change.node_id && <span className="font-medium">{change.node_id}</span>}
            <span className="font-mono text-muted text-xs">{change.path}</span>
            <span className="min-w-0 truncate">{changeText(change)}</span>
          </li>
        ))}
      </ul>
      {(found.truncated || found.changes.length > SHOWN) && (
        <p className="mt-1 text-muted text-xs">There are more; the comparison below shows all.</p>
      )}
    </div>
  );
}

const SHOWN = 30;
const WORDS: Record<string, string> = { add: "added", remove: "removed", replace: "changed" };
