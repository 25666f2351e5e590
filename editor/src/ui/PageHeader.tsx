/** The head of a page: where one is, what it is called, what can be done; and the tab's title. */
import { type ReactNode, useEffect } from "react";

/** Sets the title of the browser's tab. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Celeriac`;
  }, [title]);
}

interface PageHeaderProps {
  title: ReactNode;
  /** Where this page stands, above its title. */
  above?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}

/** A page's head. */
export function PageHeader({ title, above, children, actions }: PageHeaderProps) {
  return (
    <header className="flex flex-wrap items-end gap-3 px-4 pt-4 pb-3 sm:px-6">
      <div className="min-w-0 flex-1">
        {above && <div className="text-muted text-xs">{above}</div>}
        <h1 className="break-words font-semibold text-xl">{title}</h1>
        {children && <div className="mt-0.5 text-muted text-sm">{children}</div>}
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </header>
  );
}
