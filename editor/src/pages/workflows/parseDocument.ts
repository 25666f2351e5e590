/** Reads a text that is to be JSON, and says in words where it is not. */

type Parsed = { problem: null; document: unknown } | { problem: string; document?: undefined };

/** Returns the document in `text`, or what is wrong with the text. */
export function parseDocument(text: string): Parsed {
  if (text.trim() === "") return { problem: "There is nothing in it" };
  try {
    return { problem: null, document: JSON.parse(text.replace(/^\uFEFF/, "")) };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { problem: `This is not JSON: ${said}` };
  }
}
