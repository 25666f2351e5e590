/** What a source comes to with the values of the last run, or what is wrong with it. */
import { type Standing, usePreview } from "@/api/authoring";
import { typeWords } from "@/schema/shapes";
import { useAuthoring, useSettled } from "../Authoring";

interface PreviewLineProps {
  standing: Standing;
  what: { source?: unknown; condition?: string };
  /** The text that positions of errors count in. */
  text: string;
  enabled: boolean;
  /** What is said about the place already. */
  said: readonly string[];
  id?: string;
}

const TYPED_MS = 400;
const SHOWN = 300;

/** One line below a field; nothing where there is nothing to tell. */
export function PreviewLine({ standing, what, text, enabled, said, id }: PreviewLineProps) {
  const { document, version, executionId } = useAuthoring();
  const asked = useSettled(JSON.stringify(what), TYPED_MS);
  const settled = asked === JSON.stringify(what);
  const { data } = usePreview(
    document,
    version,
    standing,
    JSON.parse(asked),
    executionId,
    enabled && text.trim() !== "",
  );
  if (!data || !enabled || text.trim() === "") return null;
  if (data.error) {
    const { message } = data.error;
    // The compiler says where, too.
    const isSaid = said.some((one) => one.startsWith(message));
    return (
      <div id={id} className={`text-danger text-xs ${settled ? "" : "opacity-60"}`}>
        {!isSaid && <p>{message}</p>}
        {data.error.position !== null && <Culprit text={text} position={data.error.position} />}
        {data.error.fix && said.length === 0 && <p className="text-muted">{data.error.fix}</p>}
      </div>
    );
  }
  return (
    <p id={id} className={`truncate text-muted text-xs ${settled ? "" : "opacity-60"}`}>
      {data.evaluated ? (
        data.type === "missing" ? (
          "Not there in the last run: the field would be left out."
        ) : (
          <>
            Last run: <code className="text-ink">{shown(data.value, data.truncated)}</code>
          </>
        )
      ) : (
        data.schema !== null && `Gives ${typeWords(data.schema)}`
      )}
    </p>
  );
}

/** The text with its culprit underlined. */
function Culprit({ text, position }: { text: string; position: number }) {
  const start = Math.min(position, text.length);
  const word = /^(\w+|.)?/s.exec(text.slice(start))?.[0] ?? "";
  return (
    <code aria-hidden className="block whitespace-pre-wrap break-all text-ink">
      {text.slice(Math.max(0, start - 40), start)}
      <span className="text-danger underline decoration-wavy">{word || " ␣"}</span>
      {text.slice(start + word.length, start + 40)}
    </code>
  );
}

function shown(value: unknown, truncated: boolean): string {
  const text = truncated && typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text.length > SHOWN || truncated ? `${text.slice(0, SHOWN)}…` : text;
}
