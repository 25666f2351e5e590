/** The layout of a document, worked out once for each document object. */
import { addressesOf, type ScopeKey } from "@/definition/addresses";
import type { DefinitionDoc } from "@/definition/document";
import { arrange } from "@/definition/layout/arrange";
import { type Layout, layoutOf } from "@/definition/layout/layout";
import { type Route, routesOf } from "@/definition/layout/routes";

export interface DrawnLayout extends Layout {
  /** Bodies without a step. */
  empty: ReadonlySet<ScopeKey>;
  /** How edges go round steps, by "from→to"; most need no way round. */
  routes: ReadonlyMap<string, Route>;
}

const known = new WeakMap<DefinitionDoc, DrawnLayout>();

/** Returns where everything of `document` is drawn. */
export function documentLayout(document: DefinitionDoc): DrawnLayout {
  const found = known.get(document);
  if (found) return found;
  const scopes = [...addressesOf(document).scopes.values()];
  const empty = new Set(scopes.filter(({ nodes }) => nodes.length === 0).map(({ key }) => key));
  const boxes = layoutOf(document, arrange);
  const layout = { ...boxes, empty, routes: routesOf(document, boxes) };
  known.set(document, layout);
  return layout;
}
