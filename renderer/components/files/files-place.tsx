import { useEffect, useState } from 'react';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { DropOverlay } from './drop-overlay.tsx';
import { FilesAnswer } from './files-answer.tsx';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** Somebody writes there, and pastes for that. */
const isWriting = (target: EventTarget | null): boolean => target instanceof HTMLElement && (target.isContentEditable || target.closest('input, textarea, select') !== null);

/** Takes files that are dropped or pasted anywhere on the page, and shows which model is right for them. */
export function FilesPlace() {
  const files = useDashboard((state) => state.files);
  const { askForFiles } = useActions();
  const [over, setOver] = useState(false);

  useEffect(() => {
    const drag = (event: DragEvent) => {
      if (event.defaultPrevented || !hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      // Out of the window: between two elements there is always another one.
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      // A place of its own may have taken them.
      if (event.defaultPrevented || !hasFiles(event)) return;
      event.preventDefault();
      askForFiles([...(event.dataTransfer?.files ?? [])]);
    };
    const paste = (event: ClipboardEvent) => {
      const pasted = [...(event.clipboardData?.files ?? [])];
      if (event.defaultPrevented || pasted.length === 0 || isWriting(event.target)) return;
      event.preventDefault();
      askForFiles(pasted);
    };
    const end = () => setOver(false);
    window.addEventListener('dragover', drag);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    window.addEventListener('dragend', end);
    window.addEventListener('paste', paste);
    return () => {
      window.removeEventListener('dragover', drag);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
      window.removeEventListener('dragend', end);
      window.removeEventListener('paste', paste);
    };
  }, [askForFiles]);

  return (
    <>
      {files !== null && files.length > 0 && <FilesAnswer files={files} />}
      {over && <DropOverlay />}
    </>
  );
}
