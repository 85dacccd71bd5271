import { memo } from 'react';
import { text } from '../text/text.ts';
import { Disclosure } from './disclosure.tsx';

export const Counted = memo(function Counted() {
  return (
    <div className="mt-4">
      <Disclosure title={text.counted.title}>
        <div className="grid max-w-prose gap-2 pt-2 pl-5 text-sm text-muted">
          {text.counted.paragraphs.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </div>
      </Disclosure>
    </div>
  );
});
