/** A key as it is written on keyboards; `Mod` is Ctrl, or Command on a Mac. */

const IS_MAC = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** Returns a shortcut such as `Mod+Shift+Z` in the words of this machine. */
export function shortcutText(shortcut: string): string {
  return shortcut.replace("Mod", IS_MAC ? "⌘" : "Ctrl");
}

/** Shows a shortcut. */
export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="rounded border border-line bg-canvas px-1 font-mono text-[11px] text-muted">
      {shortcutText(children)}
    </kbd>
  );
}
