/** The login page. */
import { PageHeader, usePageTitle } from "@/ui/PageHeader";

/** The page. */
export default function Page() {
  usePageTitle("login");
  return <PageHeader title="login" />;
}
