/** The history page. */
import { PageHeader, usePageTitle } from "@/ui/PageHeader";

/** The page. */
export default function Page() {
  usePageTitle("history");
  return <PageHeader title="history" />;
}
