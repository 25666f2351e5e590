/** The schedules page. */
import { PageHeader, usePageTitle } from "@/ui/PageHeader";

/** The page. */
export default function Page() {
  usePageTitle("schedules");
  return <PageHeader title="schedules" />;
}
