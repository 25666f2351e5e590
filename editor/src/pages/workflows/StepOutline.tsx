/** A look at the steps of a definition without opening it: names and kinds, nested as drawn. */

import { isObject } from "@/contracts/json";
import {
  bodyOf,
  casesOf,
  type NodeDoc,
  nodesOf,
  type ScopeDoc,
  titleOf,
} from "@/definition/document";
import { Badge } from "@/ui/Badge";

/** The steps of `definition`. */
export function StepOutline({ definition }: { definition: Record<string, unknown> }) {
  const nodes = nodesOf(definition);
  return (
    <section aria-label="Its steps" className="rounded-lg border border-line bg-canvas p-3">
      <h4 className="mb-1 font-medium text-muted text-xs">Steps</h4>
      {nodes.length === 0 ? <p className="text-muted text-sm">None yet.</p> : <Steps of={nodes} />}
    </section>
  );
}

function Steps({ of }: { of: readonly NodeDoc[] }) {
  return (
    <ol className="flex flex-col gap-1">
      {of.filter(isObject).map((node, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: ids of a draft may be double
        <li key={index} className="text-sm">
          <span className="flex items-center gap-2">
            <span className="min-w-0 truncate">{titleOf(node)}</span>
            <Badge>{String(node.type).replaceAll("_", " ")}</Badge>
          </span>
          {insidesOf(node).map(({ name, scope }) => (
            <div key={name} className="mt-1 ml-2 border-line border-l pl-3">
              {name && <span className="text-muted text-xs">{name}</span>}
              <Steps of={nodesOf(scope)} />
            </div>
          ))}
        </li>
      ))}
    </ol>
  );
}

function insidesOf(node: NodeDoc): { name: string; scope: ScopeDoc }[] {
  const body = bodyOf(node);
  const cases = casesOf(node).flatMap((one) =>
    one.body ? [{ name: String(one.id), scope: one.body }] : [],
  );
  return body ? [{ name: "", scope: body }, ...cases] : cases;
}
