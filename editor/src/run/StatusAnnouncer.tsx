/** Tells people who cannot see it when an execution's state changes, and nothing else. */
import { useEffect, useRef, useState } from "react";
import { lookOf } from "@/ui/state";

/** Speaks `name` and its status whenever the status changes. */
export function StatusAnnouncer({ name, status }: { name: string; status: string }) {
  const before = useRef(status);
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (before.current === status) return;
    before.current = status;
    setSaid(`${name}: ${lookOf(status).word}`);
  }, [name, status]);
  return (
    <p aria-live="polite" className="sr-only">
      {said}
    </p>
  );
}
