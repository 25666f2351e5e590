/** Settings: the account, how things look, how programs get in, and how the site is. */
import { CircleCheck, CircleX, ExternalLink } from "lucide-react";
import type { ReactNode } from "react";
import { useHealth } from "@/api/health";
import { useSession } from "@/api/session";
import { Badge } from "@/ui/Badge";
import { CopyButton } from "@/ui/CopyButton";
import { PageHeader, usePageTitle } from "@/ui/PageHeader";
import { messageOf, Skeleton } from "@/ui/placeholders";
import { useNow } from "@/ui/Time";
import { chooseTheme, type Theme, useTheme } from "@/ui/theme";
import { absoluteTime } from "@/ui/time";
import { chooseZone, useTimeZone, useZoneChoice, type ZoneChoice } from "@/ui/timeZone";
import { Choice } from "./Choice";

/** The page. */
export default function SettingsPage() {
  usePageTitle("Settings");
  return (
    <>
      <PageHeader title="Settings" />
      <div className="flex max-w-3xl flex-col gap-4 px-4 pb-8 sm:px-6">
        <Account />
        <Looks />
        <Tokens />
        <Places />
        <Health />
      </div>
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section
      aria-label={title}
      className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4 text-sm"
    >
      <h2 className="font-semibold text-base">{title}</h2>
      {children}
    </section>
  );
}

function Account() {
  const { data: user } = useSession();
  return (
    <Section title="Account">
      <p className="flex flex-wrap items-center gap-2">
        <span className="font-medium">{user?.username}</span>
        {user?.is_superuser ? (
          <Badge tone="accent">superuser: sees everything</Badge>
        ) : (
          user?.is_staff && <Badge>staff</Badge>
        )}
      </p>
      {user?.is_staff ? (
        <p>
          <Out href="/admin/password_change/">Change your password</Out>
        </p>
      ) : (
        <p className="text-muted">Whoever runs this site can change your password.</p>
      )}
    </Section>
  );
}

const THEMES: Record<Theme, string> = { system: "As the system", light: "Light", dark: "Dark" };
const ZONES: Record<ZoneChoice, string> = { local: "This browser's zone", utc: "UTC" };

function Looks() {
  const theme = useTheme();
  const zone = useZoneChoice();
  const now = useNow(1);
  const shown = absoluteTime(new Date(now).toISOString(), useTimeZone());
  return (
    <Section title="Looks">
      <Choice name="Theme" value={theme} options={THEMES} onChange={chooseTheme} />
      <Choice name="Times" value={zone} options={ZONES} onChange={chooseZone} />
      <p className="text-muted">{`It is ${shown}. Times are shown from now, and exactly on hover.`}</p>
    </Section>
  );
}

function Tokens() {
  const { data: user } = useSession();
  const command = `manage.py create_token ${user?.username ?? "NAME"} --days 30`;
  return (
    <Section title="Tokens for programs">
      <p>
        A program gets in with a token. Whoever runs this site makes one with this command, which
        shows it once; only its hash is kept.
      </p>
      <p className="flex items-center gap-2">
        <code className="break-all rounded bg-hover px-2 py-1">{command}</code>
        <CopyButton text={command} label="Copy the command" />
      </p>
    </Section>
  );
}

function Places() {
  const { data: user } = useSession();
  return (
    <Section title="Elsewhere">
      <ul className="flex flex-col gap-1">
        <li>
          <Out href="/api/docs/">Documentation of the API</Out>
        </li>
        {user?.is_staff && (
          <li>
            <Out href="/admin/">Admin: accounts, groups, and all that is stored</Out>
          </li>
        )}
      </ul>
    </Section>
  );
}

function Health() {
  const health = useHealth();
  return (
    <Section title="How the site is">
      {health.error ? (
        <p role="alert" className="text-danger">
          {messageOf(health.error)}
        </p>
      ) : !health.data ? (
        <Skeleton lines={2} />
      ) : (
        <ul className="flex flex-col gap-1">
          {Object.entries(health.data.parts).map(([part, state]) => {
            const works = state === "ok";
            const Icon = works ? CircleCheck : CircleX;
            return (
              <li key={part} className="flex items-center gap-2">
                <Icon
                  aria-hidden
                  className={`size-4 ${works ? "text-state-completed" : "text-danger"}`}
                />
                {`${PART_WORDS[part] ?? part}: ${works ? "works" : "does not answer"}`}
              </li>
            );
          })}
        </ul>
      )}
    </Section>
  );
}

const PART_WORDS: Record<string, string> = { database: "Database", redis: "Redis" };

function Out({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} className="inline-flex items-center gap-1 text-accent underline">
      {children}
      <ExternalLink aria-hidden className="size-3.5" />
    </a>
  );
}
