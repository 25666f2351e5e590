/** Joins class names and drops what is empty. */

type ClassName = string | false | null | undefined;

/** Returns the given class names in one string. */
export function classNames(...names: ClassName[]): string {
  return names.filter(Boolean).join(" ");
}
