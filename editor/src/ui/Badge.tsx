/** A small word or number beside something. */
import type { ReactNode } from "react";
import { classNames } from "./classNames";

const TONES = {
  neutral: "bg-hover text-muted",
  accent: "bg-accent-soft text-accent",
  danger: "bg-danger-soft text-danger",
  warning: "bg-warning-soft text-warning",
};

interface BadgeProps {
  tone?: keyof typeof TONES;
  children: ReactNode;
  className?: string;
}

/** A badge. */
export function Badge({ tone = "neutral", children, className }: BadgeProps) {
  return (
    <span
      className={classNames(
        "inline-flex items-center gap-1 whitespace-nowrap rounded px-1.5 py-0.5 font-medium text-xs",
        TONES[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}
