/** Records of executions and steps as the server answers them, for tests. */

const AT = "2026-01-01T10:00:00Z";

/** Returns a run of a step. */
export function stepRecord(key: string, changes: object = {}) {
  return {
    step_id: key,
    key,
    path: [key],
    index: null,
    iteration: null,
    step_name: key,
    kind: "tool",
    internal: false,
    status: "completed",
    attempt: 1,
    scheduled_at: AT,
    started_at: AT,
    ended_at: "2026-01-01T10:00:02Z",
    due_at: null,
    until: null,
    event: null,
    suspend_payload: null,
    suspended_at: null,
    labels: [],
    resume_data: null,
    resumed_at: null,
    completed_count: null,
    total_count: null,
    nested: null,
    input: {},
    output: null,
    error: null,
    ...changes,
  };
}

/** Returns an execution that has completed, unless `changes` say otherwise. */
export function executionRecord(id: string, changes: object = {}) {
  return {
    id,
    workflow: "w",
    workflow_name: "Orders",
    version: 2,
    status: "completed",
    stopping: "",
    trigger: "schedule",
    owner: "ada",
    resource_id: "",
    rerun_of: null,
    parent: null,
    root: null,
    path: [],
    last_seq: 9,
    created_at: AT,
    started_at: AT,
    ended_at: "2026-01-01T10:00:04Z",
    deadline_at: null,
    lane: null,
    priority: 0,
    stop_reason: "",
    stopped_by: "",
    input: { name: "Ada" },
    runtime_context: {},
    state: {},
    output: null,
    error: null,
    usage: {},
    links: {},
    suspended: [],
    waiting_for: [],
    children: [],
    reruns: [],
    failure_of: null,
    on_failure: null,
    tallies: null,
    steps: [],
    more_steps: false,
    ...changes,
  };
}

export const FAILURE = {
  name: "ToolError",
  message: "the card was declined",
  code: "http.status",
  details: { status: 402 },
};

/** An execution that failed at its second step. */
export function failedExecution(id: string, changes: object = {}) {
  return executionRecord(id, {
    status: "failed",
    error: FAILURE,
    steps: [
      stepRecord("fetch", { step_name: "Fetch", output: { text: "fine" } }),
      stepRecord("charge", { step_name: "Charge", status: "failed", error: FAILURE }),
    ],
    ...changes,
  });
}
