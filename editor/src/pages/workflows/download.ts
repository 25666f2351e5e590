/** Hands a definition to the browser as a file. */

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

/** Saves `definition` as a file of readable JSON. */
export function downloadJson(fileName: string, definition: unknown): void {
  const text = `${JSON.stringify(definition, null, 2)}\n`;
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
  // At once would be before the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
