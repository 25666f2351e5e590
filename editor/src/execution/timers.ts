/** Named timers, at most one of a name; none is left when all are cancelled. */

import type { Surroundings } from "./surroundings";

export class Timers<Name extends string> {
  private readonly cancels = new Map<Name, () => void>();

  constructor(private readonly around: Surroundings) {}

  /** Runs `action` after so many milliseconds, instead of what `name` was to do. */
  set(name: Name, milliseconds: number, action: () => void): void {
    this.cancel(name);
    const cancel = this.around.after(milliseconds, () => {
      this.cancels.delete(name);
      action();
    });
    this.cancels.set(name, cancel);
  }

  has(name: Name): boolean {
    return this.cancels.has(name);
  }

  cancel(...names: readonly Name[]): void {
    for (const name of names) {
      this.cancels.get(name)?.();
      this.cancels.delete(name);
    }
  }
}
