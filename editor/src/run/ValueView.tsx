/** A value that may be large: what is there of it, its size, and the whole of it when asked for. */
import { Download } from "lucide-react";
import { useState } from "react";
import { call } from "@/api/call";
import { isPreview } from "@/execution/preview";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { CopyButton } from "@/ui/CopyButton";
import { JsonTree } from "@/ui/JsonTree";
import { messageOf } from "@/ui/placeholders";
import { saveText } from "@/ui/saveText";
import { bytesText } from "@/ui/time";

interface ValueViewProps {
  value: unknown;
  /** What it is, as "Output". */
  label: string;
  /** Where it stands in what its address answers. */
  field: string;
  /** What copied paths begin with. */
  prefix?: string;
  /** Name of the file it is saved as. */
  fileName?: string;
}

/** The value. */
export function ValueView(props: ValueViewProps) {
  const { value, label, field, prefix = "", fileName = `${field}.json` } = props;
  const [whole, setWhole] = useState<{ of: unknown; value: unknown } | null>(null);
  const shown = whole !== null && whole.of === value ? whole.value : value;
  if (shown === undefined) return <p className="text-muted text-sm">None.</p>;
  if (isPreview(shown)) {
    return (
      <Beginning
        preview={shown}
        field={field}
        onWhole={(it) => setWhole({ of: value, value: it })}
      />
    );
  }
  const text = typeof shown === "string" ? shown : JSON.stringify(shown, null, 2);
  return (
    <div>
      <div className="mb-1 flex items-center gap-1">
        <Badge>{bytesText(new Blob([text]).size)}</Badge>
        <span className="ml-auto" />
        <CopyButton text={text} label={`Copy ${label.toLowerCase()}`} />
        <Button small look="quiet" icon={Download} onClick={() => saveText(fileName, text)}>
          Download
        </Button>
      </div>
      <JsonTree value={shown} open={2} searchable={text.length > 500} prefix={prefix} />
    </div>
  );
}

interface BeginningProps {
  preview: { preview: string; bytes: number; href?: string };
  field: string;
  onWhole: (value: unknown) => void;
}

function Beginning({ preview, field, onWhole }: BeginningProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { href } = preview;
  const load = async () => {
    setBusy(true);
    setError(null);
    try {
      onWhole(await wholeAt(href ?? "", field));
    } catch (problem) {
      setError(messageOf(problem));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section>
      <div className="mb-1 flex flex-wrap items-center gap-2">
        <Badge tone="warning">{bytesText(preview.bytes)}</Badge>
        <span className="text-muted text-xs">
          Too large to show at once; this is its beginning.
        </span>
        {href && (
          <Button small busy={busy} onClick={() => void load()}>
            {`Load full (${bytesText(preview.bytes)})`}
          </Button>
        )}
      </div>
      {error && <p className="text-danger text-sm">{error}</p>}
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
        tabIndex={0}
        className="max-h-72 overflow-auto whitespace-pre-wrap break-all rounded border border-line p-2 text-xs"
      >
        {preview.preview}
      </pre>
    </section>
  );
}

/** Returns what stands at `field` of the answer of `href`, an address of this site. */
async function wholeAt(href: string, field: string): Promise<unknown> {
  const address = new URL(href, window.location.origin);
  if (address.origin !== window.location.origin) throw new Error("it is not on this site");
  const body = await call<unknown>("GET", address.pathname, {
    query: Object.fromEntries(address.searchParams),
  });
  return typeof body === "object" && body !== null && field in body
    ? (body as Record<string, unknown>)[field]
    : body;
}
