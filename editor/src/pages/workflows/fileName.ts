/** How the files are called that workflows are exported to. */

/** Returns the name of the file that a workflow called `name` is exported to. */
export function fileNameOf(name: string): string {
  const stem = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return `${stem || "workflow"}.json`;
}
