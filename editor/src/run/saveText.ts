/** Gives people a text as a file. */

/** Offers `text` for saving as `name`. */
export function saveText(name: string, text: string, type = "application/json"): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has read it once the click is over; a moment later is late enough everywhere.
  setTimeout(() => URL.revokeObjectURL(address), 1_000);
}
