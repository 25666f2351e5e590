/** The versions page. */
import { PageHeader, usePageTitle } from "@/ui/PageHeader";

/** The page. */
export default function Page() {
  usePageTitle("versions");
  return <PageHeader title="versions" />;
}
