import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { text } from '../text/text.ts';

/** A command to type elsewhere, with a button that copies it. */
export function Command({ command }: { command: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);

  // Without a secure context (plain HTTP to another host) there is no clipboard; the text can still be selected.
  const clipboard = window.isSecureContext ? navigator.clipboard : undefined;
  return (
    <div className="flex min-h-9 items-center gap-2 rounded-lg bg-sunken pr-1 pl-3">
      <code className="min-w-0 grow py-1.5 font-mono text-[13px] break-all">{command}</code>
      {clipboard !== undefined && (
        <button
          type="button"
          aria-label={text.common.copyNamed(command)}
          title={copied ? text.common.copied : text.common.copy}
          className="grid size-7 shrink-0 place-items-center rounded-md text-muted hover:text-ink"
          onClick={() => void clipboard.writeText(command).then(() => setCopied(true), () => setCopied(false))}
        >
          {copied ? <Check className="size-4" aria-hidden="true" /> : <Copy className="size-4" aria-hidden="true" />}
        </button>
      )}
    </div>
  );
}
