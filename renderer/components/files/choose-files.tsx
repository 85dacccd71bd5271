import { useRef } from 'react';
import { useActions } from '../../store/dashboard.tsx';
import { useFilesText } from '../../text/files.ts';
import { Button } from '../button.tsx';

/** For those who drop nothing: a dialog of the system. */
export function ChooseFiles() {
  const words = useFilesText();
  const { askForFiles } = useActions();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="card flex flex-wrap items-center justify-between gap-x-4 gap-y-2 p-4 sm:px-5">
      <div className="min-w-0 flex-[1_1_16rem]">
        <h2 className="font-semibold">{words.chooseTitle}</h2>
        <p className="text-[13px] text-muted">{words.chooseHint}</p>
      </div>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          const chosen = [...(event.target.files ?? [])];
          // The same files may be chosen again.
          event.target.value = '';
          if (chosen.length > 0) askForFiles(chosen);
        }}
      />
      <Button onClick={() => input.current?.click()}>{words.choose}</Button>
    </div>
  );
}
