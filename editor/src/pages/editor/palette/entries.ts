/** What can be added to a workflow, and what each begins as.  Asks no server. */
import type { NodeDoc } from "@/definition/document";
import { idFrom } from "@/definition/ids";

export interface PaletteEntry {
  /** Unlike every other's; kept among the recent ones. */
  id: string;
  title: string;
  description: string;
  group: string;
  node: NodeDoc;
}

export const CONTROL = "Control flow";
const BODY = { nodes: [], edges: [] };

function control(type: string, title: string, description: string, fields: object): PaletteEntry {
  const node = { id: idFrom(title), type, name: title, ...fields };
  return { id: `control:${type}`, title, description, group: CONTROL, node };
}

/** The constructs of the language. */
export const CONSTRUCTS: readonly PaletteEntry[] = [
  control("branch", "Branch", "Goes one way or another, as conditions say", {
    mode: "first",
    cases: [
      { id: "if", when: "true", body: BODY },
      { id: "else", when: "true", body: BODY },
    ],
  }),
  control("foreach", "For each", "Does the same for every item of a list", {
    items: { value: [] },
    concurrency: 1,
    body: BODY,
  }),
  control("loop", "Loop", "Repeats while, or until, a condition holds", {
    while: "iteration < 3",
    max_iterations: 100,
    body: BODY,
  }),
  control("approval", "Approval", "Asks a person, with a form, and waits for the answer", {
    title: { value: "Is this all right?" },
    form: {
      type: "object",
      properties: { approved: { type: "boolean", title: "Approved" } },
      required: ["approved"],
    },
  }),
  control("wait_for_event", "Wait for an event", "Waits until something outside says so", {
    event: "something-happened",
  }),
  control("sleep", "Sleep", "Waits for a time", { seconds: 60 }),
  control("sleep_until", "Sleep until", "Waits for a moment", {
    at: { value: "2030-01-01T00:00:00Z" },
  }),
  control("map", "Map fields", "Makes an object out of values from anywhere", { fields: {} }),
  control("bail", "End early", "Ends the workflow here, as a success", { result: { value: null } }),
];

export interface ToolLike {
  name: string;
  title?: string;
  group?: string;
  description: string;
}

/** Returns the entry of a tool. */
export function toolEntry({ name, title, group, description }: ToolLike): PaletteEntry {
  const last = name.split(".").at(-1) ?? name;
  return {
    id: `tool:${name}`,
    title: title || name,
    description,
    group: group || "Tools",
    node: { id: idFrom(title || last), type: "tool", name: title || last, tool: name },
  };
}

/** Returns the entry of a registered Python step. */
export function stepEntry(step: { ref: string; name: string; description: string }): PaletteEntry {
  return {
    id: `step:${step.ref}`,
    title: step.name,
    description: step.description || step.ref,
    group: "Python steps",
    node: { id: idFrom(step.name), type: "step", name: step.name, step: step.ref },
  };
}

/** Returns the entry of a workflow that is run as a step. */
export function workflowEntry(workflow: {
  id: string;
  name: string;
  description: string;
}): PaletteEntry {
  return {
    id: `workflow:${workflow.id}`,
    title: workflow.name,
    description: workflow.description,
    group: "Workflows",
    node: {
      id: idFrom(workflow.name),
      type: "workflow",
      name: workflow.name,
      workflow: workflow.id,
    },
  };
}
