import { text } from '../../text/text.ts';
import { Button } from '../button.tsx';
import { Notice } from '../notice.tsx';

/** There is no clipboard here: the text to be copied by hand. */
export function CopyRefused({ words, onClose }: { words: string; onClose: () => void }) {
  return (
    <div className="mb-3">
      <Notice
        look="warn"
        role="alert"
        actions={
          <Button look="quiet" onClick={onClose}>
            {text.common.dismiss}
          </Button>
        }
      >
        <p>{text.activity.copyRefused}</p>
        <textarea
          readOnly
          aria-label={text.activity.copyText}
          value={words}
          rows={Math.min(8, words.split('\n').length)}
          autoFocus
          onFocus={(event) => event.target.select()}
          className="mt-2 w-full rounded-lg border border-line-strong bg-surface p-2 font-mono text-[13px]"
        />
      </Notice>
    </div>
  );
}
