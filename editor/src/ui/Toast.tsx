/** Short notices in a corner; what cannot be read in time belongs on the page instead. */
import { X } from "lucide-react";
import { Toast as Primitive } from "radix-ui";
import { createContext, type ReactNode, useCallback, useContext, useState } from "react";
import { IconButton } from "./Button";
import { classNames } from "./classNames";

interface Notice {
  title: string;
  body?: ReactNode;
  tone?: "plain" | "danger";
  /** A way to take it back or to go on. */
  action?: { label: string; onSelect: () => void };
}

type Show = (notice: Notice) => void;
const Context = createContext<Show>(() => {});

/** Returns the function that shows a notice. */
export function useToast(): Show {
  return useContext(Context);
}

/** Holds the notices of everything inside it. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<(Notice & { id: number })[]>([]);
  const show = useCallback<Show>((notice) => {
    setNotices((before) => [...before.slice(-3), { ...notice, id: (before.at(-1)?.id ?? 0) + 1 }]);
  }, []);
  const remove = (id: number) => setNotices((before) => before.filter((it) => it.id !== id));
  return (
    <Context.Provider value={show}>
      <Primitive.Provider duration={6000} swipeDirection="right">
        {children}
        {notices.map((notice) => (
          <Primitive.Root
            key={notice.id}
            onOpenChange={(open) => open || remove(notice.id)}
            className={classNames(
              "flex items-start gap-2 rounded-lg border bg-raised p-3 text-ink text-sm shadow-xl",
              notice.tone === "danger" ? "border-danger" : "border-line",
            )}
          >
            <div className="min-w-0 flex-1">
              <Primitive.Title className="font-medium">{notice.title}</Primitive.Title>
              {notice.body && (
                <Primitive.Description className="mt-0.5 break-words text-muted">
                  {notice.body}
                </Primitive.Description>
              )}
            </div>
            {notice.action && (
              <Primitive.Action
                altText={notice.action.label}
                onClick={notice.action.onSelect}
                className="rounded border border-line px-2 py-0.5 font-medium hover:bg-hover"
              >
                {notice.action.label}
              </Primitive.Action>
            )}
            <Primitive.Close asChild>
              <IconButton icon={X} label="Dismiss" small />
            </Primitive.Close>
          </Primitive.Root>
        ))}
        <Primitive.Viewport className="fixed right-3 bottom-3 z-50 flex w-[min(24rem,calc(100vw-1.5rem))] flex-col gap-2 outline-none" />
      </Primitive.Provider>
    </Context.Provider>
  );
}
