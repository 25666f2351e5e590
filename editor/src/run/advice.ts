/** What helps against a failure, in a sentence; by its code.  Pure. */

const ADVICE: Record<string, string> = {
  "approval.timeout":
    "Ask earlier, or say in the step what silence means. You can still skip it with an answer.",
  "connection.missing": "Connect the account under Connections, then retry.",
  "composio.connection_missing":
    "Connect an account of this toolkit under Connections, then retry.",
  "composio.account_inactive": "Connect the account again under Connections, then retry.",
  "composio.rate_limited": "Wait a little and retry; give the step retries with a growing delay.",
  "composio.outcome_unknown":
    "Look at the service whether it happened before you retry; if it did, skip the step with its result.",
  "event.timeout":
    "The event did not come in time. Skip the step with the event's data, or retry and send it.",
  "execution.timeout":
    "The whole took longer than it may. Look in the timeline for the slow step, or raise the workflow's timeout.",
  "expression.failed":
    "Look at the step's input: a key is missing, or a value is not what the expression expects.",
  "expression.type":
    "The expression mixes kinds of values; convert them with int(), double() or string().",
  "http.blocked_destination":
    "The address is inside a private network. Use a public one, or have it allowed.",
  "http.connection":
    "The server could not be reached. Retry; give the step retries if this happens often.",
  "http.invalid_url":
    "Correct the address in the step's input, then run again with the newest version.",
  "http.timeout":
    "The server took too long. For a request that changes something, look there first; then retry.",
  "iteration.limit": "The loop ran as often as it may. Look at its condition, or raise its limit.",
  "mapping.failed":
    "Look at the outputs of the steps that this one reads: a value that it needs is not there.",
  "nested.cancelled": "The run inside it was cancelled. Retry it, or skip the step with an output.",
  "output.too_large":
    "Let the steps hand on less, or keep the value elsewhere and hand on where it is.",
  "state.limit": "Keep large values elsewhere, and share only where they are.",
  "items.limit": "Hand the items over in parts, or through nested workflows.",
  "value.lost": "Run the step that made the value again: retry from there.",
  "step.input_invalid":
    "Compare the input with what the step expects; correct where its fields come from.",
  "step.timeout": "It took longer than its timeout. Retry, or raise the step's timeout.",
  "step.out_of_memory": "Let it work on less at a time, or give the worker more memory.",
  "step.unknown":
    "The step's code is not installed on the worker; whoever runs this site has to deploy it.",
  "step.worker_lost":
    "The worker died three times in it. Look into the worker's log for memory or native code.",
  "step.failed":
    "Read the message; if what it needs is there now, retry. Otherwise correct the step and run the newest version.",
};

const GROUPS: [string, string][] = [
  ["http.", "Look at the request in the input, correct it, and retry."],
  ["composio.", "Read what the service says in the message, then retry."],
  ["expression.", "Look at the expression and the values it reads."],
  ["step.", "Read the message, correct the step, and run it again."],
];

interface Told {
  code?: string;
  details?: Record<string, unknown>;
}

/** Returns what to do about `failure`. */
export function adviceFor(failure: Told): string {
  const code = failure.code ?? "";
  if (code === "http.status") return forStatus(Number(failure.details?.status));
  const group = GROUPS.find(([prefix]) => code.startsWith(prefix));
  return ADVICE[code] ?? group?.[1] ?? "Retry, or skip the step with an output of your own.";
}

function forStatus(status: number): string {
  if (status === 401 || status === 403)
    return "The server wants to know who asks: check the credentials the step sends.";
  if (status === 404) return "There is nothing at this address: check it in the step's input.";
  if (status === 429)
    return "Asked too often: wait a little, then retry; give the step retries with a growing delay.";
  if (status >= 500)
    return "The server has a problem of its own: retry later; give the step retries if this happens often.";
  return "The server refuses the request: compare the input with what it expects.";
}
