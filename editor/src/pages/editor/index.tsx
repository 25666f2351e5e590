/** The editor page. */
import { PageHeader, usePageTitle } from "@/ui/PageHeader";

/** The page. */
export default function Page() {
  usePageTitle("editor");
  return <PageHeader title="editor" />;
}
