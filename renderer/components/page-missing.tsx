import { text } from '../text/text.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

/** The files of a page did not come: Airdock has ended, or is another version by now. */
export function PageMissing() {
  return (
    <Notice look="bad" role="alert" actions={<Button onClick={() => window.location.reload()}>{text.pageMissing.reload}</Button>}>
      <p className="font-medium">{text.pageMissing.title}</p>
      <p className="mt-0.5 text-muted">{text.pageMissing.hint}</p>
    </Notice>
  );
}
