/** The connections page. */
import { PageHeader, usePageTitle } from "@/ui/PageHeader";

/** The page. */
export default function Page() {
  usePageTitle("connections");
  return <PageHeader title="connections" />;
}
