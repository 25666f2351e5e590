/** What an address without a page shows. */
import { Compass } from "lucide-react";
import { Link } from "react-router";
import { usePageTitle } from "./PageHeader";
import { EmptyState } from "./placeholders";

/** The page of addresses that lead nowhere. */
export function NotFound() {
  usePageTitle("Not found");
  return (
    <EmptyState icon={Compass} title="There is nothing at this address">
      It may have been deleted, or it belongs to somebody else.{" "}
      <Link to="/workflows" className="text-accent underline">
        Go to the workflows
      </Link>
    </EmptyState>
  );
}
