/** The inbox page. */
import { PageHeader, usePageTitle } from "@/ui/PageHeader";

/** The page. */
export default function Page() {
  usePageTitle("inbox");
  return <PageHeader title="inbox" />;
}
