/** The execution page. */
import { PageHeader, usePageTitle } from "@/ui/PageHeader";

/** The page. */
export default function Page() {
  usePageTitle("execution");
  return <PageHeader title="execution" />;
}
