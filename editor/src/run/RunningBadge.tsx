/** How many of one's executions go on, and the way back to each. */
import { Activity } from "lucide-react";
import { useNavigate } from "react-router";
import { useRunning } from "@/api/execution";
import { useSession } from "@/api/session";
import { Button } from "@/ui/Button";
import { Menu } from "@/ui/Menu";
import { lookOf } from "@/ui/state";

/** The badge with its menu; nothing while nothing goes on. */
export function RunningBadge() {
  const navigate = useNavigate();
  const user = useSession().data;
  const running = useRunning(null, 10_000).data ?? [];
  // Whoever sees all executions still cares for their own here.
  const own = running.filter((it) => !it.owner || it.owner === user?.username);
  if (own.length === 0) return null;
  const count = own.length >= 20 ? "20+" : String(own.length);
  return (
    <Menu
      trigger={
        <Button small look="quiet" icon={Activity} className="lg:justify-start">
          {count}
          <span className="sr-only md:not-sr-only lg:group-data-compact/nav:sr-only">going on</span>
        </Button>
      }
      items={own.slice(0, 12).map((it) => {
        const look = lookOf(it.status);
        return {
          label: it.workflow_name,
          help: look.word,
          icon: look.icon,
          onSelect: () => void navigate(`/workflows/${it.workflow}?run=${it.id}`),
        };
      })}
    />
  );
}
