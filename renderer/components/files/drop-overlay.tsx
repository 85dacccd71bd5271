import { FileQuestionMark } from 'lucide-react';
import { useFilesText } from '../../text/files.ts';

/** Over the page while files are held above it. It lets everything through, so that what is below goes on telling where they are. */
export function DropOverlay() {
  const words = useFilesText();
  return (
    <div data-drop className="pointer-events-none fixed inset-0 z-50 grid place-items-center bg-scrim p-4">
      <div className="card grid w-full max-w-105 justify-items-center gap-3 border-2 border-dashed border-accent px-6 py-10 text-center">
        <span className="grid size-14 place-items-center rounded-2xl bg-accent-soft text-accent">
          <FileQuestionMark className="size-7" aria-hidden="true" />
        </span>
        <p className="text-lg font-semibold">{words.drop}</p>
        <p className="max-w-80 text-sm text-muted">{words.dropHint}</p>
      </div>
    </div>
  );
}
