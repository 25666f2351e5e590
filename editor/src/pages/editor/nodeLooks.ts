/** How each type of node is named and drawn: its icon, its word, and the line below its title. */
import {
  Bell,
  Bot,
  Clock,
  Code,
  GitFork,
  Globe,
  ListTree,
  LogOut,
  type LucideIcon,
  MessageSquareText,
  RefreshCw,
  Repeat,
  Shuffle,
  SquareFunction,
  Stamp,
  Timer,
  Workflow,
  Wrench,
} from "lucide-react";
import type { NodeType } from "@/contracts/generated/definition";
import { isObject } from "@/contracts/json";
import { casesOf, isNodeType, type NodeDoc, sourceKind } from "@/definition/document";

export interface NodeLook {
  icon: LucideIcon;
  word: string;
}

const LOOKS: Record<NodeType, NodeLook> = {
  tool: { icon: Wrench, word: "Tool" },
  step: { icon: Code, word: "Python step" },
  workflow: { icon: Workflow, word: "Workflow" },
  agent: { icon: Bot, word: "Agent" },
  map: { icon: Shuffle, word: "Map fields" },
  branch: { icon: GitFork, word: "Branch" },
  loop: { icon: RefreshCw, word: "Loop" },
  foreach: { icon: Repeat, word: "For each" },
  sleep: { icon: Timer, word: "Sleep" },
  sleep_until: { icon: Clock, word: "Sleep until" },
  wait_for_event: { icon: Bell, word: "Wait for an event" },
  approval: { icon: Stamp, word: "Approval" },
  bail: { icon: LogOut, word: "End early" },
};

const TOOLS: Record<string, LucideIcon> = {
  "http.request": Globe,
  template: MessageSquareText,
  transform: SquareFunction,
  log: ListTree,
};

/** Returns the icon and the word of a node. */
export function nodeLook(node: NodeDoc): NodeLook {
  const look = isNodeType(node.type) ? LOOKS[node.type] : { icon: Wrench, word: node.type };
  const icon = node.type === "tool" ? TOOLS[String(node.tool)] : undefined;
  return icon ? { ...look, icon } : look;
}

const DRAWN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Returns the line below a node's title: what it calls, or what it waits for. */
export function nodeSummary(node: NodeDoc): string {
  switch (node.type) {
    case "tool":
      return text(node.tool);
    case "step":
      return text(node.step ?? node.ref);
    case "workflow":
      // A drawn workflow's id says nothing to anybody; its name stands in the fields.
      return DRAWN_ID.test(text(node.workflow)) ? "Runs another workflow" : text(node.workflow);
    case "branch":
      return casesText(node);
    case "loop":
      return node.until ? `until ${sourceText(node.until)}` : `while ${sourceText(node.while)}`;
    case "foreach":
      return sourceText(node.items);
    case "sleep":
      return `${sourceText(node.seconds)} s`;
    case "sleep_until":
      return sourceText(node.at);
    case "wait_for_event":
      return text(node.event);
    case "approval":
      return sourceText(node.title);
    default:
      return nodeLook(node).word;
  }
}

/** Returns a source, or a bare value, in one line. */
export function sourceText(value: unknown): string {
  if (isObject(value)) {
    const kind = sourceKind(value);
    if (kind) return text(value[kind]);
  }
  return text(value);
}

function casesText(node: NodeDoc): string {
  const count = casesOf(node).length;
  if (node.mode !== "first") return "every case that holds";
  return `${count} ${count === 1 ? "case" : "cases"}`;
}

function text(value: unknown): string {
  if (value === undefined || value === null) return "not set";
  return typeof value === "string" ? value : JSON.stringify(value);
}
