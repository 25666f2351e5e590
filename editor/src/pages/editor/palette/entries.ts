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
  /** Other words that people look for it by. */
  also?: string;
}

export const CONTROL = "Control flow";
const BODY = { nodes: [], edges: [] };

function control(
  type: string,
  title: string,
  description: string,
  also: string,
  fields: object,
): PaletteEntry {
  const id = idFrom(title);
  const node = { id, type, name: title, ...fields };
  return { id: `control:${id}`, title, description, group: CONTROL, node, also };
}

/** The constructs of the language. */
export const CONSTRUCTS: readonly PaletteEntry[] = [
  control(
    "branch",
    "Branch",
    "Goes one way or another, as conditions say",
    "if else switch condition decision route case",
    {
      mode: "first",
      cases: [
        { id: "if", when: "true", body: BODY },
        { id: "else", when: "true", body: BODY },
      ],
    },
  ),
  control(
    "branch",
    "Side by side",
    "Does several things at the same time",
    "parallel fork lanes concurrent split all",
    {
      mode: "all",
      cases: [
        { id: "one", when: "true", body: BODY },
        { id: "two", when: "true", body: BODY },
      ],
    },
  ),
  control(
    "foreach",
    "For each",
    "Does the same for every item of a list",
    "foreach list items iterate map over repeat",
    {
      items: { value: [] },
      concurrency: 1,
      body: BODY,
    },
  ),
  control(
    "loop",
    "Loop",
    "Repeats while, or until, a condition holds",
    "while until repeat again do",
    {
      while: "iteration < 3",
      max_iterations: 100,
      body: BODY,
    },
  ),
  control(
    "approval",
    "Approval",
    "Asks a person, with a form, and waits for the answer",
    "human person ask review form confirm decide question",
    {
      title: { value: "Is this all right?" },
      form: {
        type: "object",
        properties: { approved: { type: "boolean", title: "Approved" } },
        required: ["approved"],
      },
    },
  ),
  control(
    "wait_for_event",
    "Wait for an event",
    "Waits until something outside says so",
    "signal webhook callback pause resume",
    {
      event: "something-happened",
    },
  ),
  control("sleep", "Sleep", "Waits for a time", "delay wait pause timer", { seconds: 60 }),
  control("sleep_until", "Sleep until", "Waits for a moment", "delay wait date moment timer", {
    at: { value: "2030-01-01T00:00:00Z" },
  }),
  control(
    "map",
    "Map fields",
    "Makes an object out of values from anywhere",
    "set transform object values rename data",
    { fields: {} },
  ),
  control(
    "bail",
    "End early",
    "Ends the workflow here, as a success",
    "stop exit return bail finish",
    { result: { value: null } },
  ),
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
    also: "run call nested sub-workflow subworkflow",
    node: {
      id: idFrom(workflow.name),
      type: "workflow",
      name: workflow.name,
      workflow: workflow.id,
    },
  };
}
