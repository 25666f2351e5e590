/** How an execution came about, in words.  Pure. */

const WORDS: Record<string, string> = {
  api: "the API or this page",
  admin: "the admin",
  cli: "the command line",
  python: "Python code",
  rerun: "a rerun",
  schedule: "a schedule",
  nested: "another run",
  failure: "a failed run",
  test: "a test of one step",
};

interface Begun {
  trigger: string;
  owner?: string | null | undefined;
}

/** Returns what started it, and for whom. */
export function triggerText({ trigger, owner }: Begun): string {
  const word = WORDS[trigger] ?? trigger;
  return owner ? `${word}, for ${owner}` : word;
}
