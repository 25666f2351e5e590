/** The workflows page. */
import { PageHeader, usePageTitle } from "@/ui/PageHeader";

/** The page. */
export default function Page() {
  usePageTitle("workflows");
  return <PageHeader title="workflows" />;
}
