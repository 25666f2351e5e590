/** The settings page. */
import { PageHeader, usePageTitle } from "@/ui/PageHeader";

/** The page. */
export default function Page() {
  usePageTitle("settings");
  return <PageHeader title="settings" />;
}
