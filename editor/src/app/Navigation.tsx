/** The ways to the pages: a column at the side, or a bar at the top where the window is narrow. */
import {
  CalendarClock,
  ExternalLink,
  History,
  Inbox,
  KeyRound,
  LogOut,
  type LucideIcon,
  Moon,
  Settings,
  Sprout,
  Sun,
  SunMoon,
  UserRound,
  Workflow,
} from "lucide-react";
import { NavLink, useMatch } from "react-router";
import { useLogOut } from "@/api/session";
import { useWaitingCount } from "@/api/waiting";
import { RunningBadge } from "@/run/RunningBadge";
import { Button } from "@/ui/Button";
import { classNames } from "@/ui/classNames";
import { Menu } from "@/ui/Menu";
import { chooseTheme, useTheme } from "@/ui/theme";

interface Place {
  to: string;
  word: string;
  icon: LucideIcon;
}

const PLACES: Place[] = [
  { to: "/workflows", word: "Workflows", icon: Workflow },
  { to: "/executions", word: "Executions", icon: History },
  { to: "/inbox", word: "Inbox", icon: Inbox },
  { to: "/schedules", word: "Schedules", icon: CalendarClock },
  { to: "/connections", word: "Connections", icon: KeyRound },
  { to: "/settings", word: "Settings", icon: Settings },
];

const WORD = "sr-only md:not-sr-only lg:group-data-compact/nav:sr-only";

interface User {
  username: string;
  is_staff: boolean;
}

/** The navigation. */
export function Navigation({ user }: { user: User }) {
  const waiting = useWaitingCount();
  // The editor needs the width more than the words.
  const compact = useMatch("/workflows/:workflowId") !== null;
  return (
    <nav
      aria-label="Pages"
      data-compact={compact || undefined}
      className="group/nav flex shrink-0 items-center gap-1 border-line border-b bg-surface px-2 py-1.5 lg:w-44 lg:flex-col lg:items-stretch lg:border-r lg:border-b-0 lg:py-3 lg:data-compact:w-14"
    >
      <span className="hidden items-center gap-2 px-2 pb-3 font-semibold lg:flex">
        <Sprout aria-hidden className="size-5 text-state-completed" />
        <span className={WORD}>Celeriac</span>
      </span>
      <ul className="flex min-w-0 flex-1 gap-0.5 overflow-x-auto lg:flex-col lg:overflow-visible">
        {PLACES.map((place) => (
          <li key={place.to}>
            <WayTo place={place} count={place.to === "/inbox" ? waiting : 0} />
          </li>
        ))}
      </ul>
      <RunningBadge />
      <AccountMenu user={user} />
    </nav>
  );
}

function WayTo({ place: { to, word, icon: Icon }, count }: { place: Place; count: number }) {
  return (
    <NavLink
      to={to}
      className={({ isActive }) =>
        classNames(
          "relative flex items-center gap-2 rounded-md px-2.5 py-1.5 text-sm",
          isActive ? "bg-accent-soft font-medium text-accent" : "text-ink hover:bg-hover",
        )
      }
    >
      <Icon aria-hidden className="size-4 shrink-0" />
      <span className={WORD}>{word}</span>
      {count > 0 && (
        <span className="rounded-full bg-accent px-1.5 font-medium text-on-accent text-xs lg:ml-auto lg:group-data-compact/nav:-right-1 lg:group-data-compact/nav:-top-1 lg:group-data-compact/nav:absolute lg:group-data-compact/nav:px-1">
          {count > 99 ? "99+" : count}
          <span className="sr-only"> waiting for you</span>
        </span>
      )}
    </NavLink>
  );
}

function AccountMenu({ user }: { user: User }) {
  const theme = useTheme();
  const logOut = useLogOut();
  const mark = (chosen: string) => (theme === chosen ? "chosen" : undefined);
  return (
    <Menu
      trigger={
        <Button look="quiet" icon={UserRound} className="min-w-0 lg:justify-start">
          <span className={classNames("truncate", WORD)}>{user.username}</span>
        </Button>
      }
      items={[
        "Theme",
        {
          label: "As the system",
          icon: SunMoon,
          help: mark("system"),
          onSelect: () => chooseTheme("system"),
        },
        { label: "Light", icon: Sun, help: mark("light"), onSelect: () => chooseTheme("light") },
        { label: "Dark", icon: Moon, help: mark("dark"), onSelect: () => chooseTheme("dark") },
        null,
        ...(user.is_staff
          ? [
              {
                label: "Admin",
                icon: ExternalLink,
                onSelect: () => window.location.assign("/admin/"),
              },
            ]
          : []),
        {
          label: "API documentation",
          icon: ExternalLink,
          onSelect: () => window.location.assign("/api/docs/"),
        },
        null,
        {
          label: "Log out",
          icon: LogOut,
          onSelect: () =>
            logOut.mutate(undefined, { onSettled: () => window.location.assign("/login") }),
        },
      ]}
    />
  );
}
