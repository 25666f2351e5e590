/** One menu for everything that can be done again; what does not apply says why. */
import { RotateCcw } from "lucide-react";
import type { Commands } from "@/run/useCommands";
import { Button } from "@/ui/Button";
import { Menu } from "@/ui/Menu";
import { type RetryChoice, type RetrySituation, retryChoices } from "./retryChoices";

interface RetryMenuProps {
  situation: RetrySituation;
  commands: Commands;
  /** Leads to the execution that was made. */
  onNew: (executionId: string) => void;
}

/** The menu; it is always there. */
export function RetryMenu({ situation, commands, onNew }: RetryMenuProps) {
  const choose = async ({ command, body, isNew }: RetryChoice) => {
    const answer = await commands.send(command, body);
    const made = answer?.execution_id ?? answer?.id;
    if (isNew && made) onNew(made);
  };
  const groups = Object.entries(retryChoices(situation));
  const busy = ["retry", "rerun", "time-travel"].includes(commands.busy ?? "");
  return (
    <Menu
      trigger={
        <Button small icon={RotateCcw} busy={busy}>
          Retry
        </Button>
      }
      items={groups.flatMap(([heading, choices], index) => [
        ...(index > 0 ? [null] : []),
        heading,
        ...choices.map((choice) => ({
          label: choice.label,
          help: choice.help,
          disabledReason: choice.disabledReason,
          onSelect: () => void choose(choice),
        })),
      ])}
    />
  );
}
