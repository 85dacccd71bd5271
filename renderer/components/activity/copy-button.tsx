import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { text } from '../../text/text.ts';
import { copyText } from '../../view/copy-text.ts';

/** How long a copy is confirmed. */
const confirmedMs = 2_000;

/** Copies, and knows for a moment that it did. `onRefused` gets the text where there is no clipboard. */
export function useCopy(onRefused: (words: string) => void) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), confirmedMs);
    return () => clearTimeout(timer);
  }, [copied]);
  return {
    copied,
    copy: (words: string) =>
      void copyText(words, window).then((done) => {
        setCopied(done);
        if (!done) onRefused(words);
      }),
  };
}

export function CopyIcon({ copied }: { copied: boolean }) {
  return copied ? <Check className="size-4" aria-hidden="true" /> : <Copy className="size-4" aria-hidden="true" />;
}

/** Copies one sentence. */
export function CopyButton({ words, line, onRefused }: { words: string; line: string; onRefused: (words: string) => void }) {
  const { copied, copy } = useCopy(onRefused);
  return (
    <button
      type="button"
      aria-label={text.activity.copyNamed(words)}
      title={copied ? text.activity.copied : text.activity.copy}
      className="grid size-8 shrink-0 place-items-center rounded-lg text-muted group-focus-within:opacity-100 group-hover:opacity-100 hover:bg-sunken hover:text-ink pointer-fine:opacity-0"
      onClick={() => copy(line)}
    >
      <CopyIcon copied={copied} />
    </button>
  );
}
