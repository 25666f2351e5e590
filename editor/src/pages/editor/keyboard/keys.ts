/** The keys of the editor: what is pressed, what it does, in which words it is listed.  Pure. */

export type Action =
  | "save"
  | "undo"
  | "redo"
  | "copy"
  | "cut"
  | "duplicate"
  | "selectAll"
  | "delete"
  | "find"
  | "commands"
  | "add"
  | "open"
  | "rename"
  | "run"
  | "fit"
  | "zoomIn"
  | "zoomOut"
  | "actualSize"
  | "tidy"
  | "escape"
  | "help";

interface Key {
  action: Action;
  /** As it is written for people; `Mod` is Ctrl or Command. */
  keys: string;
  help: string;
}

export const KEYS: readonly Key[] = [
  { action: "save", keys: "Mod+S", help: "Save" },
  { action: "run", keys: "Mod+Enter", help: "Run" },
  { action: "undo", keys: "Mod+Z", help: "Undo" },
  { action: "redo", keys: "Mod+Shift+Z", help: "Redo" },
  { action: "redo", keys: "Mod+Y", help: "Redo" },
  { action: "copy", keys: "Mod+C", help: "Copy the selected steps" },
  { action: "cut", keys: "Mod+X", help: "Cut the selected steps" },
  { action: "duplicate", keys: "Mod+D", help: "Duplicate the selected steps" },
  { action: "selectAll", keys: "Mod+A", help: "Select all steps" },
  { action: "delete", keys: "Delete", help: "Delete the selected steps or edge" },
  { action: "delete", keys: "Backspace", help: "Delete the selected steps or edge" },
  { action: "add", keys: "/", help: "Add a step after the selected one" },
  { action: "find", keys: "Mod+F", help: "Find a step" },
  { action: "commands", keys: "Mod+K", help: "Find a command" },
  { action: "open", keys: "Enter", help: "Go to the fields of the selected step" },
  { action: "rename", keys: "F2", help: "Rename the selected step" },
  { action: "fit", keys: "1", help: "Show the whole workflow" },
  { action: "actualSize", keys: "0", help: "Show it in its own size" },
  { action: "zoomIn", keys: "+", help: "Closer" },
  { action: "zoomOut", keys: "-", help: "Further away" },
  { action: "tidy", keys: "Shift+T", help: "Tidy the canvas" },
  { action: "escape", keys: "Escape", help: "Select nothing; close what is open" },
  { action: "help", keys: "?", help: "Show this list" },
];

/** The keys that the canvas has by itself. */
export const MOUSE_KEYS: readonly { keys: string; help: string }[] = [
  { keys: "Mod+V", help: "Paste steps, also from another workflow" },
  { keys: "Arrow keys", help: "Move the selected steps" },
  { keys: "Shift+Click", help: "Select more" },
  { keys: "Shift+Drag", help: "Select what lies in a frame" },
];

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** Returns what a key press does; `null` for nothing. */
export function actionOf(pressed: Pressed): Action | null {
  if (pressed.altKey) return null;
  const mod = pressed.ctrlKey || pressed.metaKey;
  const key = pressed.key.length === 1 ? pressed.key.toUpperCase() : pressed.key;
  // Shift belongs to a sign such as "?" or "+", and is told apart only for letters.
  const shift = pressed.shiftKey && /^[A-Z]$/.test(key);
  const text = [mod && "Mod", shift && "Shift", key].filter(Boolean).join("+");
  return KEYS.find((one) => one.keys === text)?.action ?? null;
}

const FIELDS = "input, textarea, select, [contenteditable=true], [role=textbox]";

/** Returns whether a key belongs to the field it was pressed in, and not to the editor. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(FIELDS) !== null;
}

const PRESSED_BY_ENTER = "button, a[href], summary, [role=tab], [role=option], [role=switch]";

/** Returns whether a key means what has the focus, and not the selected steps: Enter presses a
 * button, and nobody deletes a step from among its fields. */
export function belongsToTarget(action: Action, target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (action === "open") return target.closest(PRESSED_BY_ENTER) !== null;
  return action === "delete" && target.closest("[data-editor-panel=fields]") !== null;
}
